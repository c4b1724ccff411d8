package fn_test

import (
	"bytes"
	"cmp"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// sampled lists the plain functions that can run over sample values of all their arguments.
func sampled(t *testing.T, env *fn.Env, each func(f *fn.Func, samples [][]types.Datum)) {
	t.Helper()
	count := 0
	for _, f := range fn.AllFuncs() {
		if f.Kernel == nil || f.Kind != 'f' || f.RetSet || f.Vol == fn.Volatile || f.Variadic != 0 || len(f.Args) == 0 {
			continue
		}
		if c := fn.CastBetween(f.Ret, f.Ret); c != nil && c.Func == f {
			continue // a length coercion, whose second argument is a typmod that was checked before
		}
		ret := types.Lookup(f.Ret)
		if ret == nil || ret.Kind == 'p' || ret.Format == nil {
			continue
		}
		samples := make([][]types.Datum, len(f.Args))
		ok := true
		for i, a := range f.Args {
			samples[i] = samplesOf(t, env.Session, a)
			ok = ok && samples[i] != nil
		}
		if ok {
			each(f, samples)
			count++
		}
	}
	if count < 700 {
		t.Errorf("only %d functions were called", count)
	}
}

func signature(f *fn.Func) string {
	args := make([]string, len(f.Args))
	for i, a := range f.Args {
		args[i] = types.Lookup(a).Name
	}
	return f.Name + "(" + strings.Join(args, ", ") + ")"
}

// TestStrictFunctionsOfNull holds that a strict function is null when any argument is, whatever the others are.
func TestStrictFunctionsOfNull(t *testing.T) {
	env := testEnv(t)
	sampled(t, env, func(f *fn.Func, samples [][]types.Datum) {
		if !f.Strict {
			return
		}
		for null := range f.Args {
			for k := range 3 {
				call := &eval.Call{F: f, T: types.Of(f.Ret)}
				for i, a := range f.Args {
					d := samples[i][(k*5+i)%len(samples[i])]
					if i == null {
						d = types.NullDatum
					}
					call.Args = append(call.Args, &eval.Const{T: types.Of(a), D: d})
				}
				if d, err := eval.Constant(&eval.Runtime{Env: env}, call); err != nil || !d.Null {
					t.Errorf("%s with argument %d null: %v, %v", signature(f), null+1, d, err)
				}
			}
		}
	})
}

// kernelCall is one call of a kernel over columns.
type kernelCall struct {
	f    *fn.Func
	call *fn.Call
	cols []*batch.Column
	env  *fn.Env
}

// run evaluates the selected rows of n and gives each as text, "" for the others. A panic is an error.
func (c kernelCall) run(cols []*batch.Column, sel []int32, n int) (got []string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	out := batch.New(types.Of(c.f.Ret), types.Lookup(c.f.Ret).Physical, n)
	out.Resize(n)
	if err := c.f.Kernel(c.call, cols, sel, n, out); err != nil {
		return nil, err
	}
	got = make([]string, n)
	for k := range n {
		if sel == nil {
			got[k] = shown(c.env.Session, c.f.Ret, out.Datum(k))
		}
	}
	for _, i := range sel {
		got[i] = shown(c.env.Session, c.f.Ret, out.Datum(int(i)))
	}
	return got, nil
}

// TestKernelsOverSelections holds that a kernel over a batch answers for each selected row what it answers for that
// row alone, and raises errors for selected rows only.
func TestKernelsOverSelections(t *testing.T) {
	const seed, rows = 11, 65
	r := rand.New(rand.NewPCG(seed, seed))
	env := testEnv(t)
	sampled(t, env, func(f *fn.Func, samples [][]types.Datum) {
		c := kernelCall{f: f, env: env, call: &fn.Call{Env: env, Ret: types.Of(f.Ret)}}
		for i, a := range f.Args {
			c.call.Args = append(c.call.Args, types.Of(a))
			c.cols = append(c.cols, randomColumn(r, a, samples[i], rows, true))
		}
		alone := make([]string, rows)
		fine, bad := make([]int32, 0, rows), []int32(nil)
		for i := range rows {
			one := make([]*batch.Column, len(c.cols))
			null := false
			for j, col := range c.cols {
				one[j] = batch.New(col.Type, col.Phys, 1)
				one[j].Append(col.Datum(i))
				null = null || col.Null(i)
			}
			if null && f.Strict {
				continue // the caller takes such rows out
			}
			got, err := c.run(one, nil, 1)
			if err != nil {
				if strings.HasPrefix(err.Error(), "panic") {
					t.Errorf("%s: %v", signature(f), err)
				}
				bad = append(bad, int32(i))
				continue
			}
			alone[i] = got[0]
			fine = append(fine, int32(i))
		}
		got, err := c.run(c.cols, fine, rows)
		if err != nil {
			t.Errorf("%s, seed %d: %v over rows that have no error alone", signature(f), seed, err)
			return
		}
		for i := range rows {
			if got[i] != alone[i] {
				t.Errorf("%s, seed %d: row %d is %s in a batch, %s alone", signature(f), seed, i, got[i], alone[i])
				return
			}
		}
		if len(bad) > 0 {
			if _, err := c.run(c.cols, append(fine[:len(fine):len(fine)], bad[len(bad)-1]), rows); err == nil {
				t.Errorf("%s, seed %d: a batch with row %d has no error", signature(f), seed, bad[len(bad)-1])
			}
		}
	})
}

// holds evaluates a boolean operator; ok is false when it has an error.
func holds(env *fn.Env, op *fn.Operator, a, b types.Datum) (result, ok bool) {
	call := &eval.Call{F: op.Func, T: types.Of(op.Ret), Args: []eval.Expr{
		&eval.Const{T: types.Of(op.Left), D: a}, &eval.Const{T: types.Of(op.Right), D: b},
	}}
	d, err := eval.Constant(&eval.Runtime{Env: env}, call)
	return d.Bool(), err == nil
}

// TestCommutatorsAndNegators holds that a op b is b commutator a, and that the negator says the opposite.
func TestCommutatorsAndNegators(t *testing.T) {
	env := testEnv(t)
	pairs := 0
	for _, op := range fn.AllOperators() {
		if op.Left == 0 || op.Func == nil || op.Func.Kernel == nil || op.Ret != types.BoolOID {
			continue
		}
		left, right := samplesOf(t, env.Session, op.Left), samplesOf(t, env.Session, op.Right)
		commutator, negator := fn.OperatorByOID(op.Commutator), fn.OperatorByOID(op.Negator)
		for _, a := range left {
			for _, b := range right {
				want, ok := holds(env, op, a, b)
				if !ok {
					continue
				}
				pairs++
				shownAs := shown(env.Session, op.Left, a) + " " + op.Name + " " + shown(env.Session, op.Right, b)
				if commutator != nil && commutator.Func.Kernel != nil {
					if got, ok := holds(env, commutator, b, a); !ok || got != want {
						t.Errorf("%s is %v, its commutator %v", shownAs, want, got)
					}
				}
				if negator != nil && negator.Func.Kernel != nil {
					if got, ok := holds(env, negator, a, b); !ok || got == want {
						t.Errorf("%s is %v, its negator %v too", shownAs, want, got)
					}
				}
			}
		}
	}
	if pairs < 10000 {
		t.Errorf("only %d pairs were compared", pairs)
	}
}

func sign(order int) int { return cmp.Compare(order, 0) }

// TestOrderOperators holds that the operators of every btree class of one type are one total order, which is also that
// of the type's Compare and of its keys.
func TestOrderOperators(t *testing.T) {
	env := testEnv(t)
	classes := 0
	for _, class := range fn.OpClasses() {
		typ := types.Lookup(class.Type)
		if class.AM != "btree" || !class.Default || typ == nil || typ.Compare == nil {
			continue
		}
		samples := samplesOf(t, env.Session, class.Type)
		var ops [6]*fn.Operator
		for i, name := range []string{"", "<", "<=", "=", ">=", ">"} {
			ops[i] = fn.FindOperator(name, class.Type, class.Type)
		}
		if samples == nil || ops[1] == nil {
			continue
		}
		classes++
		for _, a := range samples {
			for _, b := range samples {
				order := sign(typ.Compare(a, b))
				shownAs := shown(env.Session, class.Type, a) + " and " + shown(env.Session, class.Type, b) + " of " + typ.Name
				if back := sign(typ.Compare(b, a)); back != -order {
					t.Errorf("%s: Compare is %d and %d", shownAs, order, back)
				}
				if keys := bytes.Compare(typ.AppendKey(nil, a), typ.AppendKey(nil, b)); keys != order {
					t.Errorf("%s: Compare is %d, keys %d", shownAs, order, keys)
				}
				for i, want := range []bool{false, order < 0, order <= 0, order == 0, order >= 0, order > 0} {
					if i == 0 {
						continue
					}
					if got, ok := holds(env, ops[i], a, b); !ok || got != want {
						t.Errorf("%s: %s is %v, Compare %d", shownAs, ops[i].Name, got, order)
					}
				}
				for _, c := range samples {
					if order <= 0 && typ.Compare(b, c) <= 0 && typ.Compare(a, c) > 0 {
						t.Errorf("%s and %s: no order", shownAs, shown(env.Session, class.Type, c))
					}
				}
			}
		}
	}
	if classes < 18 {
		t.Errorf("only %d classes have samples", classes)
	}
}

// TestThreeWayComparisons holds that the functions behind btree classes have the sign of Compare.
func TestThreeWayComparisons(t *testing.T) {
	env := testEnv(t)
	for name, typ := range map[string]string{
		"btint2cmp": "int2", "btint4cmp": "int4", "btint8cmp": "int8", "btfloat4cmp": "float4", "btfloat8cmp": "float8",
		"numeric_cmp": "numeric", "bttextcmp": "text", "bpcharcmp": "bpchar", "byteacmp": "bytea", "date_cmp": "date",
		"time_cmp":   "time",
		"timetz_cmp": "timetz", "timestamp_cmp": "timestamp", "timestamptz_cmp": "timestamptz", "interval_cmp": "interval",
		"uuid_cmp": "uuid", "jsonb_cmp": "jsonb", "vector_cmp": "vector", "btoidcmp": "oid", "btnamecmp": "name",
	} {
		f, args := find(t, name+"("+typ+","+typ+")")
		if f.Kernel == nil {
			t.Errorf("%s is not supported", name)
			continue
		}
		samples := samplesOf(t, env.Session, args[0].OID)
		for _, a := range samples {
			for _, b := range samples {
				d, err := eval.Constant(&eval.Runtime{Env: env}, &eval.Call{F: f, T: types.Of(types.Int4OID), Args: []eval.Expr{
					&eval.Const{T: args[0], D: a}, &eval.Const{T: args[1], D: b},
				}})
				want := sign(types.Lookup(args[0].OID).Compare(a, b))
				if err != nil || d.I != int64(want) {
					t.Errorf("%s(%s, %s) is %d (%v), Compare %d", name, shown(env.Session, args[0].OID, a),
						shown(env.Session, args[1].OID, b), d.I, err, want)
				}
			}
		}
	}
}

// TestCastsOfSamples holds that a cast has a value or an error with a SQLSTATE, and that one there and back between
// a type and text is the value again.
func TestCastsOfSamples(t *testing.T) {
	env := testEnv(t)
	for name := range sampleTexts {
		typ := types.ByName(name)
		for _, d := range samplesOf(t, env.Session, typ.OID) {
			text := shown(env.Session, typ.OID, d)
			back, err := typ.Parse(text, -1, env.Session)
			if err != nil || shown(env.Session, typ.OID, back) != text {
				t.Errorf("%s %s: read back as %v (%v)", name, text, back, err)
			}
		}
	}
	for _, c := range fn.AllCasts() {
		if c.Method != fn.CastFunc || c.Func == nil || c.Func.Kernel == nil || len(c.Func.Args) != 1 {
			continue
		}
		for _, d := range samplesOf(t, env.Session, c.Source) {
			call := &eval.Call{F: c.Func, T: types.Of(c.Target), Args: []eval.Expr{&eval.Const{T: types.Of(c.Source), D: d}}}
			if _, err := eval.Constant(&eval.Runtime{Env: env}, call); err != nil && strings.HasPrefix(pgerr.Code(err), "XX") {
				t.Errorf("%s of %s: %v", signature(c.Func), shown(env.Session, c.Source, d), err)
			}
		}
	}
}
