package fn_test

import (
	"math"
	"testing"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/types"
)

func TestVectorCalls(t *testing.T) {
	env := testEnv(t)
	f := func(sig, want string, args ...string) {
		t.Helper()
		if _, got := run(t, env, sig, args, ""); got != want {
			t.Errorf("%s %q: got %s, want %s", sig, args, got, want)
		}
	}
	const two = "(vector,vector)"
	f("l2_distance"+two, "5", "[0,0]", "[3,4]")
	f("l2_distance"+two, "22000 different vector dimensions 2 and 1", "[1,2]", "[3]")
	f("vector_l2_squared_distance"+two, "25", "[0,0]", "[3,4]")
	f("inner_product"+two, "11", "[1,2]", "[3,4]")
	f("vector_negative_inner_product"+two, "-11", "[1,2]", "[3,4]")
	f("cosine_distance"+two, "0", "[1,2]", "[2,4]")
	f("cosine_distance"+two, "NaN", "[1,2]", "[0,0]")
	f("cosine_distance"+two, "2", "[1,1]", "[-1,-1]")
	f("l1_distance"+two, "7", "[0,0]", "[3,4]")
	f("vector_spherical_distance"+two, "0.5", "[1,0]", "[0,1]")
	f("vector_dims(vector)", "3", "[1,2,3]")
	f("vector_norm(vector)", "5", "[3,4]")
	f("l2_normalize(vector)", "[0.6,0.8]", "[3,4]")
	f("l2_normalize(vector)", "[0,0]", "[0,0]")
	f("l2_normalize(vector)", "[1]", "[3e38]")
	f("vector_add"+two, "[5,7,9]", "[1,2,3]", "[4,5,6]")
	f("vector_add"+two, "22003 value out of range: overflow", "[3e38]", "[3e38]")
	f("vector_add"+two, "22000 different vector dimensions 2 and 1", "[1,2]", "[3]")
	f("vector_sub"+two, "[-3,-3,-3]", "[1,2,3]", "[4,5,6]")
	f("vector_mul"+two, "[4,10,18]", "[1,2,3]", "[4,5,6]")
	f("vector_mul"+two, "22003 value out of range: underflow", "[1e-37]", "[1e-37]")
	f("vector_concat"+two, "[1,2,3,4]", "[1,2]", "[3,4]")
	f("subvector(vector,int4,int4)", "[1,2,3]", "[1,2,3,4,5]", "1", "3")
	f("subvector(vector,int4,int4)", "[3,4,5]", "[1,2,3,4,5]", "3", "9")
	f("subvector(vector,int4,int4)", "[1,2]", "[1,2,3,4,5]", "-1", "4")
	f("subvector(vector,int4,int4)", "22000 vector must have at least 1 dimension", "[1,2,3]", "1", "0")
	f("subvector(vector,int4,int4)", "22000 vector must have at least 1 dimension", "[1,2,3]", "4", "2")
	f("subvector(vector,int4,int4)", "[2,3]", "[1,2,3]", "2", "2147483647")
	f("vector(vector,int4,bool)", "22000 expected 2 dimensions, not 3", "[1,2,3]", "2", "f")
	f("vector(vector,int4,bool)", "[1,2,3]", "[1,2,3]", "-1", "f")
	f("vector_to_float4(vector,int4,bool)", "{1,2.5}", "[1,2.5]", "-1", "f")
	f("array_to_vector(_int4,int4,bool)", "[1,2]", "{1,2}", "-1", "f")
	f("array_to_vector(_float8,int4,bool)", "22000 NaN not allowed in vector", "{NaN}", "-1", "f")
	f("array_to_vector(_float8,int4,bool)", "22000 infinite value not allowed in vector", "{1e300}", "-1", "f")
	f("array_to_vector(_numeric,int4,bool)", "[1.5]", "{1.5}", "1", "f")
	f("array_to_vector(_float4,int4,bool)", "22000 array must be 1-D", "{{1},{2}}", "-1", "f")
	f("array_to_vector(_float4,int4,bool)", "22004 array must not contain nulls", "{1,NULL}", "-1", "f")
	f("array_to_vector(_float4,int4,bool)", "22000 vector must have at least 1 dimension", "{}", "-1", "f")
	f("array_to_vector(_float4,int4,bool)", "22000 expected 3 dimensions, not 2", "{1,2}", "3", "f")
	f("vector_lt"+two, "t", "[1,2]", "[1,2,3]")
	f("vector_eq"+two, "t", "[1,2]", "[1,2]")
	f("vector_ge"+two, "f", "[1,2]", "[2]")
	f("vector_cmp"+two, "-1", "[1,2]", "[2]")
}

func TestVectorAggregates(t *testing.T) {
	env := testEnv(t)
	vec := types.Of(types.VectorOID)
	f := func(sig, list, want string) {
		t.Helper()
		agg, args := find(t, sig)
		col := column(t, env, vec, list, 0, false)
		if _, got := aggregate(agg, args, []*batch.Column{col}, types.Lookup(types.VectorOID), env, true); got != want {
			t.Errorf("%s %s: got %s, want %s", sig, list, got, want)
		}
	}
	f("sum(vector)", `{"[1,2]","[3,4]",NULL}`, "[4,6]")
	f("avg(vector)", `{"[1,2]","[3,5]"}`, "[2,3.5]")
	f("avg(vector)", `{NULL}`, "<null>")
	f("sum(vector)", `{"[3e38]","[3e38]"}`, "22003 value out of range: overflow")
	f("sum(vector)", `{"[1]","[1,2]"}`, "22000 different vector dimensions 1 and 2")
	f("avg(vector)", `{"[1,2]","[3]"}`, "22000 expected 2 dimensions, not 1")
}

// FuzzVector compares the kernels with sums in float64.
func FuzzVector(f *testing.F) {
	f.Add([]byte{1, 2, 3}, []byte{4, 5, 6})
	f.Fuzz(func(t *testing.T, a, b []byte) {
		n := min(len(a), len(b))
		if n == 0 {
			return
		}
		x, y := make([]float32, n), make([]float32, n)
		var l2, l1, dot float64
		for i := range n {
			x[i], y[i] = float32(int8(a[i]))/4, float32(int8(b[i]))/4
			d := float64(x[i]) - float64(y[i])
			l2, l1, dot = l2+d*d, l1+math.Abs(d), dot+float64(x[i])*float64(y[i])
		}
		env := testEnv(t)
		for sig, want := range map[string]float64{
			"l2_distance(vector,vector)": math.Sqrt(l2), "l1_distance(vector,vector)": l1, "inner_product(vector,vector)": dot,
		} {
			g, args := find(t, sig)
			out := batch.New(types.Of(types.Float8OID), types.Float, 1)
			out.Resize(1)
			cols := []*batch.Column{
				{Type: args[0], Phys: types.String, S: []string{types.VectorString(x)}},
				{Type: args[1], Phys: types.String, S: []string{types.VectorString(y)}},
			}
			if err := g.Kernel(&fn.Call{Env: env, Args: args}, cols, nil, 1, out); err != nil {
				t.Fatal(err)
			}
			if math.Abs(out.F[0]-want) > 1e-3*(1+math.Abs(want)) {
				t.Errorf("%s of %v and %v: got %v, want %v", sig, x, y, out.F[0], want)
			}
		}
	})
}

func BenchmarkL2(b *testing.B) {
	g, args := find(b, "l2_distance(vector,vector)")
	const rows, dims = 1024, 384
	col := batch.New(args[0], types.String, rows)
	for i := range rows {
		v := make([]float32, dims)
		v[i%dims] = 1
		col.Append(types.StringDatum(types.VectorString(v)))
	}
	out := batch.New(types.Of(types.Float8OID), types.Float, rows)
	out.Resize(rows)
	for b.Loop() {
		if err := g.Kernel(&fn.Call{Args: args}, []*batch.Column{col, col}, nil, rows, out); err != nil {
			b.Fatal(err)
		}
	}
}
