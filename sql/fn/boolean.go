package fn

// booleanKernels: AND, OR and NOT are nodes of their own in eval and not here.
var booleanKernels = []entry{
	{"booland_statefunc", map2(func(a, b bool) bool { return a && b })},
	{"boolor_statefunc", map2(func(a, b bool) bool { return a || b })},
	{"text(bool)", map1(boolText)},
}

func boolText(b bool) string {
	if b {
		return "true"
	}
	return "false"
}
