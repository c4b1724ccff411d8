package types

import (
	"encoding/binary"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
)

// Interval is a decoded interval: three parts that do not convert into each other. The canonical form is
// 16 bytes, little-endian: µs (8), days (4), months (4), the order of PostgreSQL's binary form.
type Interval struct {
	Months, Days int32
	Micros       int64
}

// DecodeInterval reads the canonical form.
func DecodeInterval(s string) Interval {
	if len(s) != 16 {
		return Interval{}
	}
	b := []byte(s)
	return Interval{
		Micros: int64(binary.LittleEndian.Uint64(b)), Days: int32(binary.LittleEndian.Uint32(b[8:])),
		Months: int32(binary.LittleEndian.Uint32(b[12:])),
	}
}

// Encode returns the canonical form.
func (v Interval) Encode() string {
	b := binary.LittleEndian.AppendUint64(make([]byte, 0, 16), uint64(v.Micros))
	b = binary.LittleEndian.AppendUint32(b, uint32(v.Days))
	return string(binary.LittleEndian.AppendUint32(b, uint32(v.Months)))
}

// Neg returns -v.
func (v Interval) Neg() Interval { return Interval{-v.Months, -v.Days, -v.Micros} }

// span is v in microseconds with 30 days a month, split so that it cannot overflow.
func (v Interval) span() (days, micros int64) {
	days = int64(v.Months)*30 + int64(v.Days) + fdiv(v.Micros, MicrosPerDay)
	return days, v.Micros - fdiv(v.Micros, MicrosPerDay)*MicrosPerDay
}

// IntervalCmp orders as PostgreSQL does: a month is 30 days, a day 24 hours.
func IntervalCmp(a, b Interval) int {
	da, ma := a.span()
	db, mb := b.span()
	if c := compareInt(IntDatum(da), IntDatum(db)); c != 0 {
		return c
	}
	return compareInt(IntDatum(ma), IntDatum(mb))
}

func registerInterval(t *Type) {
	t.Physical = String
	t.Parse = func(s string, mod int32, env *Session) (Datum, error) {
		v, err := parseInterval(s, mod, env)
		if err != nil {
			return Datum{}, err
		}
		return StringDatum(v.apply(mod).Encode()), nil
	}
	t.Format = func(dst []byte, d Datum, env *Session) []byte { return AppendInterval(dst, DecodeInterval(d.S), env) }
	t.Recv = func(b []byte, mod int32, _ *Session) (Datum, error) {
		if err := exactly(b, 16); err != nil {
			return Datum{}, err
		}
		v := Interval{
			Micros: readInt(b[:8]), Days: int32(binary.BigEndian.Uint32(b[8:])), Months: int32(binary.BigEndian.Uint32(b[12:])),
		}
		return StringDatum(v.apply(mod).Encode()), nil
	}
	t.Send = func(dst []byte, d Datum, _ *Session) []byte {
		v := DecodeInterval(d.S)
		return appendInt(appendInt(appendInt(dst, v.Micros, 8), int64(v.Days), 4), int64(v.Months), 4)
	}
	t.Compare = func(a, b Datum) int { return IntervalCmp(DecodeInterval(a.S), DecodeInterval(b.S)) }
	t.AppendKey = func(dst []byte, d Datum) []byte {
		days, micros := DecodeInterval(d.S).span()
		return appendIntKey(appendIntKey(dst, IntDatum(days)), IntDatum(micros))
	}
	t.Arrow = arrowOf(&arrow.FixedSizeBinaryType{ByteWidth: 16})
	t.ModIn = intervalModIn
	t.ModOut = func(mod int32) string {
		out := intervalRanges[mod>>16&fieldsAll]
		if p := mod & 0xffff; p != 0xffff {
			out += "(" + strconv.Itoa(int(p)) + ")"
		}
		return out
	}
	t.ApplyMod = func(d Datum, mod int32, _ bool) (Datum, error) {
		return StringDatum(DecodeInterval(d.S).apply(mod).Encode()), nil
	}
}

// Bits of the field range in an interval's typmod.
const (
	fieldMonth  = 1 << 1
	fieldYear   = 1 << 2
	fieldDay    = 1 << 3
	fieldHour   = 1 << 10
	fieldMinute = 1 << 11
	fieldSecond = 1 << 12
	fieldsAll   = 0x7fff
)

// intervalRanges are the names of the ranges of fields that a type can be declared with.
var intervalRanges = map[int32]string{
	fieldYear:                          " year",
	fieldMonth:                         " month",
	fieldDay:                           " day",
	fieldHour:                          " hour",
	fieldMinute:                        " minute",
	fieldSecond:                        " second",
	fieldYear | fieldMonth:             " year to month",
	fieldDay | fieldHour:               " day to hour",
	fieldHour | fieldMinute:            " hour to minute",
	fieldMinute | fieldSecond:          " minute to second",
	fieldDay | fieldHour | fieldMinute: " day to minute",
	fieldDay | fieldHour | fieldMinute | fieldSecond: " day to second",
	fieldHour | fieldMinute | fieldSecond:            " hour to second",
}

// intervalModIn takes the range of fields and perhaps the precision, as the grammar gives them.
func intervalModIn(args []int32) (int32, error) {
	fields, precision := args[0], int32(0xffff)
	if len(args) == 2 {
		precision = min(args[1], 6)
		if args[1] < 0 {
			return 0, pgerr.New(pgerrcode.InvalidParameterValue, "INTERVAL(%d) precision must not be negative", args[1])
		}
	}
	return fields<<16 | precision, nil
}

// apply cuts v to the fields and the precision of a typmod.
func (v Interval) apply(mod int32) Interval {
	if mod < 0 {
		return v
	}
	if p := mod & 0xffff; p != 0xffff {
		v.Micros = roundMicros(v.Micros, p)
	}
	fields := mod >> 16 & fieldsAll
	if fields == fieldsAll || fields == 0 {
		return v
	}
	switch {
	case fields&fieldSecond != 0:
	case fields&fieldMinute != 0:
		v.Micros = v.Micros / MicrosPerMinute * MicrosPerMinute
	case fields&fieldHour != 0:
		v.Micros = v.Micros / MicrosPerHour * MicrosPerHour
	case fields&fieldDay != 0:
		v.Micros = 0
	case fields&fieldMonth != 0:
		v.Micros, v.Days = 0, 0
	case fields&fieldYear != 0:
		v.Micros, v.Days, v.Months = 0, 0, v.Months/12*12
	}
	return v
}

// AppendInterval prints an interval in the session's style.
func AppendInterval(dst []byte, v Interval, env *Session) []byte {
	style := "postgres"
	if env != nil && env.IntervalStyle != "" {
		style = env.IntervalStyle
	}
	switch style {
	case "postgres_verbose":
		return appendVerbose(dst, v)
	case "sql_standard":
		return appendStandard(dst, v)
	case "iso_8601":
		return appendISO(dst, v)
	}
	return appendPostgres(dst, v)
}

func plural(n int64) string {
	if n == 1 {
		return ""
	}
	return "s"
}

func appendPostgres(dst []byte, v Interval) []byte {
	start, neg := len(dst), false
	part := func(n int64, unit string) {
		if n == 0 {
			return
		}
		if len(dst) > start {
			dst = append(dst, ' ')
		}
		if neg && n > 0 {
			dst = append(dst, '+')
		}
		dst = strconv.AppendInt(dst, n, 10)
		dst = append(append(dst, ' '), unit...)
		dst = append(dst, plural(n)...)
		neg = n < 0
	}
	part(int64(v.Months/12), "year")
	part(int64(v.Months%12), "mon")
	part(int64(v.Days), "day")
	if v.Micros == 0 && len(dst) > start {
		return dst
	}
	if len(dst) > start {
		dst = append(dst, ' ')
	}
	if v.Micros < 0 {
		dst = append(dst, '-')
	} else if neg {
		dst = append(dst, '+')
	}
	return appendClock(dst, absMicros(v.Micros), 2)
}

func appendVerbose(dst []byte, v Interval) []byte {
	dst = append(dst, '@')
	ago, first := false, true
	part := func(n int64, unit string) {
		if n == 0 {
			return
		}
		if first {
			ago, first = n < 0, false
		}
		if ago {
			n = -n
		}
		dst = strconv.AppendInt(append(dst, ' '), n, 10)
		dst = append(append(dst, ' '), unit...)
		dst = append(dst, plural(n)...)
	}
	part(int64(v.Months/12), "year")
	part(int64(v.Months%12), "mon")
	part(int64(v.Days), "day")
	part(v.Micros/MicrosPerHour, "hour")
	part(v.Micros/MicrosPerMinute%60, "min")
	if sec := v.Micros % MicrosPerMinute; sec != 0 {
		if first {
			ago, first = sec < 0, false
		}
		if ago {
			sec = -sec
		}
		dst = append(dst, ' ')
		if sec < 0 {
			dst = append(dst, '-')
			sec = -sec
		}
		dst = strconv.AppendInt(dst, sec/MicrosPerSecond, 10)
		dst = appendFraction(dst, sec%MicrosPerSecond)
		dst = append(dst, " sec"...)
		if sec != MicrosPerSecond {
			dst = append(dst, 's')
		}
	}
	if first {
		return append(dst, " 0"...)
	}
	if ago {
		dst = append(dst, " ago"...)
	}
	return dst
}

// absMicros is |us|, also of the least int64.
func absMicros(us int64) uint64 {
	if us < 0 {
		return -uint64(us)
	}
	return uint64(us)
}

func appendStandard(dst []byte, v Interval) []byte {
	neg := v.Months < 0 || v.Days < 0 || v.Micros < 0
	pos := v.Months > 0 || v.Days > 0 || v.Micros > 0
	hasYM, hasDT := v.Months != 0, v.Days != 0 || v.Micros != 0
	abs := func(n int64) int64 { return abs64(n) }
	ym := func(dst []byte, m int64) []byte {
		dst = strconv.AppendInt(dst, m/12, 10)
		return strconv.AppendInt(append(dst, '-'), m%12, 10)
	}
	sign := func(n int64) byte {
		if n < 0 {
			return '-'
		}
		return '+'
	}
	switch {
	case !neg && !pos:
		return append(dst, '0')
	case neg && pos || hasYM && hasDT:
		dst = ym(append(dst, sign(int64(v.Months))), abs(int64(v.Months)))
		dst = strconv.AppendInt(append(dst, ' ', sign(int64(v.Days))), abs(int64(v.Days)), 10)
		return appendClock(append(dst, ' ', sign(v.Micros)), absMicros(v.Micros), 1)
	}
	if neg {
		dst = append(dst, '-')
	}
	switch {
	case hasYM:
		return ym(dst, abs(int64(v.Months)))
	case v.Days != 0:
		dst = append(strconv.AppendInt(dst, abs(int64(v.Days)), 10), ' ')
	}
	return appendClock(dst, absMicros(v.Micros), 1)
}

func appendISO(dst []byte, v Interval) []byte {
	if v == (Interval{}) {
		return append(dst, "PT0S"...)
	}
	part := func(n int64, unit byte) {
		if n != 0 {
			dst = append(strconv.AppendInt(dst, n, 10), unit)
		}
	}
	dst = append(dst, 'P')
	part(int64(v.Months/12), 'Y')
	part(int64(v.Months%12), 'M')
	part(int64(v.Days), 'D')
	if v.Micros == 0 {
		return dst
	}
	dst = append(dst, 'T')
	part(v.Micros/MicrosPerHour, 'H')
	part(v.Micros/MicrosPerMinute%60, 'M')
	if sec := v.Micros % MicrosPerMinute; sec != 0 {
		if sec < 0 {
			dst = append(dst, '-')
			sec = -sec
		}
		dst = strconv.AppendInt(dst, sec/MicrosPerSecond, 10)
		dst = append(appendFraction(dst, sec%MicrosPerSecond), 'S')
	}
	return dst
}
