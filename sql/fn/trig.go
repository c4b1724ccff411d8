package fn

import (
	"math"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// Trigonometry in degrees gives exact results at the angles where one expects them: values are scaled
// by the float result at such an angle, so that its rounding error cancels.
var (
	sin30         = math.Sin(inRadians(30))
	oneMinusCos60 = 1 - math.Cos(inRadians(60))
	asinHalf      = math.Asin(0.5)
	acosHalf      = math.Acos(0.5)
	atanOne       = math.Atan(1)
	tan45         = sinQuarter(45) / cosQuarter(45)
)

func inRadians(a float64) float64 { return a * (math.Pi / 180) }

func sinTo30(a float64) float64 { return math.Sin(inRadians(a)) / sin30 / 2 }
func cosTo60(a float64) float64 { return 1 - (1-math.Cos(inRadians(a)))/oneMinusCos60/2 }

// sinQuarter and cosQuarter take angles from 0 to 90.
func sinQuarter(a float64) float64 {
	if a <= 30 {
		return sinTo30(a)
	}
	return cosTo60(90 - a)
}

func cosQuarter(a float64) float64 {
	if a <= 60 {
		return cosTo60(a)
	}
	return sinTo30(90 - a)
}

// quarter folds an angle into 0 to 90 and tells the signs that sine and cosine had.
func quarter(a float64) (folded, sinSign, cosSign float64) {
	a = math.Mod(a, 360)
	sinSign, cosSign = 1, 1
	if a < 0 {
		a, sinSign = -a, -1
	}
	if a > 180 {
		a, sinSign = 360-a, -sinSign
	}
	if a > 90 {
		a, cosSign = 180-a, -1
	}
	return a, sinSign, cosSign
}

func sinDegrees(a float64) float64 {
	a, sign, _ := quarter(a)
	return sign * sinQuarter(a)
}

func cosDegrees(a float64) float64 {
	a, _, sign := quarter(a)
	return sign * cosQuarter(a)
}

func tanDegrees(a float64) float64 {
	a, s, c := quarter(a)
	return s*c*(sinQuarter(a)/cosQuarter(a)/tan45) + 0 // no minus zero
}

func cotDegrees(a float64) float64 {
	a, s, c := quarter(a)
	return s*c*(cosQuarter(a)/sinQuarter(a)/tan45) + 0
}

func asinPositive(a float64) float64 {
	if a <= 0.5 {
		return math.Asin(a) / asinHalf * 30
	}
	return 90 - math.Acos(a)/acosHalf*60
}

func asinDegrees(a float64) float64 {
	if a < 0 {
		return -asinPositive(-a)
	}
	return asinPositive(a)
}

func acosDegrees(a float64) float64 {
	if a < 0 {
		return 90 + asinPositive(-a)
	}
	if a <= 0.5 {
		return 90 - math.Asin(a)/asinHalf*30
	}
	return math.Acos(a) / acosHalf * 60
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
		return bucketAbove(count)
	}
	if math.IsInf(hi-lo, 0) {
		v, lo, hi = v/2, lo/2, hi/2
	}
	bucket := int64(float64(count)*((v-lo)/(hi-lo))) + 1
	return types.IntDatum(min(bucket, count)), nil
}

// bucketAbove is the bucket of what is not below the upper bound.
func bucketAbove(count int64) (types.Datum, error) {
	if count == math.MaxInt32 {
		return types.Datum{}, errOutOfRange(int4.name)
	}
	return types.IntDatum(count + 1), nil
}
