package fn

import (
	"cmp"
	"strings"

	"github.com/vecdb/vecdb/sql/batch"
)

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

// comparisonKernels are the comparisons of all types whose order needs no more than the value.
func comparisonKernels() []entry {
	var list []entry
	ints, texts, floats := orderedKernels[int64](), orderedKernels[string](), floatKernelsOf()
	for _, prefix := range []string{
		"int2", "int4", "int8", "int24", "int42", "int28", "int82", "int48", "int84", "oid",
		"date_", "time_", "timestamp_", "timestamptz_", "cash_", "xid8", "pg_lsn_",
	} {
		list = append(list, comparisons(prefix, ints)...)
	}
	for _, prefix := range []string{"name", "bytea", "uuid_"} {
		list = append(list, comparisons(prefix, texts)...)
	}
	for i, name := range []string{"texteq", "textne", "text_lt", "text_le", "text_gt", "text_ge"} {
		list = append(list, entry{name, texts[i]})
	}
	for i, name := range operatorNames {
		list = append(list, entry{"name" + name + "text", texts[i]}, entry{"text" + name + "name", texts[i]})
		if i >= 2 {
			list = append(list, entry{"text_pattern_" + name, texts[i]}, entry{"bpchar_pattern_" + name, texts[i]})
		}
	}
	for _, prefix := range []string{"float4", "float8", "float48", "float84"} {
		list = append(list, comparisons(prefix, floats)...)
	}
	list = append(list, comparisons("bool", byOrder(compareBools))...)
	list = append(list, comparisons("char", byOrder(compareChars))...)
	list = append(list, comparisons("bpchar", byOrder(compareBlankPadded))...)
	return append(list,
		entry{"xideq", ints[0]}, entry{"xidneq", ints[1]}, entry{"xideqint4", ints[0]},
		entry{"xidneqint4", ints[1]}, entry{"cideq", ints[0]},
		entry{"btint2cmp", compareInts}, entry{"btint4cmp", compareInts}, entry{"btint8cmp", compareInts},
		entry{"bttextcmp", compareTexts}, entry{"bttext_pattern_cmp", compareTexts},
	)
}

var (
	compareInts  = map2(func(a, b int64) int64 { return int64(cmp.Compare(a, b)) })
	compareTexts = map2(func(a, b string) int64 { return int64(strings.Compare(a, b)) })
)
