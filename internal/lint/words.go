package lint

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Words of a package's doc.
const (
	docWordsMin = 30
	docWordsMax = 300
)

// exportedDocShare is the share of exported names that must have a comment.
const exportedDocShare = 0.95

// docFile is a file of the package in its doc.
var docFile = regexp.MustCompile(`(?:^|[\s(])(\w+\.go)\b`)

// checkPackageDoc is the rule "package-doc": the comment stands before the package clause of doc.go (of
// main.go in a command), names the package and only files that are there, and has a sensible length.
func checkPackageDoc(rule string, t *Tree) []Finding {
	var out []Finding
	for pkg, files := range t.packages() {
		var docs []*File
		for _, f := range files {
			if f.Syntax.Doc != nil {
				docs = append(docs, f)
			}
		}
		if len(docs) != 1 {
			out = append(out, Finding{rule, pkg, fmt.Sprintf("has %d package comments, want one in doc.go", len(docs))})
			continue
		}
		f := docs[0]
		text, base := f.Syntax.Doc.Text(), path.Base(f.Path)
		command := f.Syntax.Name.Name == "main"
		if base != "doc.go" && (!command || base != "main.go") {
			out = append(out, Finding{rule, f.Path, "has the package comment, which belongs in doc.go"})
		}
		for _, m := range docFile.FindAllStringSubmatch(text, -1) {
			if name := path.Join(pkg, m[1]); !t.has(name) {
				out = append(out, Finding{rule, f.Path, "names the file " + name + ", which is not there"})
			}
		}
		if !command && !strings.HasPrefix(text, "Package "+f.Syntax.Name.Name+" ") {
			out = append(out, Finding{rule, f.Path, "package comment does not begin with Package " + f.Syntax.Name.Name})
		}
		if n := len(strings.Fields(text)); n < docWordsMin || n > docWordsMax {
			out = append(out, Finding{rule, f.Path, fmt.Sprintf("package comment has %d words, want %d to %d", n, docWordsMin, docWordsMax)})
		}
	}
	slices.SortFunc(out, func(a, b Finding) int { return strings.Compare(a.Where, b.Where) })
	return out
}

// checkExportedDoc is the rule "exported-doc". It reports only when the share is missed.
func checkExportedDoc(rule string, t *Tree) []Finding {
	names, bare := 0, []Finding{}
	for _, f := range t.Files {
		if f.Test || f.Generated {
			continue
		}
		for _, d := range f.Syntax.Decls {
			exportedNames(d, func(id *ast.Ident, documented bool) {
				names++
				if !documented {
					bare = append(bare, t.at(rule, id, "%s has no comment", id.Name))
				}
			})
		}
	}
	if float64(len(bare)) <= (1-exportedDocShare)*float64(names) {
		return nil
	}
	return bare
}

// exportedNames calls f for each exported name that a declaration makes on package level, but methods of
// unexported types. A comment on a group of constants or variables stands for its members.
func exportedNames(d ast.Decl, f func(id *ast.Ident, documented bool)) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && (d.Recv == nil || exportedReceiver(d.Recv)) {
			f(d.Name, d.Doc != nil)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() {
					f(s.Name, s.Doc != nil || s.Comment != nil || d.Doc != nil)
				}
			case *ast.ValueSpec:
				for _, id := range s.Names {
					if id.IsExported() {
						f(id, s.Doc != nil || s.Comment != nil || d.Doc != nil)
					}
				}
			}
		}
	}
}

// exportedReceiver tells whether a method's type is exported.
func exportedReceiver(recv *ast.FieldList) bool {
	expr := recv.List[0].Type
	for {
		switch e := expr.(type) {
		case *ast.StarExpr:
			expr = e.X
		case *ast.IndexExpr:
			expr = e.X
		case *ast.IndexListExpr:
			expr = e.X
		case *ast.Ident:
			return e.IsExported()
		default:
			return false
		}
	}
}

// checkBareGo is the rule "bare-go". Tests start goroutines as they like: their panics should be seen.
func checkBareGo(rule string, t *Tree) []Finding {
	return t.inspect(func(f *File) bool { return !f.Test && f.Package != "internal/guard" },
		func(n ast.Node) []Finding {
			if g, ok := n.(*ast.GoStmt); ok {
				return []Finding{t.at(rule, g, "goroutine without a guard: start it with guard.Go or a guard.Group")}
			}
			return nil
		})
}

// checkPanicText is the rule "panic-text": a panic with a text, or one formatted on the spot, is a check
// of an invariant in disguise. Passing an error on is allowed.
func checkPanicText(rule string, t *Tree) []Finding {
	return t.inspect(func(f *File) bool { return !f.Test && f.Package != "internal/invariants" },
		func(n ast.Node) []Finding {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 1 {
				return nil
			}
			if id, ok := call.Fun.(*ast.Ident); !ok || id.Name != "panic" {
				return nil
			}
			if !isText(call.Args[0]) {
				return nil
			}
			return []Finding{t.at(rule, call, "panic with a text: use invariants.Check or return an error")}
		})
}

// isText tells whether an expression is a string literal, a concatenation, or fmt.Sprint and the like.
func isText(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return e.Kind == token.STRING
	case *ast.BinaryExpr:
		return isText(e.X) || isText(e.Y)
	case *ast.CallExpr:
		sel, ok := e.Fun.(*ast.SelectorExpr)
		return ok && isPackage(sel.X, "fmt") && strings.HasPrefix(sel.Sel.Name, "Sprint")
	}
	return false
}

// isPackage tells whether an expression is the name of an imported package.
func isPackage(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

// checkPrint is the rule "print".
func checkPrint(rule string, t *Tree) []Finding {
	command := func(f *File) bool {
		return f.Test || f.Syntax.Name.Name == "main" || strings.HasPrefix(f.Package, "cmd/")
	}
	return t.inspect(func(f *File) bool { return !command(f) }, func(n ast.Node) []Finding {
		sel, ok := n.(*ast.SelectorExpr)
		if ok && isPackage(sel.X, "fmt") && strings.HasPrefix(sel.Sel.Name, "Print") {
			return []Finding{t.at(rule, sel, "fmt.%s outside of a command", sel.Sel.Name)}
		}
		return nil
	})
}

// checkSleep is the rule "sleep".
func checkSleep(rule string, t *Tree) []Finding {
	return t.inspect(func(f *File) bool { return f.Test }, func(n ast.Node) []Finding {
		sel, ok := n.(*ast.SelectorExpr)
		if ok && isPackage(sel.X, "time") && sel.Sel.Name == "Sleep" {
			return []Finding{t.at(rule, sel, "time.Sleep in a test: wait for the event, or use testing/synctest")}
		}
		return nil
	})
}

// openEnd finds the marks of unfinished work at the beginning of a comment's line.
var openEnd = regexp.MustCompile(`(?m)^(//|/\*)?\s*(TODO|FIXME|XXX|HACK)\b`)

// checkOpenEnds is the rule "open-ends".
func checkOpenEnds(rule string, t *Tree) []Finding {
	var out []Finding
	for _, f := range t.Files {
		for _, group := range f.Syntax.Comments {
			for _, c := range group.List {
				if openEnd.MatchString(c.Text) {
					out = append(out, t.at(rule, c, "unfinished work in a comment"))
				}
			}
		}
	}
	return out
}

// inspect calls f for each node of the chosen files.
func (t *Tree) inspect(chosen func(*File) bool, f func(ast.Node) []Finding) []Finding {
	var out []Finding
	for _, file := range t.Files {
		if !chosen(file) {
			continue
		}
		ast.Inspect(file.Syntax, func(n ast.Node) bool {
			if n != nil {
				out = append(out, f(n)...)
			}
			return true
		})
	}
	return out
}
