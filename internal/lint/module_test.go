package lint_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/vecdb/vecdb/internal/lint"
)

// TestModule runs every rule on this module.
func TestModule(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	tree, err := lint.Load("github.com/vecdb/vecdb", os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	if len(tree.Files) < 50 {
		t.Fatalf("found %d files below %s: is that the module?", len(tree.Files), root)
	}
	for _, rule := range lint.Rules {
		t.Run(rule.Name, func(t *testing.T) {
			for _, f := range rule.Check(rule.Name, tree) {
				t.Error(f)
			}
			if t.Failed() {
				t.Log("why: " + rule.Why)
			}
		})
	}
}

// TestDependencies compares the table in docs/dependencies.md with the direct ones in go.mod.
func TestDependencies(t *testing.T) {
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := os.ReadFile("../../docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	direct := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\t(\S+) v\S+$`).FindAllStringSubmatch(string(mod), -1) {
		direct[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`(?m)^\| (\S+/\S+) \|`).FindAllStringSubmatch(string(doc), -1) {
		if !direct[m[1]] {
			t.Errorf("docs/dependencies.md has %s, go.mod does not", m[1])
		}
		delete(direct, m[1])
	}
	for name := range direct {
		t.Errorf("go.mod has %s, docs/dependencies.md does not say what for", name)
	}
}

// TestMapNamesPackages: a line of the map that no package has any more would let a new one of that name in.
func TestMapNamesPackages(t *testing.T) {
	text, err := os.ReadFile("arrows.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?m)^([a-z/]+)\s+->`).FindAllSubmatch(text, -1) {
		files, err := filepath.Glob(filepath.Join("../..", string(m[1]), "*.go"))
		if err != nil || len(files) == 0 {
			t.Errorf("arrows.txt names %s, which is no package: %v", m[1], err)
		}
	}
}
