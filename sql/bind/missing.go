package bind

import (
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
)

// make adds an entry to those that FROM has at this level.
func (sc *scope) make(it *item) {
	if sc.made != nil {
		*sc.made = append(*sc.made, it)
	}
}

// noTable is the error for a table that FROM does not have, or has where it cannot be seen.
func (b *binder) noTable(sc *scope, namespace, table string, at int) error {
	it := b.unseen(sc, namespace, table)
	if it == nil {
		return errAt(at, pgerrcode.UndefinedTable, "missing FROM-clause entry for table %q", table)
	}
	e := pgerr.New(pgerrcode.UndefinedTable, "invalid reference to FROM-clause entry for table %q", table).At(at)
	if it.aliased && it.name != table {
		if seen, _, err := b.findItem(sc, "", it.name, at); err == nil && seen == it {
			return e.Hint("Perhaps you meant to reference the table alias %q.", it.name)
		}
	}
	e = e.Detail("There is an entry for table %q, but it cannot be referenced from this part of the query.", it.name)
	if sc.ifLateral(it) {
		e = e.Hint("To reference that table, you must mark this subquery with LATERAL.")
	}
	return e
}

// unseen finds the entry that a table's name may have meant, wherever it stands.
func (b *binder) unseen(sc *scope, namespace, table string) *item {
	rel, err := b.Catalog.Relation(namespace, table)
	if err != nil {
		rel = nil // the name is of no relation
	}
	var cte *CTE
	if c := sc.ctes.find(table); c != nil && namespace == "" {
		rel, cte = nil, c.cte
	}
	for s := sc; s != nil; s = s.parent {
		if s.made == nil {
			continue
		}
		for _, it := range *s.made {
			if it.name == table || cte != nil && it.cte == cte || rel != nil && it.rel != nil && it.rel.Table.OID == rel.Table.OID {
				return it
			}
		}
	}
	return nil
}

// ifLateral says whether the word LATERAL would let the entry be seen.
func (sc *scope) ifLateral(it *item) bool {
	for s := sc; s != nil; s = s.parent {
		for _, h := range s.hidden {
			if h == it {
				return true
			}
		}
	}
	return false
}

// noColumn is the error for a column that nothing in scope has. It tells of a column of that name out of sight, or hints
// at the one or two columns whose names are nearest.
func (b *binder) noColumn(sc *scope, table, name string, at int) error {
	e := pgerr.New(pgerrcode.UndefinedColumn, "column %q does not exist", name).At(at)
	if table != "" {
		e = pgerr.New(pgerrcode.UndefinedColumn, "column %s.%s does not exist", table, name).At(at)
	}
	var exact []*item
	near := nearest{name: name, distance: fuzzyMax + 1}
	for s := sc; s != nil; s = s.parent {
		if s.made == nil {
			continue
		}
		for _, it := range *s.made {
			if near.look(it, table) {
				exact = append(exact, it)
			}
		}
	}
	switch {
	case len(exact) > 1:
		e = e.Detail("There are columns named %q, but they are in tables that cannot be referenced from this part of the query.", name)
		if table == "" {
			e = e.Hint("Try using a table-qualified name.")
		}
	case len(exact) == 1:
		it := exact[0]
		e = e.Detail("There is a column named %q in table %q, but it cannot be referenced from this part of the query.", name, it.name)
		if sc.ifLateral(it) {
			e = e.Hint("To reference that column, you must mark this subquery with LATERAL.")
		} else if table == "" && it.named && !it.bare {
			e = e.Hint("To reference that column, you must use a table-qualified name.")
		}
	case near.second != "":
		e = e.Hint("Perhaps you meant to reference the column %q or the column %q.", near.first, near.second)
	case near.first != "":
		e = e.Hint("Perhaps you meant to reference the column %q.", near.first)
	}
	return e
}

// fuzzyMax is how many edits a name may be away from the one that is hinted at.
const fuzzyMax = 3

// nearest gathers the columns whose names are nearest to one. More than two at a distance are none.
type nearest struct {
	name          string
	distance      int // of first
	first, second string
}

// look takes the columns of an entry into account, where a wrong name of the entry counts as well. It says whether the
// entry has the column itself.
func (n *nearest) look(it *item, table string) (exact bool) {
	penalty := 0
	if table != "" {
		penalty = editDistance(table, it.name, fuzzyMax+1)
	}
	if it.joined {
		return false
	}
	for i := range it.cols {
		have := it.cols[i].name
		exact = exact || have == n.name && penalty == 0
		if penalty > n.distance {
			continue
		}
		d := editDistance(have, n.name, n.distance+1-penalty)
		if d > len(n.name)/2 {
			continue
		}
		switch d += penalty; {
		case d < n.distance:
			n.distance, n.first, n.second = d, it.name+"."+have, ""
		case d > n.distance:
		case n.second != "":
			n.first, n.second = "", ""
		case n.first != "":
			n.second = it.name + "." + have
		}
	}
	return exact
}

// editDistance is the number of edits between two names, or limit+1 when it is above limit.
func editDistance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if max(len(x)-len(y), len(y)-len(x)) > limit {
		return limit + 1
	}
	prev := make([]int, len(y)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(x); i++ {
		diag := prev[0]
		prev[0] = i
		for j := 1; j <= len(y); j++ {
			cost := diag
			if x[i-1] != y[j-1] {
				cost++
			}
			diag = prev[j]
			prev[j] = min(cost, prev[j]+1, prev[j-1]+1)
		}
	}
	return min(prev[len(y)], limit+1)
}
