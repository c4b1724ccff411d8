package fn_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/types"
)

// compareRows compares the rows of a query with those wanted, in any order of each side's lines.
func compareRows(t *testing.T, what, got string, want []string) {
	t.Helper()
	have := make(map[string]bool)
	for _, row := range strings.Split(got, "; ") {
		have[row] = true
	}
	for _, row := range want {
		if !have[row] {
			t.Errorf("%s: the catalogue has no row %s", what, row)
		}
		delete(have, row)
	}
	for row := range have {
		t.Errorf("%s: nothing for the catalogue's row %s", what, row)
	}
}

func flag(b bool) string { return map[bool]string{true: "t", false: "f"}[b] }

// firstUnpinned is the first number that initdb gives to what its scripts make, such as information_schema.
const firstUnpinned = 12000

// TestFunctionsOfCatalogue holds the registry's functions against pg_proc: names, arguments, results and flags.
func TestFunctionsOfCatalogue(t *testing.T) {
	var want []string
	for _, f := range fn.AllFuncs() {
		if f.Extension || f.OID >= firstUnpinned {
			continue
		}
		args := make([]string, len(f.Args))
		for i, a := range f.Args {
			args[i] = fmt.Sprint(a)
		}
		want = append(want,
			fmt.Sprintf("%d|%s|%c|%c|%s|%s|%d|%s|%d|%d", f.OID, f.Name, f.Kind, f.Vol, flag(f.Strict), flag(f.RetSet),
				f.Defaults,
				strings.Join(args, " "), f.Ret, f.Variadic))
	}
	db := newDB(t)
	compareRows(t, "pg_proc",
		db.Ask(`select oid::int8, proname, prokind, provolatile, proisstrict, proretset, pronargdefaults, proargtypes,
			prorettype::int8, provariadic::int8 `+
			"from pg_proc where oid < 12000"), want)
}

// TestOperatorsOfCatalogue holds the registry's operators against pg_operator, with their functions, commutators and
// negators.
func TestOperatorsOfCatalogue(t *testing.T) {
	var want []string
	for _, o := range fn.AllOperators() {
		if o.Extension {
			continue
		}
		want = append(want,
			fmt.Sprintf("%d|%s|%d|%d|%d|%d|%d|%s|%s|%s", o.OID, o.Name, o.Left, o.Right, o.Ret, o.Commutator, o.Negator,
				o.Func.Name,
				flag(o.CanMerge), flag(o.CanHash)))
	}
	db := newDB(t)
	compareRows(t, "pg_operator",
		db.Ask(`select o.oid::int8, oprname, oprleft::int8, oprright::int8, oprresult::int8, oprcom::int8,
			oprnegate::int8, p.proname, oprcanmerge, oprcanhash `+
			"from pg_operator o join pg_proc p on p.oid = o.oprcode where o.oid < 16384"), want)
}

// TestCastsOfCatalogue holds the registry's casts against pg_cast.
func TestCastsOfCatalogue(t *testing.T) {
	var want []string
	for _, c := range fn.AllCasts() {
		if c.Extension {
			continue
		}
		f := types.OID(0)
		if c.Func != nil {
			f = c.Func.OID
		}
		want = append(want, fmt.Sprintf("%d|%d|%d|%c|%c|%d", c.OID, c.Source, c.Target, c.Context, c.Method, f))
	}
	db := newDB(t)
	compareRows(t, "pg_cast",
		db.Ask(`select oid::int8, castsource::int8, casttarget::int8, castcontext, castmethod, castfunc::int8
			from pg_cast where oid < 16384`),
		want)
}

// TestClassesOfCatalogue holds the operator classes against pg_opclass.
func TestClassesOfCatalogue(t *testing.T) {
	var classes []string
	for _, c := range fn.OpClasses() {
		if !c.Extension {
			classes = append(classes, fmt.Sprintf("%d|%s|%s|%d|%s|%s", c.OID, c.AM, c.Name, c.Type, flag(c.Default), c.Family))
		}
	}
	db := newDB(t)
	compareRows(t, "pg_opclass", db.Ask("select c.oid::int8, amname, opcname, opcintype::int8, opcdefault, opfname "+
		"from pg_opclass c join pg_am a on a.oid = opcmethod join pg_opfamily f on f.oid = opcfamily where c.oid < 16384"),
		classes)
}
