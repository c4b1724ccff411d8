package lint

import (
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Tree is a module's parsed Go files.
type Tree struct {
	Module string // import path
	Fset   *token.FileSet
	Files  []*File
}

// File is one Go file.
type File struct {
	Path      string // relative to the module, with slashes
	Package   string // folder of Path; "." is the module's root
	Test      bool   // *_test.go
	Generated bool   // has the standard header of generated code
	Lines     int
	Syntax    *ast.File
}

// Finding is one place that breaks a rule.
type Finding struct {
	Rule, Where, What string
}

// String is one line, with the place first.
func (f Finding) String() string { return fmt.Sprintf("%s: %s (%s)", f.Where, f.What, f.Rule) }

// Load parses the Go files below the root of fsys, but those of nested modules, of folders named
// testdata or vendor, of folders that begin with a dot or an underscore, and of the build tag tools.
func Load(module string, fsys fs.FS) (*Tree, error) {
	t := &Tree{Module: module, Fset: token.NewFileSet()}
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return skipDir(fsys, p, d.Name())
		}
		if !strings.HasSuffix(p, ".go") {
			return nil
		}
		return t.add(fsys, p)
	})
	return t, err
}

// skipDir is fs.SkipDir for folders that Load leaves out.
func skipDir(fsys fs.FS, p, name string) error {
	if p == "." {
		return nil
	}
	if name == "testdata" || name == "vendor" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") {
		return fs.SkipDir
	}
	if _, err := fs.Stat(fsys, path.Join(p, "go.mod")); err == nil {
		return fs.SkipDir
	}
	return nil
}

// add parses one file.
func (t *Tree) add(fsys fs.FS, p string) error {
	src, err := fs.ReadFile(fsys, p)
	if err != nil {
		return err
	}
	syntax, err := parser.ParseFile(t.Fset, p, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return fmt.Errorf("parse %s: %w", p, err)
	}
	if hasToolsTag(syntax) {
		return nil
	}
	t.Files = append(t.Files, &File{
		Path:      p,
		Package:   path.Dir(p),
		Test:      strings.HasSuffix(p, "_test.go"),
		Generated: ast.IsGenerated(syntax),
		Lines:     strings.Count(string(src), "\n"),
		Syntax:    syntax,
	})
	return nil
}

// hasToolsTag tells whether the file is built with the tag tools only: such files pin dependencies.
func hasToolsTag(f *ast.File) bool {
	for _, group := range f.Comments {
		if group.Pos() > f.Package {
			break
		}
		for _, c := range group.List {
			expr, err := constraint.Parse(c.Text)
			if tag, ok := expr.(*constraint.TagExpr); err == nil && ok && tag.Tag == "tools" {
				return true
			}
		}
	}
	return false
}

// at is a finding of the rule at a node of the tree.
func (t *Tree) at(rule string, n ast.Node, format string, args ...any) Finding {
	p := t.Fset.Position(n.Pos())
	return Finding{Rule: rule, Where: fmt.Sprintf("%s:%d", p.Filename, p.Line), What: fmt.Sprintf(format, args...)}
}

// packages gives the non-test files of each package.
func (t *Tree) packages() map[string][]*File {
	m := map[string][]*File{}
	for _, f := range t.Files {
		if !f.Test {
			m[f.Package] = append(m[f.Package], f)
		}
	}
	return m
}

// has says whether there is a file of that path.
func (t *Tree) has(name string) bool {
	return slices.ContainsFunc(t.Files, func(f *File) bool { return f.Path == name })
}
