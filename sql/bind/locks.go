package bind

import (
	"slices"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/types"
)

// locks makes the LockRows of FOR UPDATE and its kin, with the row ids that it needs.
func (p *projection) locks(s *sql.Select) (*LockRows, error) {
	if len(s.Locks) == 0 {
		return nil, nil //nolint:nilnil // nothing to lock
	}
	if err := p.lockable(s); err != nil {
		return nil, err
	}
	node := &LockRows{}
	for _, l := range s.Locks {
		node.NoWait = node.NoWait || l.NoWait
		node.Skip = node.Skip || l.Skip
		if l.Tables == nil {
			for _, it := range p.sc.items {
				if err := p.lock(node, it, l.Strength); err != nil {
					return nil, err
				}
			}
			continue
		}
		for _, t := range l.Tables {
			if t.Schema != "" || t.Catalog != "" {
				return nil, errAt(t.Pos(), pgerrcode.SyntaxError, "%s must specify unqualified relation names", l.Words())
			}
			it, level, err := p.b.findItem(p.sc, "", t.Name, t.Pos())
			if err != nil {
				return nil, err
			}
			if it == nil || level > 0 {
				return nil, errAt(t.Pos(), pgerrcode.UndefinedTable, "relation %q in %s clause not found in FROM clause",
					t.Name, l.Words())
			}
			if what := it.unlockable(); what != "" {
				return nil, errAt(t.Pos(), pgerrcode.FeatureNotSupported, "%s cannot be applied to %s", l.Words(), what)
			}
			if err := p.lock(node, it, l.Strength); err != nil {
				return nil, err
			}
		}
	}
	return node, nil
}

func (p *projection) lock(node *LockRows, it *item, strength byte) error {
	if it.rel == nil || it.rel.Virtual {
		return nil
	}
	if err := p.b.needPrivilege(it.rel, "UPDATE"); err != nil || it.scan == nil {
		return err // the rows of a view are locked within it
	}
	id := it.scan.column(p.b, AttrRowID, "rowid", types.Of(types.Int8OID))
	node.Locks = append(node.Locks, RowLock{Table: it.rel.Table.OID, RowID: id, Strength: strength})
	for _, c := range p.rowIDs {
		if c.ID == id {
			return nil
		}
	}
	p.rowIDs = append(p.rowIDs, eval.Column{ID: id, Name: "rowid", T: types.Of(types.Int8OID)})
	return nil
}

// unlockable names an entry of FROM that has no rows to lock when FOR UPDATE names it.
func (it *item) unlockable() string {
	switch {
	case it.joined:
		return "a join"
	case it.cte != nil:
		return "a WITH query"
	}
	if _, ok := it.leaf.(*FuncScan); ok {
		return "a function"
	}
	return ""
}

// locksOf are the locks that reach into a subquery or view in FROM; the name is "" when it has none.
func (sc *scope) locksOf(name string) []sql.Lock {
	var out []sql.Lock
	for _, l := range sc.locks {
		if l.Tables == nil || slices.ContainsFunc(l.Tables, func(t *sql.TableName) bool { return t.Name == name }) {
			l.Tables = nil
			out = append(out, l)
		}
	}
	return out
}

// lockable refuses FOR UPDATE where rows of the result are not rows of a table.
func (p *projection) lockable(s *sql.Select) error {
	name := s.Locks[0].Words()
	what := ""
	switch {
	case s.Distinct:
		what = "DISTINCT clause"
	case len(s.GroupBy) > 0:
		what = "GROUP BY clause"
	case s.Having != nil:
		what = "HAVING clause"
	case len(p.q.aggs) > 0:
		what = "aggregate functions"
	case len(p.q.windows) > 0:
		what = "window functions"
	case len(p.q.rowSets.calls) > 0:
		what = "set-returning functions in the target list"
	}
	if what == "" {
		return nil
	}
	return errAt(-1, pgerrcode.FeatureNotSupported, "%s is not allowed with %s", name, what)
}
