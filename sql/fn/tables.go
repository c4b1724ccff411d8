package fn

// kernelTables lists the families. A new family is a file with a table and a line here.
func kernelTables() [][]entry {
	return [][]entry{
		integerKernels, floatKernels, booleanKernels,
	}
}

func aggTables() [][]aggEntry { return nil }

func setTables() [][]setEntry { return nil }

var windowFuncs []windowEntry
