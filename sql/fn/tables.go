package fn

// kernelTables lists the families. A new family is a file with a table and a line here.
func kernelTables() [][]entry {
	return [][]entry{
		integerKernels, floatKernels, booleanKernels, textKernels, likeKernels, regexKernels, byteaKernels,
	}
}

func aggTables() [][]aggEntry {
	return [][]aggEntry{plainAggs, integerAggs(), {{"any_value", anyValue}}}
}

func setTables() [][]setEntry { return [][]setEntry{seriesSets} }
