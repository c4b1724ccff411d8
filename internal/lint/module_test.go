package lint_test

import (
	"os"
	"path/filepath"
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
