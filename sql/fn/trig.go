package fn

import (
	"math"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// Trigonometry in degrees gives exact results at the angles where one expects them.

func sinDegrees(a float64) float64 {
	a = math.Mod(a, 360)
	sign := 1.0
	if a < 0 {
		a, sign = -a, -1
	}
	if a > 180 {
		a, sign = 360-a, -sign
	}
	if a > 90 {
		a = 180 - a
	}
	switch a {
	case 0:
		return 0
	case 30:
		return sign * 0.5
	case 90:
		return sign
	}
	return sign * math.Sin(a*(math.Pi/180))
}

func cosDegrees(a float64) float64 {
	a = math.Mod(math.Abs(a), 360)
	sign := 1.0
	if a > 180 {
		a = 360 - a
	}
	if a > 90 {
		a, sign = 180-a, -1
	}
	switch a {
	case 0:
		return sign
	case 60:
		return sign * 0.5
	case 90:
		return 0
	}
	return sign * math.Cos(a*(math.Pi/180))
}

// inDegrees rounds away the last bit where that gives a whole number of degrees.
func inDegrees(radians float64) float64 {
	d := radians * (180 / math.Pi)
	if r := math.Round(d); math.Abs(d-r) < 1e-13*math.Max(1, math.Abs(d)) {
		return r
	}
	return d
}

// rowsConst is a function without arguments whose value is a constant.
func rowsConst(v float64) Kernel {
	return func(_ *Call, _ []*batch.Column, sel []int32, n int, out *batch.Column) error {
		for k := range selected(sel, n) {
			out.F[at(sel, k)] = v
		}
		return nil
	}
}

func randomRows(c *Call, _ []*batch.Column, sel []int32, n int, out *batch.Column) error {
	for k := range selected(sel, n) {
		out.F[at(sel, k)] = c.Env.Random()
	}
	return nil
}

func setSeed(c *Call, seed float64) (string, error) {
	if math.IsNaN(seed) || seed < -1 || seed > 1 {
		return "", errParameter("setseed parameter %v is out of allowed range [-1,1]", seed)
	}
	if c.Env.Seed != nil {
		c.Env.Seed(seed)
	}
	return "", nil
}

// randomNormal is the polar method: two uniform numbers make a normal one.
func randomNormal(c *Call, mean, deviation float64) (float64, error) {
	for {
		u, v := 2*c.Env.Random()-1, 2*c.Env.Random()-1
		if s := u*u + v*v; s > 0 && s < 1 {
			return mean + deviation*u*math.Sqrt(-2*math.Log(s)/s), nil
		}
	}
}

func errBuckets(text string) error {
	return pgerr.New(pgerrcode.InvalidArgumentForWidthBucketFunction, "%s", text)
}

// widthBucketFloat is the number of the bucket, from 1, of count equal ones between two bounds.
func widthBucketFloat(_ *Call, args []types.Datum) (types.Datum, error) {
	v, lo, hi, count := args[0].Float(), args[1].Float(), args[2].Float(), args[3].I
	if count <= 0 {
		return types.Datum{}, errBuckets("count must be greater than zero")
	}
	if math.IsNaN(v) || math.IsNaN(lo) || math.IsNaN(hi) {
		return types.Datum{}, errBuckets("operand, lower bound, and upper bound cannot be NaN")
	}
	if math.IsInf(lo, 0) || math.IsInf(hi, 0) {
		return types.Datum{}, errBuckets("lower and upper bounds must be finite")
	}
	if lo == hi {
		return types.Datum{}, errBuckets("lower bound cannot equal upper bound")
	}
	if lo > hi {
		v, lo, hi = -v, -lo, -hi
	}
	switch {
	case v < lo:
		return types.IntDatum(0), nil
	case v >= hi:
		if count == math.MaxInt32 {
			return types.Datum{}, errOutOfRange(int4.name)
		}
		return types.IntDatum(count + 1), nil
	}
	bucket := int64(float64(count)*(v-lo)/(hi-lo)) + 1
	return types.IntDatum(min(bucket, count)), nil
}
