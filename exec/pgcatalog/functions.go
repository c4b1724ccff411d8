package pgcatalog

import (
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/types"
)

// langInternal is pg_language's OID of functions that are built in.
const langInternal types.OID = 12

var functionEntries = []entry{
	{"pg_proc", "oid proname pronamespace proowner prolang procost prorows provariadic prokind proisstrict proretset " +
		"provolatile proparallel pronargs pronargdefaults prorettype proargtypes proallargtypes proargmodes proargnames prosrc", "oid", fillProc},
	{"pg_operator", "oid oprname oprnamespace oprowner oprkind oprcanmerge oprcanhash oprleft oprright oprresult " +
		"oprcom oprnegate oprcode", "", func(v *View, _ types.OID, emit emitFunc) {
		for _, o := range fn.AllOperators() {
			ns, ok := v.extensionNamespace(o.Extension)
			if !ok {
				continue
			}
			kind, code := byte('b'), types.OID(0)
			if o.Left == 0 {
				kind = 'l'
			}
			if o.Func != nil {
				code = o.Func.OID
			}
			emit(oid(o.OID), str(o.Name), oid(ns), oid(10), chr(kind), yes(o.CanMerge), yes(o.CanHash), oid(o.Left),
				oid(o.Right), oid(o.Ret), oid(o.Commutator), oid(o.Negator), oid(code))
		}
	}},
	{"pg_cast", "oid castsource casttarget castfunc castcontext castmethod", "", func(v *View, _ types.OID, emit emitFunc) {
		for _, c := range fn.AllCasts() {
			if _, ok := v.extensionNamespace(c.Extension); !ok {
				continue
			}
			f := types.OID(0)
			if c.Func != nil {
				f = c.Func.OID
			}
			emit(oid(c.OID), oid(c.Source), oid(c.Target), oid(f), chr(byte(c.Context)), chr(byte(c.Method)))
		}
	}},
	{"pg_aggregate", "aggfnoid aggkind aggtransfn", "", func(v *View, _ types.OID, emit emitFunc) {
		for _, f := range fn.AllFuncs() {
			if _, ok := v.extensionNamespace(f.Extension); ok && f.Kind == 'a' {
				emit(oid(f.OID), chr('n'), oid(0))
			}
		}
	}},
	{"pg_language", "oid lanname lanowner lanispl lanpltrusted", "", func(_ *View, _ types.OID, emit emitFunc) {
		emit(oid(langInternal), str("internal"), oid(10), yes(false), yes(false))
		emit(oid(13), str("c"), oid(10), yes(false), yes(false))
		emit(oid(14), str("sql"), oid(10), yes(false), yes(true))
	}},
}

func fillProc(v *View, only types.OID, emit emitFunc) {
	for _, f := range fn.AllFuncs() {
		if only != 0 && f.OID != only {
			continue
		}
		ns, ok := v.extensionNamespace(f.Extension)
		if !ok {
			continue
		}
		rows := 0.0
		if f.RetSet {
			rows = 1000
		}
		all, modes, names := arguments(f)
		emit(oid(f.OID), str(f.Name), oid(ns), oid(10), oid(langInternal), real(1), real(rows), oid(f.Variadic),
			chr(f.Kind), yes(f.Strict), yes(f.RetSet), chr(byte(f.Vol)), chr('s'), num(len(f.Args)), num(f.Defaults),
			oid(f.Ret), intVector(types.OIDVectorOID, f.Args), all, modes, names, str(f.Name))
	}
}

// arguments gives the types, modes and names of all arguments, outputs included, which are null for what a function
// has not.
func arguments(f *fn.Func) (all, modes, names types.Datum) {
	all, modes = null, null
	list := make([]types.Datum, 0, len(f.Args)+len(f.Outs))
	kinds := make([]types.OID, 0, cap(list))
	letters := make([]types.Datum, 0, cap(list))
	named := false
	add := func(typ types.OID, mode byte, name string) {
		kinds, letters, list = append(kinds, typ), append(letters, chr(mode)), append(list, str(name))
		named = named || name != ""
	}
	for i, t := range f.Args {
		mode, name := byte('i'), ""
		if f.Variadic != 0 && i == len(f.Args)-1 {
			mode = 'v'
		}
		if i < len(f.ArgNames) {
			name = f.ArgNames[i]
		}
		add(t, mode, name)
	}
	for _, o := range f.Outs {
		add(o.Type, 'o', o.Name)
	}
	if len(f.Outs) > 0 || f.Variadic != 0 {
		all, modes = ints(types.OIDOID, kinds), str(types.ArrayOf(types.CharOID, letters))
	}
	if !named {
		return all, modes, null
	}
	return all, modes, str(types.ArrayOf(types.TextOID, list))
}
