package fn

import (
	_ "embed"
	"sync"

	"github.com/vecdb/vecdb/sql/types"
)

//go:embed facts/keywords.tsv
var keywordFacts string

// quoted has the keywords that cannot stand as a plain name: all but the unreserved ones.
var quoted = sync.OnceValue(func() map[string]bool {
	set := make(map[string]bool, 160)
	eachLine(keywordFacts, func(v []string) {
		if v[1] != "U" {
			set[v[0]] = true
		}
	})
	return set
})

var keywordKinds = map[string]string{
	"U": "unreserved", "C": "unreserved (cannot be function or type name)",
	"T": "reserved (can be function or type name)", "R": "reserved",
}

// getKeywords is pg_get_keywords.
func getKeywords(_ *Call, _ []types.Datum, emit func([]types.Datum) error) error {
	var err error
	row := make([]types.Datum, 5)
	eachLine(keywordFacts, func(v []string) {
		if err != nil {
			return
		}
		bare := "requires AS"
		if v[2] == "t" {
			bare = "can be bare label"
		}
		row[0], row[1] = types.StringDatum(v[0]), types.IntDatum(int64(v[1][0]))
		row[2] = types.BoolDatum(v[2] == "t")
		row[3], row[4] = types.StringDatum(keywordKinds[v[1]]), types.StringDatum(bare)
		err = emit(row)
	})
	return err
}
