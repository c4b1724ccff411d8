package pgcatalog_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// fixture makes objects of all kinds, with all that they may have.
func fixture(t *testing.T) *dbtest.DB {
	t.Helper()
	db := dbtest.New(t)
	db.Must("create extension if not exists vector")
	db.Must("create schema other")
	db.Must(`create table parent (id int generated always as identity primary key,
		code varchar(8) not null unique, price numeric(8,2) default 1.5 check (price > 0),
		tags text[], made timestamptz default now(), v vector(3), twice int generated always as (7) stored, gone int,
		constraint whole check (code <> '' and price < 1000))`)
	db.Must("alter table parent drop column gone")
	db.Must(`create table other.child (a serial, b int references parent on delete cascade, c text collate "C",
		primary key (a) include (c), unique nulls not distinct (b, c))`)
	db.Must("create index parent_lower on parent (lower(code) desc, made nulls first) where price > 2")
	db.Must("create index parent_tags on parent (tags) with (fillfactor = 70)")
	db.Must(`create view shown as select p.id, p.code, c.a from parent p left join other.child c on c.b = p.id
		where p.price > 1`)
	db.Must("create view other.nested as select id, (select count(*) from other.child) as n from shown")
	db.Must("create sequence counter as smallint increment 5 minvalue 5 maxvalue 100 cycle owned by parent.price")
	db.Must("create temp table scratch (x int primary key)")
	db.Must("comment on table parent is 'the parent'; comment on column parent.code is 'its code'; " +
		"comment on index parent_lower is 'an index'; comment on view shown is 'a view'")
	db.Must("comment on constraint whole on parent is 'a check'; comment on schema other is 'a schema'; " +
		"comment on sequence counter is 'a sequence'")
	db.Must(`grant select, insert on parent to public; grant usage on schema other to public;
		grant usage on sequence counter to public`)
	db.Must("insert into parent (code) select 'c' || g from generate_series(1, 20) g")
	db.Must("analyze parent")
	return db
}

// mayBeZero are columns that have no value for some rows here, though PostgreSQL always has one: functions that are
// not SQL's to call (an aggregate's step, a method's handler), and what types and operator classes without values
// would have.
var mayBeZero = map[string]bool{
	"pg_aggregate.aggtransfn": true, "pg_aggregate.aggtranstype": true, "pg_am.amhandler": true, "pg_amop.amopopr": true,
	"pg_range.rngsubopc": true, "pg_type.typinput": true, "pg_type.typoutput": true,
}

// Whatever a system table refers to is there: a row of the other table has the OID, or the OID and the number of a
// column.
func TestReferences(t *testing.T) {
	db := fixture(t)
	text, err := os.ReadFile("testdata/references")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		for _, ref := range words[1:] {
			query := dangling(words[0], ref)
			if got := db.Ask(query); got != "" {
				t.Errorf("%s %s: %s\n%s", words[0], ref, got, query)
			}
		}
	}
}

// dangling is a query for some values of a column that refer to no row.
func dangling(table, ref string) string {
	ref, isArray := strings.CutPrefix(ref, "@")
	ref, optional := strings.CutPrefix(ref, "?")
	from, to, _ := strings.Cut(ref, ">")
	target, keys, _ := strings.Cut(to, ".")
	cols, keyCols := strings.Split(from, "+"), strings.Split(keys, "+")
	last := len(cols) - 1
	value, source := "f."+cols[last], table+" f"
	if isArray {
		value, source = "f.one", "(select *, unnest("+cols[last]+") as one from "+table+") f"
	}
	var match []string
	for i, col := range cols {
		v := "f." + col
		if i == last {
			v = value
		}
		match = append(match, "k."+keyCols[i]+" = "+v)
	}
	where := "not exists (select 1 from " + target + " k where " + strings.Join(match, " and ") + ")"
	if optional || mayBeZero[table+"."+from] {
		where += " and " + value + " <> 0"
	}
	return fmt.Sprintf("select distinct f.%s::text, %s::text from %s where %s is not null and %s order by 1, 2 limit 3",
		cols[0], value, source, value, where)
}

// Every system relation can be read, by the columns that pg_attribute gives it.
func TestEveryRelationReads(t *testing.T) {
	db := fixture(t)
	names := db.Ask(`select name || ' ' || cols from (
		select quote_ident(nspname) || '.' || quote_ident(relname) as name,
		string_agg(quote_ident(attname), ',' order by attnum) as cols
		from pg_class c join pg_namespace n on n.oid = relnamespace join pg_attribute a on a.attrelid = c.oid
		where nspname in ('pg_catalog', 'information_schema') and relkind in ('r', 'v') and attnum > 0 and not attisdropped
			and relname not in ('pg_hba_file_rules', 'pg_ident_file_mappings', 'pg_file_settings',
			'pg_statistic_ext_data', 'pg_largeobject')
		group by 1) as relations order by 1`)
	list := strings.Split(names, "; ")
	if len(list) < 180 {
		t.Errorf("%d relations", len(list))
	}
	for _, line := range list {
		name, cols, _ := strings.Cut(line, " ")
		db.Must("select " + cols + " from " + name)
	}
}

// A row found by its OID is the row that a scan of all finds: keys that are pushed down leave none out.
func TestLookupByKey(t *testing.T) {
	db := fixture(t)
	for _, key := range []string{
		"pg_class.oid", "pg_attribute.attrelid", "pg_attrdef.adrelid", "pg_constraint.conrelid", "pg_type.oid",
		"pg_proc.oid", "pg_operator.oid",
		"pg_description.objoid", "pg_sequence.seqrelid", "pg_rewrite.ev_class", "pg_index.indrelid", "pg_index.indexrelid",
		"pg_depend.refobjid", "pg_namespace.oid",
	} {
		table, col, _ := strings.Cut(key, ".")
		db.Is(fmt.Sprintf(`select count(*) from (select %[2]s, count(*) as n from %[1]s group by 1) as k
			where n <> (select count(*) from %[1]s x where x.%[2]s = k.%[2]s) and %[2]s in (select oid from pg_class where relname ~ '^(parent|child|shown|counter|pg_am)')`,
			table, col),
			"0")
		db.Is(fmt.Sprintf("select count(*) from %[1]s where %[2]s = 'parent'::regclass or %[2]s = 4294967295", table, col),
			db.Ask(fmt.Sprintf("select count(*) from %[1]s where %[2]s::text = 'parent'::regclass::oid::text", table, col)))
		db.Is(fmt.Sprintf("select count(*) from %[1]s where %[2]s = 0 and %[2]s = 1", table, col), "0")
	}
}
