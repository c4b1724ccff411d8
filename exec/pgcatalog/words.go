package pgcatalog

import (
	_ "embed" // facts
	"maps"
	"slices"
	"strconv"
	"sync"

	"github.com/vecdb/vecdb/internal/facts"
)

//go:embed facts/keywords.tsv
var keywordFacts string

// reserved holds the words that cannot be names without quotes: every keyword that is not unreserved.
var reserved = sync.OnceValue(func() map[string]bool {
	m := make(map[string]bool, 200)
	for _, r := range facts.Read("keywords", keywordFacts) {
		if r.Get("catcode") != "U" {
			m[r.Get("word")] = true
		}
	}
	return m
})

func reservedWord(s string) bool { return reserved()[s] }

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

func itoa(n int) string { return strconv.Itoa(n) }

func i64(n int64) string { return strconv.FormatInt(n, 10) }

// atoi reads a fact's number, 0 when it has none.
func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
