package eval_test

import (
	"cmp"
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/types"
)

// pools are values of types of every physical form, ordinary ones and those that order in ways of their own.
var pools = map[string][]string{
	"bool": {"t", "f"}, "int2": {"-32768", "0", "7", "32767"},
	"int8":   {"-9223372036854775808", "-1", "0", "1", "9223372036854775807"},
	"float8": {"-Infinity", "-1.5", "-0", "0", "1e-300", "2", "Infinity", "NaN"},
	"float4": {"-3", "-0", "0", "0.5", "NaN"},
	"text":   {"", "a", "A", "ab", "b", "ä", "z"}, "bpchar": {"", "a", "a  ", "b"},
	"numeric":  {"-1.5", "0", "0.00", "1", "1.0", "1e20", "NaN", "Infinity"},
	"date":     {"0001-01-01 BC", "2024-02-29", "infinity", "-infinity"},
	"interval": {"0", "1 mon", "30 days", "720:00:00", "-1 day"},
	"uuid":     {"00000000-0000-0000-0000-000000000000", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
	"bytea":    {`\x`, `\x00`, `\xff`, `\x0001`},
	"_int4":    {"{}", "{1}", "{1,2}", "{1,NULL}", "{{1,2}}"}, "jsonb": {"null", "1", "1.0", `"a"`, "[]", `{"a": 1}`},
}

// pool is a type with its values.
type pool struct {
	name   string
	typ    *types.Type
	values []types.Datum
}

func sortedPools(t *testing.T) []pool {
	t.Helper()
	var out []pool
	for name, texts := range pools {
		p := pool{name: name, typ: types.ByName(name)}
		for _, s := range texts {
			d, err := p.typ.Parse(s, -1, nil)
			if err != nil {
				t.Fatal(err)
			}
			p.values = append(p.values, d)
		}
		out = append(out, p)
	}
	slices.SortFunc(out, func(x, y pool) int { return cmp.Compare(x.name, y.name) })
	return out
}

// pick is a value of the pool or null.
func (p *pool) pick(r *rand.Rand) types.Datum {
	if r.Intn(6) == 0 {
		return types.NullDatum
	}
	return p.values[r.Intn(len(p.values))]
}

// batch has n rows of two columns, the second without nulls.
func (p *pool) batch(r *rand.Rand, n int) *batch.Batch {
	left, right := batch.New(types.Of(p.typ.OID), p.typ.Physical, n), batch.New(types.Of(p.typ.OID), p.typ.Physical, n)
	for range n {
		left.Append(p.pick(r))
		right.Append(p.values[r.Intn(len(p.values))])
	}
	return &batch.Batch{Cols: []*batch.Column{left, right}, N: n}
}

func (p *pool) col(id eval.ColID) eval.Expr {
	return &eval.Col{ID: id, T: types.Of(p.typ.OID), Name: string(rune('`' + id))}
}

func (p *pool) constant(d types.Datum) eval.Expr { return &eval.Const{T: types.Of(p.typ.OID), D: d} }

// compare is a comparison of two expressions of the pool's type.
func (p *pool) compare(name string, l, r eval.Expr) eval.Expr {
	return &eval.Call{F: p.operator(name), Args: []eval.Expr{l, r}, T: boolT, Op: name, Form: eval.FormOp}
}

// operator is the function of a comparison; arrays share theirs.
func (p *pool) operator(name string) *fn.Func {
	if p.typ.Elem != 0 {
		return fn.FindOperator(name, types.AnyArrayOID, types.AnyArrayOID).Func
	}
	return fn.FindOperator(name, p.typ.OID, p.typ.OID).Func
}

// overRows checks e against a model of one row over batches of no row, of one, of some and of about a full batch,
// plain and with selections; a condition also as a filter.
func (p *pool) overRows(t *testing.T, seed int64, e eval.Expr, rt *eval.Runtime, want func(left, right types.Datum) types.Datum) {
	t.Helper()
	seed += int64(len(show(e)))
	r := rand.New(rand.NewSource(seed))
	prog, err := eval.Compile(e, slot)
	if err != nil {
		t.Fatalf("%s: %s: %v", p.name, show(e), err)
	}
	sizes := []int{0, 1, 9}
	if seed%5 == 0 { // some of all expressions, for they are many
		sizes = append(sizes, batch.RowsMax-1+r.Intn(3))
	}
	for _, n := range sizes {
		in := p.batch(r, n)
		for _, sel := range selections(r, n)[:2] {
			in.Sel = sel
			col, err := prog.Eval(rt, in)
			if err != nil {
				t.Fatalf("seed %d, %s: %s over %d rows: %v", seed, p.name, show(e), n, err)
			}
			var yes []int32
			for k := range in.Rows() {
				i := in.Row(k)
				wanted := want(in.Cols[0].Datum(i), in.Cols[1].Datum(i))
				if got := col.Datum(i); !sameDatum(got, wanted) {
					t.Fatalf("seed %d, %s: %s: row %d of %d is %v, want %v", seed, p.name, show(e), i, n, got, wanted)
				}
				if e.Type().OID == boolOID && !wanted.Null && wanted.Bool() {
					yes = append(yes, int32(i))
				}
			}
			if e.Type().OID != boolOID {
				continue
			}
			if rows, err := prog.Filter(rt, in); err != nil || !slices.Equal(rows, yes) {
				t.Fatalf("seed %d, %s: %s keeps %v of %d rows, want %v (%v)", seed, p.name, show(e), rows, n, yes, err)
			}
		}
	}
}

// sameDatum tells values apart by their bits, so that -0 is not 0 and NaN is NaN.
func sameDatum(x, y types.Datum) bool { return x.Null && y.Null || x == y }

// truth is a boolean, null when unknown.
func truth(unknown, is bool) types.Datum {
	if unknown {
		return types.NullDatum
	}
	return types.BoolDatum(is)
}

// holds says what a comparison gives for the order of its operands.
func holds(op string, order int) bool {
	switch op {
	case "=":
		return order == 0
	case "<>":
		return order != 0
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}

// TestComparisonsOfEveryForm holds that each comparison follows the order of its type, whatever its operands are:
// columns, a constant on either side, a parameter, an outer column, NULL.
func TestComparisonsOfEveryForm(t *testing.T) {
	for _, p := range sortedPools(t) {
		for i, name := range []string{"=", "<>", "<", "<=", ">", ">="} {
			seed := int64(200 + i)
			rt := runtime()
			v := p.values[int(seed)%len(p.values)]
			rt.Params = []types.Datum{v}
			rt.Outer = func(eval.ColID) types.Datum { return v }
			test := func(x, y types.Datum) types.Datum {
				return truth(x.Null || y.Null, !x.Null && !y.Null && holds(name, p.typ.Compare(x, y)))
			}
			l, r := p.col(1), p.col(2)
			check := func(e eval.Expr, want func(left, right types.Datum) types.Datum) {
				t.Helper()
				p.overRows(t, seed, e, rt, want)
			}
			check(p.compare(name, l, r), test)
			check(p.compare(name, r, l), func(x, y types.Datum) types.Datum { return test(y, x) })
			check(p.compare(name, l, p.constant(v)), func(x, _ types.Datum) types.Datum { return test(x, v) })
			check(p.compare(name, p.constant(v), l), func(x, _ types.Datum) types.Datum { return test(v, x) })
			check(p.compare(name, r, &eval.Param{N: 1, T: types.Of(p.typ.OID)}),
				func(_, y types.Datum) types.Datum { return test(y, v) })
			check(p.compare(name, p.col(99), l), func(x, _ types.Datum) types.Datum { return test(v, x) })
			check(p.compare(name, r, p.constant(types.NullDatum)),
				func(types.Datum, types.Datum) types.Datum { return types.NullDatum })
			check(&eval.Not{Arg: p.compare(name, l, p.constant(v))}, func(x, _ types.Datum) types.Datum {
				d := test(x, v)
				return truth(d.Null, !d.Bool())
			})
		}
	}
}

// TestConditionalsOfEveryForm holds COALESCE, NULLIF, GREATEST, LEAST, CASE and IS DISTINCT FROM over values of
// every form.
func TestConditionalsOfEveryForm(t *testing.T) {
	const seed = 210
	for _, p := range sortedPools(t) {
		v, own := p.values[len(p.values)-1], types.Of(p.typ.OID)
		l, r, rt := p.col(1), p.col(2), runtime()
		eq := p.operator("=")
		check := func(e eval.Expr, want func(left, right types.Datum) types.Datum) {
			t.Helper()
			p.overRows(t, seed, e, rt, want)
		}
		check(&eval.Coalesce{Args: []eval.Expr{l, r}, T: own}, func(x, y types.Datum) types.Datum {
			if x.Null {
				return y
			}
			return x
		})
		check(&eval.Coalesce{Args: []eval.Expr{p.constant(types.NullDatum), l, p.constant(v)}, T: own},
			func(x, _ types.Datum) types.Datum {
				if x.Null {
					return v
				}
				return x
			})
		check(&eval.NullIf{Left: l, Right: r, Eq: eq}, func(x, y types.Datum) types.Datum {
			if x.Null || p.typ.Compare(x, y) == 0 {
				return types.NullDatum
			}
			return x
		})
		for _, greatest := range []bool{false, true} {
			check(&eval.MinMax{Args: []eval.Expr{l, r, p.constant(v)}, Greatest: greatest, T: own},
				func(x, y types.Datum) types.Datum {
					best := types.NullDatum
					for _, d := range []types.Datum{x, y, v} {
						if d.Null {
							continue
						}
						if order := 0; best.Null {
							best = d
						} else if order = p.typ.Compare(d, best); greatest && order > 0 || !greatest && order < 0 {
							best = d
						}
					}
					return best
				})
		}
		less := func(x, y types.Datum) bool { return !x.Null && p.typ.Compare(x, y) < 0 }
		check(&eval.Case{Whens: []eval.When{
			{Cond: p.compare("<", l, r), Result: l},
			{Cond: p.compare("=", l, p.constant(v)), Result: r},
		}, T: own},
			func(x, y types.Datum) types.Datum {
				switch {
				case less(x, y):
					return x
				case !x.Null && p.typ.Compare(x, v) == 0:
					return y
				}
				return types.NullDatum
			})
		for _, not := range []bool{false, true} {
			check(&eval.Distinct{Left: l, Right: r, Eq: eq, Not: not}, func(x, y types.Datum) types.Datum {
				return types.BoolDatum((x.Null || p.typ.Compare(x, y) != 0) != not)
			})
			check(&eval.Distinct{Left: l, Right: p.constant(types.NullDatum), Eq: eq, Not: not},
				func(x, _ types.Datum) types.Datum {
					return types.BoolDatum(x.Null == not)
				})
			check(&eval.IsNull{Arg: l, Not: not}, func(x, _ types.Datum) types.Datum { return types.BoolDatum(x.Null != not) })
		}
	}
}

// TestMembershipOfEveryForm holds = ANY, <> ALL and < ANY over lists of constants short and long, with and without a
// null, of columns, and over the same as an array.
func TestMembershipOfEveryForm(t *testing.T) {
	const seed = 220
	r := rand.New(rand.NewSource(seed))
	for _, p := range sortedPools(t) {
		arrayOID := p.typ.Array
		if arrayOID == 0 {
			continue
		}
		for _, name := range []string{"=", "<>", "<"} {
			for size := range 8 {
				list := &eval.Array{T: types.Of(arrayOID)}
				var members []types.Datum
				for range size {
					members = append(members, p.pick(r))
					list.Elems = append(list.Elems, p.constant(members[len(members)-1]))
				}
				for _, all := range []bool{false, true} {
					want := func(x, _ types.Datum) types.Datum {
						unknown := false
						for _, m := range members {
							switch {
							case x.Null || m.Null:
								unknown = true
							case holds(name, p.typ.Compare(x, m)) != all:
								return types.BoolDatum(!all)
							}
						}
						return truth(unknown, all)
					}
					e := &eval.AnyAll{Left: p.col(1), Right: list, F: p.operator(name), Op: name, All: all}
					p.overRows(t, seed, e, runtime(), want)
					array := *e
					array.Right = &eval.Relabel{Arg: list, T: list.T}
					p.overRows(t, seed, &array, runtime(), want)
				}
			}
			e := &eval.AnyAll{
				Left: p.col(1), Right: &eval.Array{Elems: []eval.Expr{p.col(2), p.col(1)}, T: types.Of(arrayOID)},
				F: p.operator(name), Op: name,
			}
			p.overRows(t, seed, e, runtime(), func(x, y types.Datum) types.Datum {
				return truth(x.Null, !x.Null && (holds(name, p.typ.Compare(x, y)) || holds(name, 0)))
			})
		}
	}
}

// TestTextsOfEveryForm holds that a cast to text and back, and a row, an array and their parts, give the value again.
func TestTextsOfEveryForm(t *testing.T) {
	const seed = 230
	for _, p := range sortedPools(t) {
		own, l, rt := types.Of(p.typ.OID), p.col(1), runtime()
		itself := func(x, _ types.Datum) types.Datum { return x }
		text := &eval.IOCast{Arg: l, T: types.Of(textOID)}
		p.overRows(t, seed, text, rt, func(x, _ types.Datum) types.Datum {
			if x.Null {
				return x
			}
			return types.StringDatum(string(p.typ.Format(nil, x, nil)))
		})
		p.overRows(t, seed, &eval.IOCast{Arg: text, T: own}, rt, itself)
		row := &eval.Row{Fields: []eval.Expr{p.col(2), l}, T: types.Of(types.RecordOID)}
		p.overRows(t, seed, &eval.Field{Arg: row, N: 1, T: own}, rt, itself)
		p.overRows(t, seed, &eval.Field{Arg: &eval.Relabel{Arg: row, T: row.T}, N: 1, T: own}, rt, itself)
		if p.typ.Array == 0 || p.name[0] == '_' {
			continue
		}
		array := &eval.Array{Elems: []eval.Expr{p.col(2), l}, T: types.Of(p.typ.Array)}
		for index, want := range []func(x, y types.Datum) types.Datum{
			func(_, _ types.Datum) types.Datum { return types.NullDatum }, func(_, y types.Datum) types.Datum { return y },
			itself,
			func(_, _ types.Datum) types.Datum { return types.NullDatum },
		} {
			part := &eval.Subscript{Arg: array, Indexes: []eval.SubscriptIndex{{Upper: num(int64(index))}}, T: own}
			p.overRows(t, seed, part, rt, want)
		}
	}
}

// TestMadeCountsStrings holds that a Runtime learns how many bytes functions have made, of the rows that count alone.
func TestMadeCountsStrings(t *testing.T) {
	repeat := fn.FuncsByName("repeat")[0]
	e := &eval.Call{F: repeat, Args: []eval.Expr{lit("text", "xyz"), a()}, T: types.Of(textOID)}
	p, err := eval.Compile(e, slot)
	if err != nil {
		t.Fatal(err)
	}
	f := func(sel []int32, want int64) {
		t.Helper()
		in, rt := testBatch(5), runtime()
		in.Sel = sel
		if _, err := p.Eval(rt, in); err != nil || rt.Made != want {
			t.Errorf("%v: %d bytes, want %d (%v)", sel, rt.Made, want, err)
		}
	}
	f(nil, 30)
	f([]int32{4}, 12)
	f([]int32{0}, 0)
	f([]int32{}, 0)
	if got := fmt.Sprint(p.Type().OID); got != fmt.Sprint(textOID) {
		t.Errorf("a program of type %s", got)
	}
}
