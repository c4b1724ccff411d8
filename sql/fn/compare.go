package fn

import (
	"cmp"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// Comparison is one of the six comparisons.
type Comparison uint8

// The comparisons, as = <> < <= > >=.
const (
	EQ Comparison = iota + 1
	NE
	LT
	LE
	GT
	GE
)

// Flip is the comparison with the operands exchanged.
func (c Comparison) Flip() Comparison { return [...]Comparison{0, EQ, NE, GT, GE, LT, LE}[c] }

// Holds gives the outcome for operands of which it is known whether the first is less or equal.
func (c Comparison) Holds(less, equal bool) bool {
	switch c {
	case EQ:
		return equal
	case NE:
		return !equal
	case LT:
		return less
	case LE:
		return less || equal
	case GT:
		return !less && !equal
	}
	return !less
}

// ordered are the kinds whose order is Go's own.
type ordered interface{ int64 | string }

// The loops of comparisons: two for each operator, since a dense batch needs no indirection. > and >=
// are < and <= with the operands exchanged.

func eq[T ordered](a, b []T, sel []int32, r []bool) {
	if sel == nil {
		a, b = a[:len(r)], b[:len(r)]
		for i := range r {
			r[i] = a[i] == b[i]
		}
		return
	}
	for _, i := range sel {
		r[i] = a[i] == b[i]
	}
}

func ne[T ordered](a, b []T, sel []int32, r []bool) {
	if sel == nil {
		a, b = a[:len(r)], b[:len(r)]
		for i := range r {
			r[i] = a[i] != b[i]
		}
		return
	}
	for _, i := range sel {
		r[i] = a[i] != b[i]
	}
}

func lt[T ordered](a, b []T, sel []int32, r []bool) {
	if sel == nil {
		a, b = a[:len(r)], b[:len(r)]
		for i := range r {
			r[i] = a[i] < b[i]
		}
		return
	}
	for _, i := range sel {
		r[i] = a[i] < b[i]
	}
}

func le[T ordered](a, b []T, sel []int32, r []bool) {
	if sel == nil {
		a, b = a[:len(r)], b[:len(r)]
		for i := range r {
			r[i] = a[i] <= b[i]
		}
		return
	}
	for _, i := range sel {
		r[i] = a[i] <= b[i]
	}
}

// The same of floats, where NaN equals itself and is above all numbers.

func feq(a, b []float64, sel []int32, r []bool) {
	if sel == nil {
		a, b = a[:len(r)], b[:len(r)]
		for i := range r {
			r[i] = a[i] == b[i] || (a[i] != a[i] && b[i] != b[i])
		}
		return
	}
	for _, i := range sel {
		r[i] = a[i] == b[i] || (a[i] != a[i] && b[i] != b[i])
	}
}

func fne(a, b []float64, sel []int32, r []bool) {
	if sel == nil {
		a, b = a[:len(r)], b[:len(r)]
		for i := range r {
			r[i] = a[i] != b[i] && (a[i] == a[i] || b[i] == b[i])
		}
		return
	}
	for _, i := range sel {
		r[i] = a[i] != b[i] && (a[i] == a[i] || b[i] == b[i])
	}
}

func flt(a, b []float64, sel []int32, r []bool) {
	if sel == nil {
		a, b = a[:len(r)], b[:len(r)]
		for i := range r {
			r[i] = a[i] < b[i] || (b[i] != b[i] && a[i] == a[i])
		}
		return
	}
	for _, i := range sel {
		r[i] = a[i] < b[i] || (b[i] != b[i] && a[i] == a[i])
	}
}

func fle(a, b []float64, sel []int32, r []bool) {
	if sel == nil {
		a, b = a[:len(r)], b[:len(r)]
		for i := range r {
			r[i] = a[i] <= b[i] || b[i] != b[i]
		}
		return
	}
	for _, i := range sel {
		r[i] = a[i] <= b[i] || b[i] != b[i]
	}
}

// comparison makes a kernel of a loop; swap exchanges the operands.
func comparison[T value](loop func(a, b []T, sel []int32, r []bool), swap bool) Kernel {
	return func(_ *Call, args []*batch.Column, sel []int32, n int, out *batch.Column) error {
		a, b := vals[T](args[0]), vals[T](args[1])
		if swap {
			a, b = b, a
		}
		loop(a, b, sel, out.B[:n])
		return nil
	}
}

// operatorNames are the endings of the functions of = <> < <= > >=, in that order.
var operatorNames = [6]string{"eq", "ne", "lt", "le", "gt", "ge"}

// comparisons makes the six entries of a type from its six kernels.
func comparisons(prefix string, kernels [6]Kernel) []entry {
	list := make([]entry, 6)
	for i, name := range operatorNames {
		list[i] = entry{prefix + name, kernels[i]}
	}
	return list
}

func orderedKernels[T ordered]() [6]Kernel {
	return [6]Kernel{
		comparison(eq[T], false), comparison(ne[T], false), comparison(lt[T], false),
		comparison(le[T], false), comparison(lt[T], true), comparison(le[T], true),
	}
}

func floatKernelsOf() [6]Kernel {
	return [6]Kernel{
		comparison(feq, false), comparison(fne, false), comparison(flt, false),
		comparison(fle, false), comparison(flt, true), comparison(fle, true),
	}
}

// byOrder makes the six kernels of a type from its order.
func byOrder[A, B value](order func(a A, b B) int) [6]Kernel {
	return [6]Kernel{
		map2(func(a A, b B) bool { return order(a, b) == 0 }),
		map2(func(a A, b B) bool { return order(a, b) != 0 }),
		map2(func(a A, b B) bool { return order(a, b) < 0 }),
		map2(func(a A, b B) bool { return order(a, b) <= 0 }),
		map2(func(a A, b B) bool { return order(a, b) > 0 }),
		map2(func(a A, b B) bool { return order(a, b) >= 0 }),
	}
}

// compareBlankPadded is the order of character(n): trailing blanks do not count.
func compareBlankPadded(a, b string) int {
	return cmp.Compare(strings.TrimRight(a, " "), strings.TrimRight(b, " "))
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// compareChars is the order of "char", which is unsigned.
func compareChars(a, b int64) int { return cmp.Compare(uint8(a), uint8(b)) }

// compareUnsigned is the order of xid8 and pg_lsn, whose 64 bits are held as they are.
func compareUnsigned(a, b int64) int { return cmp.Compare(uint64(a), uint64(b)) }

// comparisonKernels are the comparisons of all types whose order needs no more than the value, and
// which of them go by the order of the physical form.
func comparisonKernels() ([]entry, map[string]Comparison) {
	list := make([]entry, 0, 280)
	physical := make(map[string]Comparison, 280)
	add := func(sig string, kernels [6]Kernel, op int) {
		list = append(list, entry{sig, kernels[op]})
		physical[sig] = EQ + Comparison(op)
	}
	ints, texts, floats := orderedKernels[int64](), orderedKernels[string](), floatKernelsOf()
	for op, name := range operatorNames {
		for _, prefix := range []string{
			"int2", "int4", "int8", "int24", "int42", "int28", "int82", "int48", "int84", "oid",
			"date_", "time_", "timestamp_", "timestamptz_", "cash_",
		} {
			add(prefix+name, ints, op)
		}
		for _, prefix := range []string{"name", "bytea", "uuid_"} {
			add(prefix+name, texts, op)
		}
		for _, prefix := range []string{"float4", "float8", "float48", "float84"} {
			add(prefix+name, floats, op)
		}
		add("name"+name+"text", texts, op)
		add("text"+name+"name", texts, op)
		if op < 2 {
			add("text"+name, texts, op)
		} else {
			add("text_"+name, texts, op)
			add("text_pattern_"+name, texts, op)
			add("bpchar_pattern_"+name, texts, op)
		}
	}
	add("xideq", ints, 0)
	add("xidneq", ints, 1)
	add("xideqint4", ints, 0)
	add("xidneqint4", ints, 1)
	add("cideq", ints, 0)
	list = append(list, comparisons("bool", byOrder(compareBools))...)
	list = append(list, comparisons("char", byOrder(compareChars))...)
	list = append(list, comparisons("xid8", byOrder(compareUnsigned))...)
	list = append(list, comparisons("pg_lsn_", byOrder(compareUnsigned))...)
	list = append(list, comparisons("bpchar", byOrder(compareBlankPadded))...)
	return append(list,
		entry{"btint2cmp", compareInts}, entry{"btint4cmp", compareInts}, entry{"btint8cmp", compareInts},
		entry{"bttextcmp", compareTexts}, entry{"bttext_pattern_cmp", compareTexts},
	), physical
}

var (
	compareInts  = map2(func(a, b int64) int64 { return int64(cmp.Compare(a, b)) })
	compareTexts = map2(func(a, b string) int64 { return int64(strings.Compare(a, b)) })
)

func compareStrings(a, b string) int { return strings.Compare(a, b) }
func compareInt64(a, b int64) int    { return cmp.Compare(a, b) }

// byType makes comparisons of a type whose order its codecs define.
func byType(prefix, typeName string) []entry {
	return comparisons(prefix, byTypeOrder(func(c *Call) func(a, b types.Datum) int {
		return comparer(typeNamed(typeName))
	}))
}

// byArguments makes comparisons whose order is that of the actual argument type: arrays, records.
func byArguments(prefix string) []entry {
	return comparisons(prefix, byTypeOrder(func(c *Call) func(a, b types.Datum) int { return comparer(c.Args[0].OID) }))
}

// arrayComparisons refuse arrays of what has no order, such as json.
func arrayComparisons() []entry {
	list := byArguments("array_")
	for i, e := range list {
		need := "a comparison function"
		if e.sig == "array_eq" || e.sig == "array_ne" {
			need = "an equality operator"
		}
		list[i].kernel = func(c *Call, args []*batch.Column, sel []int32, n int, out *batch.Column) error {
			if t := types.Lookup(elementOf(c.Args[0].OID)); t != nil && t.Compare == nil && selected(sel, n) > 0 {
				return pgerr.New(pgerrcode.UndefinedFunction, "could not identify %s for type %s", need, types.FormatType(types.Of(t.OID)))
			}
			return e.kernel(c, args, sel, n, out)
		}
	}
	return list
}

func typeNamed(name string) types.OID {
	if t := types.ByName(name); t != nil {
		return t.OID
	}
	return 0
}

// byTypeOrder makes the six kernels of an order that is found once a batch.
func byTypeOrder(order func(c *Call) func(a, b types.Datum) int) [6]Kernel {
	var list [6]Kernel
	for op := range list {
		list[op] = func(c *Call, args []*batch.Column, sel []int32, n int, out *batch.Column) error {
			compare := order(c)
			for k := range selected(sel, n) {
				i := at(sel, k)
				o := compare(args[0].Datum(i), args[1].Datum(i))
				out.B[i] = (EQ + Comparison(op)).Holds(o < 0, o == 0)
			}
			return nil
		}
	}
	return list
}

// typedComparisons are the comparisons that go by a type's codecs.
func typedComparisons() []entry {
	var list []entry
	for _, t := range []struct{ prefix, name string }{
		{"numeric_", "numeric"},
		{"interval_", "interval"},
		{"timetz_", "timetz"},
		{"jsonb_", "jsonb"},
		{"oidvector", "oidvector"},
		{"vector_", "vector"},
		{"halfvec_", "halfvec"},
		{"sparsevec_", "sparsevec"},
		{"bit", "bit"},
		{"varbit", "varbit"},
	} {
		list = append(list, byType(t.prefix, t.name)...)
	}
	list = append(list, arrayComparisons()...)
	return append(list, comparisons("record_", recordKernels())...)
}

// recordKernels compare records, which must have fields of the same types as far as they are equal.
func recordKernels() [6]Kernel {
	var list [6]Kernel
	for op := range list {
		list[op] = try2(func(a, b string) (bool, error) {
			o, err := types.CompareRecords(a, b)
			return (EQ + Comparison(op)).Holds(o < 0, o == 0), err
		})
	}
	return list
}
