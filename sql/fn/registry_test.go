package fn

import "testing"

func TestEntriesMatchFacts(t *testing.T) {
	r := load()
	for _, sig := range r.unmatched {
		t.Errorf("no function for entry %s", sig)
	}
	for _, sig := range r.doubled {
		t.Errorf("two entries for %s", sig)
	}
	for _, f := range r.funcs {
		if f.Ret == 0 {
			t.Errorf("%s: unknown return type", f.Name)
		}
		if f.Defaults != len(f.DefaultArgs) && f.Supported() {
			t.Errorf("%s: %d defaults, %d values", f.Name, f.Defaults, len(f.DefaultArgs))
		}
	}
	for _, o := range r.ops {
		if o.Func == nil {
			t.Errorf("operator %s(%d,%d) has no function", o.Name, o.Left, o.Right)
		}
	}
	for _, c := range r.casts {
		if c.Method == CastFunc && c.Func == nil {
			t.Errorf("cast %d has no function", c.OID)
		}
	}
	if len(r.ops) < 799 || len(r.casts) < 229 || len(r.funcs) < 3286 {
		t.Errorf("%d operators, %d casts, %d functions", len(r.ops), len(r.casts), len(r.funcs))
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		load()
	}
}
