package fn

// kernelTables lists the families of functions. A new family is a file with a table and a line here.
func kernelTables() [][]entry {
	return [][]entry{
		integerKernels, floatKernels, booleanKernels, numericKernels, typedComparisons(),
		textKernels, likeKernels, regexKernels, byteaKernels, encodingKernels,
		datetimeArithmetic, datetimeCasts, datetimeComparisons(), clockKernels, extractKernels, timeFormatKernels, toTimeKernels,
		arrayKernels, bothJSON(), jsonKernels, denseKernels(), vectorCasts(), vectorStateKernels(), sparseKernels, bitKernels,
		systemKernels, describeKernels(), coercionKernels, typeOrderKernels(), timetzKernels, rangeKernels(), hashKernels(), lsnKernels,
		{{"gen_random_uuid", genRandomUUID}, {"parse_ident", rows(parseIdent)}, {"unistr", try1(unescapeUnicode)}},
	}
}

// aggTables lists the families of aggregates.
func aggTables() [][]aggEntry {
	tables := [][]aggEntry{
		plainAggs, integerAggs(), numericAggs(), momentAggs(), pairAggs, listAggs, jsonAggs(), vectorAggs(), bitAggs,
		intervalAggs, hypotheticalAggs,
		{{"any_value", anyValue}, {"array_agg(anyarray)", arrayAggArrays}},
	}
	for _, t := range []string{"interval", "timetz", "anyarray", "pg_lsn", "xid8", "tid"} {
		tables = append(tables, extremes(t))
	}
	return tables
}

// setTables lists the families of set-returning functions.
func setTables() [][]setEntry {
	return [][]setEntry{seriesSets, catalogSets, jsonSets()}
}
