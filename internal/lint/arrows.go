package lint

import (
	_ "embed"
	"fmt"
	"go/ast"
	"slices"
	"strconv"
	"strings"
)

//go:embed arrows.txt
var arrowsText string

// guardedStd are the standard packages that only packages with a +NAME in the map import: files are
// opened through internal/vfs, and queries are planned without looking at the machine.
var guardedStd = []string{"os"}

// cgoPackages are the only packages with C of our own: cgo makes builds and crossings slow, and a
// package with cgo cannot hold Go assembly.
var cgoPackages = []string{"index/distance/simd"}

// arrow is one line of the map.
type arrow struct {
	from    string
	to      []string
	allowed []string // guarded standard packages
}

// parseArrows reads the map; the second result is what every package may import.
func parseArrows(text string) (arrows []arrow, everywhere []string, err error) {
	for n, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		if strings.TrimSpace(line) == "" {
			continue
		}
		from, to, ok := strings.Cut(line, "->")
		if !ok {
			return nil, nil, fmt.Errorf("line %d: no arrow", n+1)
		}
		a := arrow{from: strings.TrimSpace(from)}
		for _, word := range strings.Fields(to) {
			if std, ok := strings.CutPrefix(word, "+"); ok {
				a.allowed = append(a.allowed, std)
			} else {
				a.to = append(a.to, word)
			}
		}
		if a.from == "*" {
			everywhere = a.to
		} else {
			arrows = append(arrows, a)
		}
	}
	return arrows, everywhere, nil
}

// matches tells whether a package is meant by a name of the map.
func matches(name, pkg string) bool {
	if name == "*" || name == pkg {
		return true
	}
	prefix, ok := strings.CutSuffix(name, "*")
	return ok && strings.HasPrefix(pkg, prefix)
}

// find is the line for a package: its own, or else the one with the longest name before a star.
func find(arrows []arrow, pkg string) *arrow {
	var best *arrow
	for i := range arrows {
		a := &arrows[i]
		if a.from == pkg {
			return a
		}
		if matches(a.from, pkg) && (best == nil || len(a.from) > len(best.from)) {
			best = a
		}
	}
	return best
}

// checkArrows is the rule "arrows" with the map of this module. Tests may import what they like.
func checkArrows(rule string, t *Tree) []Finding {
	arrows, everywhere, err := parseArrows(arrowsText)
	if err != nil {
		return []Finding{{rule, "internal/lint/arrows.txt", err.Error()}}
	}
	var out []Finding
	for pkg, files := range t.packages() {
		a := find(arrows, pkg)
		if a == nil {
			out = append(out, Finding{rule, pkg, "is not in the map: decide what it may import and add a line to internal/lint/arrows.txt"})
			continue
		}
		for _, f := range files {
			out = append(out, t.checkImports(rule, f, a, everywhere)...)
		}
	}
	slices.SortFunc(out, func(a, b Finding) int { return strings.Compare(a.Where, b.Where) })
	return out
}

// errorsOnly tells whether a file uses nothing of a package but its sentinel errors.
func errorsOnly(f *File, pkg string) bool {
	only := true
	ast.Inspect(f.Syntax, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok && isPackage(sel.X, pkg) && !strings.HasPrefix(sel.Sel.Name, "Err") {
			only = false
		}
		return only
	})
	return only
}

// checkImports looks at the imports of one file of a package with the line a.
func (t *Tree) checkImports(rule string, f *File, a *arrow, everywhere []string) []Finding {
	var out []Finding
	allowed := append(slices.Clone(a.to), everywhere...)
	for _, spec := range f.Syntax.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			out = append(out, t.at(rule, spec, "import path %s: %v", spec.Path.Value, err))
			continue
		}
		rel, ours := strings.CutPrefix(p, t.Module+"/")
		may := func(name string) bool { return matches(name, rel) }
		switch {
		case ours && !slices.ContainsFunc(allowed, may):
			out = append(out, t.at(rule, spec, "%s may not import %s: %q in internal/lint/arrows.txt", f.Package, rel, a.from))
		case slices.Contains(guardedStd, p) && !slices.Contains(a.allowed, p) && !errorsOnly(f, p):
			out = append(out, t.at(rule, spec, "%s may not import %q: files are opened through internal/vfs", f.Package, p))
		case p == "C" && !slices.Contains(cgoPackages, f.Package):
			out = append(out, t.at(rule, spec, "%s may not use cgo: C of our own is in %v", f.Package, cgoPackages))
		}
	}
	return out
}
