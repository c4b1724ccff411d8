package fn

import (
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// value is the Go form of a physical kind. Adaptors below turn a function of one row into a kernel;
// try* may fail, with* also see the call. What runs often has its own loop instead.
type value interface {
	bool | int64 | float64 | string
}

// vals returns the values of a column of physical kind T.
func vals[T value](c *batch.Column) []T {
	var p any
	switch any(*new(T)).(type) {
	case bool:
		p = &c.B
	case int64:
		p = &c.I
	case float64:
		p = &c.F
	default:
		p = &c.S
	}
	return *p.(*[]T)
}

func map1[A, R value](f func(A) R) Kernel {
	return func(_ *Call, args []*batch.Column, sel []int32, n int, out *batch.Column) error {
		a, r := vals[A](args[0]), vals[R](out)
		if sel == nil {
			for i := range n {
				r[i] = f(a[i])
			}
			return nil
		}
		for _, i := range sel {
			r[i] = f(a[i])
		}
		return nil
	}
}

func try1[A, R value](f func(A) (R, error)) Kernel {
	return with1(func(_ *Call, a A) (R, error) { return f(a) })
}

func with1[A, R value](f func(*Call, A) (R, error)) Kernel {
	return func(c *Call, args []*batch.Column, sel []int32, n int, out *batch.Column) error {
		a, r := vals[A](args[0]), vals[R](out)
		for k := range selected(sel, n) {
			i := at(sel, k)
			v, err := f(c, a[i])
			if err != nil {
				return err
			}
			r[i] = v
		}
		return nil
	}
}

func map2[A, B, R value](f func(A, B) R) Kernel {
	return func(_ *Call, args []*batch.Column, sel []int32, n int, out *batch.Column) error {
		a, b, r := vals[A](args[0]), vals[B](args[1]), vals[R](out)
		if sel == nil {
			for i := range n {
				r[i] = f(a[i], b[i])
			}
			return nil
		}
		for _, i := range sel {
			r[i] = f(a[i], b[i])
		}
		return nil
	}
}

func try2[A, B, R value](f func(A, B) (R, error)) Kernel {
	return with2(func(_ *Call, a A, b B) (R, error) { return f(a, b) })
}

func with2[A, B, R value](f func(*Call, A, B) (R, error)) Kernel {
	return func(c *Call, args []*batch.Column, sel []int32, n int, out *batch.Column) error {
		a, b, r := vals[A](args[0]), vals[B](args[1]), vals[R](out)
		for k := range selected(sel, n) {
			i := at(sel, k)
			v, err := f(c, a[i], b[i])
			if err != nil {
				return err
			}
			r[i] = v
		}
		return nil
	}
}

func try3[A, B, C, R value](f func(A, B, C) (R, error)) Kernel {
	return func(_ *Call, args []*batch.Column, sel []int32, n int, out *batch.Column) error {
		a, b, c, r := vals[A](args[0]), vals[B](args[1]), vals[C](args[2]), vals[R](out)
		for k := range selected(sel, n) {
			i := at(sel, k)
			v, err := f(a[i], b[i], c[i])
			if err != nil {
				return err
			}
			r[i] = v
		}
		return nil
	}
}

// rows is the adaptor for what has many arguments, sees nulls, or gives nulls.
func rows(f func(c *Call, args []types.Datum) (types.Datum, error)) Kernel {
	return func(c *Call, args []*batch.Column, sel []int32, n int, out *batch.Column) error {
		row := make([]types.Datum, len(args))
		for k := range selected(sel, n) {
			i := at(sel, k)
			for j, a := range args {
				row[j] = a.Datum(i)
			}
			d, err := f(c, row)
			if err != nil {
				return err
			}
			out.SetDatum(i, d)
		}
		return nil
	}
}

// selected is the number of rows that count.
func selected(sel []int32, n int) int {
	if sel == nil {
		return n
	}
	return len(sel)
}

// at is the position of the k-th row that counts.
func at(sel []int32, k int) int {
	if sel == nil {
		return k
	}
	return int(sel[k])
}

// Errors that many kernels share, in PostgreSQL's words.

func errOutOfRange(typeName string) error {
	return pgerr.New(pgerrcode.NumericValueOutOfRange, "%s out of range", typeName)
}

func errOverflow() error {
	return pgerr.New(pgerrcode.NumericValueOutOfRange, "value out of range: overflow")
}

func errUnderflow() error {
	return pgerr.New(pgerrcode.NumericValueOutOfRange, "value out of range: underflow")
}

func errDivisionByZero() error {
	return pgerr.New(pgerrcode.DivisionByZero, "division by zero")
}

func errParameter(format string, args ...any) *pgerr.Error {
	return pgerr.New(pgerrcode.InvalidParameterValue, format, args...)
}
