package ddl_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// ADD CONSTRAINT USING INDEX makes a unique index the constraint's, under the constraint's name.
func TestAdoptIndex(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int, b int, c text, d int not null); insert into t values (1, 1, 'x', 1), (2, null, 'y', 2)")
	db.Must("create table other (a int); create unique index o on other (a)")
	db.Must("create unique index ta on t (a); create unique index tb on t (b); create unique index tc on t (c) include (d); create index plain on t (a)")
	db.Must("create unique index tl on t (lower(c)); create unique index tp on t (a) where a > 0; create unique index td on t (d desc); create unique index tad on t (a, d); create unique index td2 on t (d, a)")
	f := func(alter, want string) {
		t.Helper()
		db.Is("alter table t add "+alter, want)
	}
	f("constraint k unique using index none", `42704: index "none" does not exist`)
	f("constraint k unique using index o", `55000: index "o" does not belong to table "t"`)
	f("constraint k unique using index plain", `42809: "plain" is not a unique index DETAIL: Cannot create a primary key or unique constraint using such an index.`)
	f("constraint k unique using index tl", `42809: index "tl" contains expressions DETAIL: Cannot create a primary key or unique constraint using such an index.`)
	f("constraint k unique using index tp", `42809: "tp" is a partial index DETAIL: Cannot create a primary key or unique constraint using such an index.`)
	f("constraint k unique using index td", `42809: index "td" column number 1 does not have default sorting behavior DETAIL: Cannot create a primary key or unique constraint using such an index.`)
	f("primary key using index tb", `23502: column "b" of relation "t" contains null values`)
	f("constraint ta_k unique using index ta", "ALTER TABLE")
	f("constraint again unique using index ta_k", `55000: index "ta_k" is already associated with a constraint`)
	f("constraint other unique using index tc", `42P07: relation "other" already exists`)
	f("unique using index tc", "ALTER TABLE")
	db.IsHeard("alter table t add constraint td_k unique using index td2", "ALTER TABLE",
		`NOTICE: ALTER TABLE / ADD CONSTRAINT USING INDEX will rename index "td2" to "td_k"`,
	)
	f("constraint t_pkey primary key using index tad", "ALTER TABLE")
	f("primary key using index tb", `42P16: multiple primary keys for table "t" are not allowed`)
	db.Rows("select conname, contype, conkey, conindid::regclass, pg_get_constraintdef(oid) from pg_constraint where conrelid = 't'::regclass order by 1",
		"t_pkey|p|{1,4}|t_pkey|PRIMARY KEY (a, d)",
		"ta_k|u|{1}|ta_k|UNIQUE (a)",
		"tc|u|{3}|tc|UNIQUE (c) INCLUDE (d)",
		"td_k|u|{4,1}|td_k|UNIQUE (d, a)",
	)
	db.Rows("select attname, attnotnull from pg_attribute where attrelid = 't'::regclass and attnum > 0 order by attnum",
		"a|t",
		"b|f",
		"c|f",
		"d|t",
	)
	db.Is("insert into t values (1, 5, 'z', 9)", `23505: duplicate key value violates unique constraint "ta_k" DETAIL: Key (a)=(1) already exists.`)
	db.Is("insert into t values (2, 5, 'z', 2) on conflict on constraint t_pkey do nothing", "INSERT 0 0")
	db.Is("drop index ta_k", "2BP01: cannot drop index ta_k because constraint ta_k on table t requires it HINT: You can drop constraint ta_k on table t instead.")
	db.Is("alter table t drop constraint ta_k; insert into t values (1, 5, 'z', 9)", `23505: duplicate key value violates unique constraint "tp" DETAIL: Key (a)=(1) already exists.`)
	db.Is("begin; create unique index tx on t (d); alter table t add constraint tx_k unique using index tx; rollback; select count(*) from pg_class where relname like 'tx%'", "0")
}
