// Package lint holds the rules of this module that no general linter knows, as go tests.
//
// tree.go parses the module's Go files; rule.go lists the rules; arrows.go and arrows.txt have the map
// of packages, which package may import which; shape.go bounds sizes; words.go has the rules for
// comments, goroutines, panics and tests. module_test.go runs all of them on this module, and each rule
// has a test with a small tree that breaks it.
//
// A new package needs a line in arrows.txt: its place in the map is a decision, so the test fails until
// it is written down. Files with the header "Code generated ... DO NOT EDIT." are exempt from sizes, and
// files of the build tag tools from everything. Nothing here runs outside of tests.
package lint
