package lint

// Rule is one thing that every package of the module must keep to.
type Rule struct {
	Name  string
	Why   string
	Check func(rule string, t *Tree) []Finding
}

// Rules are all rules. The names appear in findings and in the tests of this package.
var Rules = []Rule{
	{"arrows", "imports follow the map of packages, so that parts can be changed one at a time", checkArrows},
	{"package-doc", "who opens a package first reads what it is for, from where to read, who owns what", checkPackageDoc},
	{"exported-doc", "an exported name without a comment has rules that only its author knows", checkExportedDoc},
	{"file-size", "a file of more than 1000 lines has more than one subject", checkFileSize},
	{"function-size", "a function of more than 100 lines cannot be read at once", checkFunctionSize},
	{"file-name", "files are named after what they are about", checkFileName},
	{"bare-go", "a panic in an unguarded goroutine ends the server", checkBareGo},
	{"panic-text", "panics are for broken invariants, which internal/invariants reports", checkPanicText},
	{"print", "only commands write to the standard streams", checkPrint},
	{"sleep", "a test that sleeps is slow or flaky", checkSleep},
	{"open-ends", "what is left out is refused with the feature's name and stands in an issue, not in a comment", checkOpenEnds},
}

// Run checks all rules and gives the findings in their order.
func Run(t *Tree) []Finding {
	var all []Finding
	for _, r := range Rules {
		all = append(all, r.Check(r.Name, t)...)
	}
	return all
}
