package fn

import (
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// entry joins a declaration with what runs it. The signature is a function's name, for all plain
// functions of that name, or name(type,type) with pg_type names for one of them.
type entry struct {
	sig    string
	kernel Kernel
}

type aggEntry struct {
	sig string
	agg func(AggCall) State
}

type setEntry struct {
	sig string
	set SetFunc
}

type windowEntry struct {
	sig    string
	window WindowFunc
}

// attach gives every function the kernel that a family's table has for it.
func (r *registry) attach() {
	ordered, physical := comparisonKernels()
	for _, table := range append(kernelTables(), ordered) {
		for _, e := range table {
			r.each(e.sig, 'f', func(f *Func) bool {
				if f.RetSet || f.Kernel != nil {
					return f.Kernel == nil
				}
				f.Kernel, f.Compare = e.kernel, physical[e.sig]
				return true
			})
		}
	}
	for _, table := range aggTables() {
		for _, e := range table {
			r.each(e.sig, 'a', func(f *Func) bool {
				free := f.Agg == nil
				f.Agg = e.agg
				return free
			})
		}
	}
	for _, table := range setTables() {
		for _, e := range table {
			r.each(e.sig, 'f', func(f *Func) bool {
				if !f.RetSet {
					return true
				}
				free := f.Set == nil
				f.Set = e.set
				return free
			})
		}
	}
	for _, e := range windowFuncs {
		r.each(e.sig, 'w', func(f *Func) bool {
			free := f.Window == nil
			f.Window = e.window
			return free
		})
	}
}

// each calls do for the functions of the given kind that sig names; do says whether the function was
// still free.
func (r *registry) each(sig string, kind byte, do func(*Func) bool) {
	var list []*Func
	if sig[len(sig)-1] == ')' {
		if f := r.funcBySignature(sig); f != nil {
			list = append(list, f)
		}
	} else {
		list = r.funcName[sig]
	}
	found := false
	for _, f := range list {
		if f.Kind != kind {
			continue
		}
		found = true
		if !do(f) {
			r.doubled = append(r.doubled, sig)
		}
	}
	if !found {
		r.unmatched = append(r.unmatched, sig)
	}
}

// ReadsSession says that a function reads the session's time zone although pg_proc calls it immutable.
func (f *Func) ReadsSession() bool { return f.OID == ageOfInstantsOID }

// ageOfInstantsOID is age(timestamptz, timestamptz).
const ageOfInstantsOID = 1199

// Supported says whether the function can run.
func (f *Func) Supported() bool {
	return f.Kernel != nil || f.Agg != nil || f.Set != nil || f.Window != nil
}

// Unsupported is the error for a call of a function that has nothing to run it.
func (f *Func) Unsupported() error { return pgerr.Unsupported("function %s", f.Name) }

// RunSet runs a set-returning function for one row of arguments: no rows when the function is strict
// and an argument is null.
func RunSet(f *Func, c *Call, args []types.Datum, emit func(row []types.Datum) error) error {
	if f.Set == nil {
		return f.Unsupported()
	}
	if f.Strict {
		for _, a := range args {
			if a.Null {
				return nil
			}
		}
	}
	return f.Set(c, args, emit)
}
