package ddl_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// COMMENT ON is kept for each kind of object, replaced by the next, and gone with NULL, ” or the object.
func TestComment(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create role ddl_c")
	db.Must(`create table t (a int primary key, b int constraint pos check (b > 0));
		create view v as select a from t; create sequence s; create index i on t (b); create schema n`)
	f := func(object, shown string) {
		t.Helper()
		db.Is("comment on "+object+" is 'it''s'", "COMMENT")
		db.Is("select "+shown, "it's")
		db.Is("comment on "+object+" is 'other'", "COMMENT")
		db.Is("select "+shown, "other")
		db.Is("comment on "+object+" is ''", "COMMENT")
		db.Is("select "+shown, "<null>")
		db.Must("comment on " + object + " is 'x'")
		db.Is("comment on "+object+" is null", "COMMENT")
		db.Is("select "+shown, "<null>")
		db.Must("comment on " + object + " is 'last'")
	}
	f("table t", "obj_description('t'::regclass, 'pg_class')")
	f("column t.b", "col_description('t'::regclass, 2)")
	f("column public.t.a", "col_description('t'::regclass, 1)")
	f("column v.a", "col_description('v'::regclass, 1)")
	f("view v", "obj_description('v'::regclass, 'pg_class')")
	f("sequence s", "obj_description('s'::regclass, 'pg_class')")
	f("index i", "obj_description('i'::regclass, 'pg_class')")
	f("schema n", "obj_description('n'::regnamespace, 'pg_namespace')")
	f("constraint pos on t", "obj_description((select oid from pg_constraint where conname = 'pos'), 'pg_constraint')")
	f("constraint t_pkey on t",
		"obj_description((select oid from pg_constraint where conname = 't_pkey'), 'pg_constraint')")
	f("role ddl_c", "shobj_description('ddl_c'::regrole, 'pg_authid')")
	db.Must("alter table t rename b to bb; alter table t rename to tt; alter table tt alter bb type bigint")
	db.Is("select obj_description('tt'::regclass), col_description('tt'::regclass, 2), obj_description('i'::regclass)",
		"last|last|last")
	db.Restart()
	db.Is("select obj_description('tt'::regclass), col_description('tt'::regclass, 2), obj_description('i'::regclass)",
		"last|last|last")
	db.Must("alter table tt drop column bb")
	db.Is("select objsubid, description from pg_description where objoid = 'tt'::regclass order by 1", "0|last; 1|last")
	db.Must("drop role ddl_c")
}

// COMMENT ON wants an object of the kind that it names.
func TestCommentRefused(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int); create view v as select a from t; create sequence s; create index i on t (a)")
	f := func(object, want string) {
		t.Helper()
		db.Is("comment on "+object+" is 'x'", want)
	}
	f("table nosuch", `42P01: relation "nosuch" does not exist`)
	f("table nosuch.t", `3F000: schema "nosuch" does not exist`)
	f("table v", `42809: "v" is not a table`)
	f("table i", `42809: "i" is not a table`)
	f("view t", `42809: "t" is not a view`)
	f("view nosuch", `42P01: relation "nosuch" does not exist`)
	f("sequence t", `42809: "t" is not a sequence`)
	f("index t", `42809: "t" is not an index`)
	f("column t.nosuch", `42703: column "nosuch" of relation "t" does not exist`)
	f("column public.t.nosuch", `42703: column "nosuch" of relation "public.t" does not exist`)
	f("column nosuch.a", `42P01: relation "nosuch" does not exist`)
	f("column i.a", `42809: cannot set comment on relation "i" DETAIL: This operation is not supported for indexes.`)
	f("column s.last_value",
		`42809: cannot set comment on relation "s" DETAIL: This operation is not supported for sequences.`)
	f("constraint nosuch on t", `42704: constraint "nosuch" for table "t" does not exist`)
	f("constraint nosuch on nosuch", `42P01: relation "nosuch" does not exist`)
	f("schema nosuch", `3F000: schema "nosuch" does not exist`)
	f("role nosuch", `42704: role "nosuch" does not exist`)
}
