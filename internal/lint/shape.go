package lint

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
)

// Limits of files and functions, in lines. House style aims at 600 and 70.
const (
	fileLinesMax     = 1000
	functionLinesMax = 100
)

// longFunctionsShare is the share of functions that may be longer than functionLinesMax: tables in
// disguise and the like.
const longFunctionsShare = 0.01

// vagueNames are file names that say nothing about what is inside.
var vagueNames = []string{"util.go", "utils.go", "helpers.go", "helper.go", "common.go", "misc.go"}

// checkFileSize is the rule "file-size".
func checkFileSize(rule string, t *Tree) []Finding {
	var out []Finding
	for _, f := range t.Files {
		if f.Lines > fileLinesMax && !f.Generated {
			out = append(out, Finding{rule, f.Path, fmt.Sprintf("has %d lines, at most %d", f.Lines, fileLinesMax)})
		}
	}
	return out
}

// checkFunctionSize is the rule "function-size". It reports only when more functions than the allowed
// share are too long, and then all of them, longest first.
func checkFunctionSize(rule string, t *Tree) []Finding {
	type long struct {
		decl  *ast.FuncDecl
		lines int
	}
	functions, found := 0, []long{}
	for _, f := range t.Files {
		if f.Test || f.Generated {
			continue
		}
		for _, d := range f.Syntax.Decls {
			decl, ok := d.(*ast.FuncDecl)
			if !ok || decl.Body == nil {
				continue
			}
			functions++
			lines := t.Fset.Position(decl.End()).Line - t.Fset.Position(decl.Pos()).Line + 1
			if lines > functionLinesMax {
				found = append(found, long{decl, lines})
			}
		}
	}
	if float64(len(found)) <= longFunctionsShare*float64(functions) {
		return nil
	}
	slices.SortStableFunc(found, func(a, b long) int { return b.lines - a.lines })
	var out []Finding
	for _, l := range found {
		out = append(out, t.at(rule, l.decl, "%s has %d lines; %d of %d functions have more than %d",
			l.decl.Name.Name, l.lines, len(found), functions, functionLinesMax))
	}
	return out
}

// checkFileName is the rule "file-name".
func checkFileName(rule string, t *Tree) []Finding {
	var out []Finding
	for _, f := range t.Files {
		if slices.Contains(vagueNames, path.Base(f.Path)) {
			out = append(out, Finding{rule, f.Path, "is named after nothing: name it after its subject"})
		}
	}
	return out
}
