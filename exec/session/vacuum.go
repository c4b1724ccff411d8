package session

import (
	"context"
	"fmt"
	"strconv"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
)

// vacuum is VACUUM and ANALYZE. Upkeep does by itself what VACUUM is for, so only names, rights and options are
// checked; the statistics that ANALYZE makes come from a sample of rows.
func (s *Session) vacuum(ctx context.Context, n *sql.Vacuum) error {
	if n.Vacuum && !s.tx.alone() {
		return pgerr.New(pgerrcode.ActiveSQLTransaction, "VACUUM cannot run inside a transaction block")
	}
	if err := checkVacuumOptions(n); err != nil {
		return err
	}
	tables, err := s.vacuumTables(n)
	if err != nil || !n.Analyze() {
		return err
	}
	for _, t := range tables {
		if err := s.attempt(func() error { return s.analyze(ctx, t) }); err != nil {
			return err
		}
	}
	return nil
}

// vacuumTables returns the tables that are meant and may be kept up by who asks. Of others that are named it warns.
func (s *Session) vacuumTables(n *sql.Vacuum) (tables []*schema.Table, err error) {
	v := s.catalogView()
	if len(n.Tables) == 0 {
		for _, t := range v.cat.Tables(s.db.OID) {
			if t.Kind == schema.KindTable && schema.Owns(s.role, t.Owner, v.cat.Role) {
				tables = append(tables, t)
			}
		}
		return tables, nil
	}
	skip := func(format, name string) { s.warning(pgerrcode.Warning, fmt.Sprintf(format, name)) }
	verb, others := "analyze", "skipping %q --- cannot analyze non-tables or special system tables"
	if n.Vacuum {
		verb, others = "vacuum", "skipping %q --- cannot vacuum non-tables or special system tables"
	}
	for _, t := range n.Tables {
		rel, err := v.Relation(t.Table.Schema, t.Table.Name)
		if err != nil {
			return nil, err
		}
		if rel == nil {
			return nil, noRelation(t.Table)
		}
		switch {
		case rel.Table.DB == 0: // pg_catalog needs no upkeep
			continue
		case !schema.Owns(s.role, rel.Table.Owner, v.cat.Role):
			skip("permission denied to "+verb+" %q, skipping it", rel.Table.Name)
			continue
		case rel.Table.Kind != schema.KindTable:
			skip(others, rel.Table.Name)
			continue
		}
		given := map[string]bool{}
		for _, c := range t.Cols {
			if rel.Table.Column(c) == nil {
				return nil, pgerr.New(pgerrcode.UndefinedColumn, "column %q of relation %q does not exist", c, rel.Table.Name)
			}
			if given[c] {
				return nil, pgerr.New(pgerrcode.DuplicateColumn, "column %q of relation %q appears more than once", c, rel.Table.Name)
			}
			given[c] = true
		}
		tables = append(tables, rel.Table)
	}
	return tables, nil
}

// vacuumOptions are the options of VACUUM; true: of ANALYZE too.
var vacuumOptions = map[string]bool{
	"verbose": true, "skip_locked": true, "buffer_usage_limit": true, "analyze": false, "freeze": false, "full": false,
	"disable_page_skipping": false, "index_cleanup": false, "process_main": false, "process_toast": false, "truncate": false,
	"parallel": false, "skip_database_stats": false, "only_database_stats": false,
}

// parallelMax is the most workers that VACUUM (PARALLEL) takes.
const parallelMax = 1024

func checkVacuumOptions(n *sql.Vacuum) error {
	on := map[string]bool{"process_toast": true}
	for _, o := range n.Options {
		command := "VACUUM"
		both, known := vacuumOptions[o.Name]
		if !n.Vacuum {
			command, known = "ANALYZE", both
		}
		if !known {
			return pgerr.New(pgerrcode.SyntaxError, "unrecognized %s option %q", command, o.Name).At(o.Pos())
		}
		var err error
		if on[o.Name], err = vacuumOption(o); err != nil {
			return err
		}
	}
	return vacuumTogether(n, on)
}

// vacuumOption checks the value of one option and says whether that is on.
func vacuumOption(o sql.Option) (bool, error) {
	switch o.Name {
	case "parallel":
		if !o.Set {
			return false, pgerr.New(pgerrcode.SyntaxError, "parallel option requires a value between 0 and %d", parallelMax).At(o.Pos())
		}
		workers, err := strconv.Atoi(o.Value)
		if err != nil {
			return false, pgerr.New(pgerrcode.SyntaxError, "%s requires an integer value", o.Name)
		}
		if workers < 0 || workers > parallelMax {
			return false, pgerr.New(pgerrcode.SyntaxError, "parallel workers for vacuum must be between 0 and %d", parallelMax).At(o.Pos())
		}
		return workers > 0, nil
	case "index_cleanup":
		if o.Value == "auto" {
			return false, nil
		}
	case "buffer_usage_limit":
		return true, nil
	}
	return o.On()
}

// vacuumTogether refuses options that contradict each other or the tables.
func vacuumTogether(n *sql.Vacuum, on map[string]bool) error {
	switch {
	case on["full"] && on["parallel"]:
		return pgerr.New(pgerrcode.FeatureNotSupported, "VACUUM FULL cannot be performed in parallel")
	case on["full"] && on["buffer_usage_limit"] && !on["analyze"]:
		return pgerr.New(pgerrcode.FeatureNotSupported, "BUFFER_USAGE_LIMIT cannot be specified for VACUUM FULL")
	case on["full"] && on["disable_page_skipping"]:
		return pgerr.New(pgerrcode.FeatureNotSupported, "VACUUM option DISABLE_PAGE_SKIPPING cannot be used with FULL")
	case on["full"] && !on["process_toast"]:
		return pgerr.New(pgerrcode.FeatureNotSupported, "PROCESS_TOAST required with VACUUM FULL")
	}
	for _, t := range n.Tables {
		if len(t.Cols) > 0 && !n.Analyze() {
			return pgerr.New(pgerrcode.FeatureNotSupported, "ANALYZE option must be specified when a column list is provided")
		}
	}
	if !on["only_database_stats"] {
		return nil
	}
	if len(n.Tables) > 0 {
		return pgerr.New(pgerrcode.FeatureNotSupported, "ONLY_DATABASE_STATS cannot be specified with a list of tables")
	}
	for name, is := range on {
		if is && name != "only_database_stats" && name != "verbose" && name != "process_toast" {
			return pgerr.New(pgerrcode.FeatureNotSupported, "ONLY_DATABASE_STATS cannot be specified with other VACUUM options")
		}
	}
	return nil
}
