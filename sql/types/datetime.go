package types

import (
	"encoding/binary"
	"math"
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
)

// nowMicros is the transaction's time; tests without a session have the epoch.
func nowMicros(env *Session) int64 {
	if env == nil {
		return 0
	}
	return env.NowMicros
}

// today is the local day of the transaction.
func today(env *Session) int64 {
	d, _ := SplitTimestamp(ToLocal(zoneOf(env), nowMicros(env)))
	return d
}

// localOf turns a parsed moment into a local timestamp. Instant says that it is UTC already.
func localOf(m moment, env *Session) (us int64, instant bool) {
	day := int64(0)
	switch m.special {
	case "infinity":
		return Infinity, true
	case "-infinity":
		return NegInfinity, true
	case "now":
		return nowMicros(env), true
	case "epoch":
		return -unixEpochDays * MicrosPerDay, true
	case "today":
		day = today(env)
	case "tomorrow":
		day = today(env) + 1
	case "yesterday":
		day = today(env) - 1
	default:
		day = DateFromYMD(m.year, m.month, m.day)
	}
	return day*MicrosPerDay + m.micros, false
}

func registerDate(t *Type) {
	t.Physical = Int
	t.Parse = func(s string, _ int32, env *Session) (Datum, error) {
		m, err := parseMoment(s, "date", env)
		if err != nil {
			return Datum{}, err
		}
		if m.special == "" && !m.hasDate {
			return Datum{}, pgerr.New(pgerrcode.InvalidDatetimeFormat, "invalid input syntax for type date: \"%s\"", s)
		}
		us, instant := localOf(m, env)
		if us == Infinity || us == NegInfinity {
			return IntDatum(us), nil
		}
		if instant && m.special == "now" {
			us = ToLocal(zoneOf(env), us)
		}
		d, _ := SplitTimestamp(us)
		if m.special == "" {
			d = DateFromYMD(m.year, m.month, m.day)
		}
		if d < dateMin || d > dateMax {
			return Datum{}, pgerr.New(pgerrcode.DatetimeFieldOverflow, "date out of range: \"%s\"", s)
		}
		return IntDatum(d), nil
	}
	t.Format = func(dst []byte, d Datum, env *Session) []byte { return AppendDate(dst, d.I, env) }
	t.Recv = func(b []byte, _ int32, _ *Session) (Datum, error) {
		if err := exactly(b, 4); err != nil {
			return Datum{}, err
		}
		d := WidenDate(int32(binary.BigEndian.Uint32(b)))
		if d != Infinity && d != NegInfinity && (d < dateMin || d > dateMax) {
			return Datum{}, pgerr.New(pgerrcode.DatetimeFieldOverflow, "date out of range")
		}
		return IntDatum(d), nil
	}
	t.Send = func(dst []byte, d Datum, _ *Session) []byte { return appendInt(dst, int64(NarrowDate(d.I)), 4) }
	t.Compare, t.AppendKey = compareInt, appendIntKey
	t.Arrow = arrowOf(arrow.FixedWidthTypes.Date32)
}

// NarrowDate and WidenDate convert between our days and PostgreSQL's four bytes, whose extremes are the
// infinities.
func NarrowDate(d int64) int32 { return int32(min(max(d, math.MinInt32), math.MaxInt32)) }

// WidenDate see NarrowDate.
func WidenDate(d int32) int64 {
	switch d {
	case math.MaxInt32:
		return Infinity
	case math.MinInt32:
		return NegInfinity
	}
	return int64(d)
}

// timeMod checks the precision of time and timestamp types.
func timeMod(name string) func([]int32) (int32, error) {
	base, zoned := strings.CutSuffix(name, "TZ")
	suffix := ""
	if zoned {
		suffix = " WITH TIME ZONE"
	}
	return func(args []int32) (int32, error) {
		if len(args) != 1 {
			return 0, pgerr.New(pgerrcode.InvalidParameterValue, "invalid type modifier")
		}
		if args[0] < 0 {
			return 0, pgerr.New(pgerrcode.InvalidParameterValue, "%s(%d)%s precision must not be negative", base, args[0], suffix)
		}
		return min(args[0], 6), nil
	}
}

func timeModOut(mod int32) string { return "(" + strconv.Itoa(int(mod)) + ")" }

// roundMicros rounds to a precision of so many digits of the second.
func roundMicros(us int64, precision int32) int64 {
	if precision < 0 || precision >= 6 || us == Infinity || us == NegInfinity {
		return us
	}
	p := pow10Int[6-precision]
	if us >= 0 {
		return (us + p/2) / p * p
	}
	return -((-us + p/2) / p * p)
}

func applyTimeMod(d Datum, mod int32, _ bool) (Datum, error) {
	return IntDatum(roundMicros(d.I, mod)), nil
}

func registerTimestamp(t *Type)   { registerStamp(t, false) }
func registerTimestamptz(t *Type) { registerStamp(t, true) }

func registerStamp(t *Type, zoned bool) {
	t.Physical = Int
	t.Parse = func(s string, mod int32, env *Session) (Datum, error) {
		m, err := parseMoment(s, inputName(t), env)
		if err != nil {
			return Datum{}, err
		}
		if m.special == "" && !m.hasDate {
			return Datum{}, pgerr.New(pgerrcode.InvalidDatetimeFormat, "invalid input syntax for type %s: \"%s\"", inputName(t), s)
		}
		us, instant := localOf(m, env)
		if us == Infinity || us == NegInfinity {
			return IntDatum(us), nil
		}
		switch {
		case !zoned && instant && m.special == "now":
			us = ToLocal(zoneOf(env), us)
		case zoned && !instant && m.zone != nil:
			us = LocalToUTC(m.zone, us)
		case zoned && !instant:
			us = LocalToUTC(zoneOf(env), us)
		}
		y := m.year
		if us < timestampMin || us > timestampMax || y > 294277 || y < -4713 {
			return Datum{}, pgerr.New(pgerrcode.DatetimeFieldOverflow, "timestamp out of range: \"%s\"", s)
		}
		return IntDatum(roundMicros(us, mod)), nil
	}
	t.Format = func(dst []byte, d Datum, env *Session) []byte {
		if zoned {
			return AppendTimestamptz(dst, d.I, env)
		}
		return AppendTimestamp(dst, d.I, env)
	}
	t.Recv = func(b []byte, mod int32, _ *Session) (Datum, error) {
		if err := exactly(b, 8); err != nil {
			return Datum{}, err
		}
		us := readInt(b)
		if us != Infinity && us != NegInfinity && (us < timestampMin || us > timestampMax) {
			return Datum{}, pgerr.New(pgerrcode.DatetimeFieldOverflow, "timestamp out of range")
		}
		return IntDatum(roundMicros(us, mod)), nil
	}
	t.Send = func(dst []byte, d Datum, _ *Session) []byte { return appendInt(dst, d.I, 8) }
	t.Compare, t.AppendKey = compareInt, appendIntKey
	unit := &arrow.TimestampType{Unit: arrow.Microsecond}
	if zoned {
		unit.TimeZone = "UTC"
	}
	t.Arrow = arrowOf(unit)
	t.ModIn, t.ModOut, t.ApplyMod = timeMod(strings.ToUpper(t.Name)), timeModOut, applyTimeMod
}

func registerTime(t *Type) {
	t.Physical = Int
	t.Parse = func(s string, mod int32, env *Session) (Datum, error) {
		m, err := parseTimeOnly(s, t, env)
		if err != nil {
			return Datum{}, err
		}
		return IntDatum(roundMicros(m.micros, mod)), nil
	}
	t.Format = func(dst []byte, d Datum, _ *Session) []byte { return AppendTime(dst, d.I) }
	t.Recv = func(b []byte, mod int32, _ *Session) (Datum, error) {
		if err := exactly(b, 8); err != nil {
			return Datum{}, err
		}
		us := readInt(b)
		if us < 0 || us > MicrosPerDay {
			return Datum{}, pgerr.New(pgerrcode.DatetimeFieldOverflow, "time out of range")
		}
		return IntDatum(roundMicros(us, mod)), nil
	}
	t.Send = func(dst []byte, d Datum, _ *Session) []byte { return appendInt(dst, d.I, 8) }
	t.Compare, t.AppendKey = compareInt, appendIntKey
	t.Arrow = arrowOf(arrow.FixedWidthTypes.Time64us)
	t.ModIn, t.ModOut, t.ApplyMod = timeMod("TIME"), timeModOut, applyTimeMod
}

// inputName is what errors of input call a type: without "without time zone".
func inputName(t *Type) string { return strings.TrimSuffix(t.SQLName, " without time zone") }

// parseTimeOnly reads a time of day; a date beside it is ignored, as PostgreSQL does.
func parseTimeOnly(s string, t *Type, env *Session) (moment, error) {
	text := s
	d := strings.TrimLeft(trim(s), "tT")
	n := len(d)
	if i := strings.IndexAny(d, "+-"); i > 0 && !strings.ContainsAny(d[i+1:], "+-/ ") { // an offset behind
		n = i
	}
	if (n == 4 || n == 6) && allDigits(d[:n]) { // hhmm, hhmmss
		text = d[:2] + ":" + d[2:4]
		if n == 6 {
			text += ":" + d[4:6]
		}
		text += d[n:]
	}
	m, err := parseMoment(text, inputName(t), env)
	if err != nil {
		return m, err
	}
	if m.region != nil && !m.hasDate && !m.region.constant() { // its offset depends on the day
		return m, pgerr.New(pgerrcode.InvalidDatetimeFormat, "invalid input syntax for type %s: \"%s\"", inputName(t), s)
	}
	if m.special == "now" {
		local := ToLocal(zoneOf(env), nowMicros(env))
		_, m.micros = SplitTimestamp(local)
		return m, nil
	}
	if !m.hasTime {
		return m, pgerr.New(pgerrcode.InvalidDatetimeFormat, "invalid input syntax for type %s: \"%s\"", inputName(t), s)
	}
	return m, nil
}

// Timetz is a decoded time with time zone: 12 bytes, the µs of the day and the seconds west of UTC,
// little-endian.
type Timetz struct {
	Micros int64
	West   int32
}

// DecodeTimetz reads the canonical form.
func DecodeTimetz(s string) Timetz {
	if len(s) != 12 {
		return Timetz{}
	}
	b := []byte(s)
	return Timetz{int64(binary.LittleEndian.Uint64(b)), int32(binary.LittleEndian.Uint32(b[8:]))}
}

// Encode returns the canonical form.
func (v Timetz) Encode() string {
	b := binary.LittleEndian.AppendUint64(make([]byte, 0, 12), uint64(v.Micros))
	return string(binary.LittleEndian.AppendUint32(b, uint32(v.West)))
}

// utc is what timetz orders by first.
func (v Timetz) utc() int64 { return v.Micros + int64(v.West)*MicrosPerSecond }

func registerTimetz(t *Type) {
	t.Physical = String
	t.Parse = func(s string, mod int32, env *Session) (Datum, error) {
		m, err := parseTimeOnly(s, t, env)
		if err != nil {
			return Datum{}, err
		}
		z := m.zone
		if z == nil {
			z = zoneOf(env)
		}
		at := nowMicros(env)
		if m.hasDate {
			at = LocalToUTC(z, DateFromYMD(m.year, m.month, m.day)*MicrosPerDay+m.micros)
		}
		return StringDatum(Timetz{roundMicros(m.micros, mod), int32(-ZoneOffset(z, at))}.Encode()), nil
	}
	t.Format = func(dst []byte, d Datum, _ *Session) []byte {
		v := DecodeTimetz(d.S)
		return appendOffset(AppendTime(dst, v.Micros), -int(v.West))
	}
	t.Recv = func(b []byte, mod int32, _ *Session) (Datum, error) {
		if err := exactly(b, 12); err != nil {
			return Datum{}, err
		}
		v := Timetz{readInt(b[:8]), int32(binary.BigEndian.Uint32(b[8:]))}
		if v.Micros < 0 || v.Micros > MicrosPerDay {
			return Datum{}, pgerr.New(pgerrcode.DatetimeFieldOverflow, "time out of range")
		}
		if v.West <= -zoneSecondsMax || v.West >= zoneSecondsMax {
			return Datum{}, pgerr.New(pgerrcode.InvalidTimeZoneDisplacementValue, "time zone displacement out of range")
		}
		v.Micros = roundMicros(v.Micros, mod)
		return StringDatum(v.Encode()), nil
	}
	t.Send = func(dst []byte, d Datum, _ *Session) []byte {
		v := DecodeTimetz(d.S)
		return appendInt(appendInt(dst, v.Micros, 8), int64(v.West), 4)
	}
	t.Compare = func(a, b Datum) int {
		x, y := DecodeTimetz(a.S), DecodeTimetz(b.S)
		if c := compareInt(IntDatum(x.utc()), IntDatum(y.utc())); c != 0 {
			return c
		}
		return int(x.West) - int(y.West)
	}
	t.AppendKey = func(dst []byte, d Datum) []byte {
		v := DecodeTimetz(d.S)
		return appendIntKey(appendIntKey(dst, IntDatum(v.utc())), IntDatum(int64(v.West)))
	}
	t.Arrow = arrowOf(&arrow.FixedSizeBinaryType{ByteWidth: 12})
	t.ModIn, t.ModOut = timeMod("TIMETZ"), timeModOut
	t.ApplyMod = func(d Datum, mod int32, _ bool) (Datum, error) {
		v := DecodeTimetz(d.S)
		v.Micros = roundMicros(v.Micros, mod)
		return StringDatum(v.Encode()), nil
	}
}

func pad(dst []byte, n, width int) []byte {
	s := strconv.Itoa(n)
	for range width - len(s) {
		dst = append(dst, '0')
	}
	return append(dst, s...)
}

// AppendTime prints a time of day.
func AppendTime(dst []byte, us int64) []byte { return appendClock(dst, uint64(us), 2) }

// appendClock prints hours of a least width, minutes and seconds.
func appendClock(dst []byte, us uint64, hourWidth int) []byte {
	dst = pad(dst, int(us/MicrosPerHour), hourWidth)
	dst = pad(append(dst, ':'), int(us/MicrosPerMinute%60), 2)
	dst = pad(append(dst, ':'), int(us/MicrosPerSecond%60), 2)
	return appendFraction(dst, int64(us%MicrosPerSecond))
}

// appendFraction prints microseconds as .ffffff without trailing zeros.
func appendFraction(dst []byte, us int64) []byte {
	if us == 0 {
		return dst
	}
	dst = pad(append(dst, '.'), int(us), 6)
	for dst[len(dst)-1] == '0' {
		dst = dst[:len(dst)-1]
	}
	return dst
}

// appendOffset prints an offset east of UTC: +hh[:mm[:ss]].
func appendOffset(dst []byte, sec int) []byte {
	sign := byte('+')
	if sec < 0 {
		sign, sec = '-', -sec
	}
	dst = pad(append(dst, sign), sec/3600, 2)
	if m := sec / 60 % 60; m != 0 || sec%60 != 0 {
		dst = pad(append(dst, ':'), m, 2)
	}
	if s := sec % 60; s != 0 {
		dst = pad(append(dst, ':'), s, 2)
	}
	return dst
}

func dateStyle(env *Session) (style, order string) {
	style, order = "ISO", "MDY"
	if env != nil && env.DateStyle != "" {
		style = env.DateStyle
	}
	if env != nil && env.DateOrder != "" {
		order = env.DateOrder
	}
	return style, order
}

func appendInfinity(dst []byte, v int64) ([]byte, bool) {
	switch v {
	case Infinity:
		return append(dst, "infinity"...), true
	case NegInfinity:
		return append(dst, "-infinity"...), true
	}
	return dst, false
}

// AppendDate prints a date in the session's style.
func AppendDate(dst []byte, days int64, env *Session) []byte {
	if out, ok := appendInfinity(dst, days); ok {
		return out
	}
	y, m, d := YMDFromDate(days)
	bc := y < 1
	if bc {
		y = 1 - y
	}
	style, order := dateStyle(env)
	switch style {
	case "SQL":
		dst = threeParts(dst, y, m, d, '/', order == "DMY")
	case "German":
		dst = threeParts(dst, y, m, d, '.', true)
	case "Postgres":
		dst = threeParts(dst, y, m, d, '-', order == "DMY")
	default:
		dst = pad(append(pad(append(pad(dst, y, 4), '-'), m, 2), '-'), d, 2)
	}
	if bc {
		dst = append(dst, " BC"...)
	}
	return dst
}

func threeParts(dst []byte, y, m, d int, sep byte, dayFirst bool) []byte {
	if dayFirst {
		m, d = d, m
	}
	dst = pad(dst, m, 2)
	dst = pad(append(dst, sep), d, 2)
	return pad(append(dst, sep), y, 4)
}

// AppendTimestamp prints a timestamp without time zone.
func AppendTimestamp(dst []byte, us int64, env *Session) []byte {
	return appendStamp(dst, us, env, nil)
}

// AppendTimestamptz prints an instant in the session's zone.
func AppendTimestamptz(dst []byte, us int64, env *Session) []byte {
	if us == Infinity || us == NegInfinity {
		return appendStamp(dst, us, env, nil)
	}
	z := zoneOf(env)
	off := ZoneOffset(z, us)
	abbrev, _ := timeOf(us).In(z.Loc).Zone()
	return appendStamp(dst, us+int64(off)*MicrosPerSecond, env, &stampZone{off, abbrev})
}

type stampZone struct {
	offset int
	abbrev string
}

func appendStamp(dst []byte, us int64, env *Session, z *stampZone) []byte {
	if out, ok := appendInfinity(dst, us); ok {
		return out
	}
	days, micros := SplitTimestamp(us)
	style, order := dateStyle(env)
	y, m, d := YMDFromDate(days)
	bc := y < 1
	if bc {
		y = 1 - y
	}
	if style == "Postgres" {
		return appendPostgresStamp(dst, y, m, d, days, micros, bc, order, z)
	}
	switch style {
	case "SQL":
		dst = threeParts(dst, y, m, d, '/', order == "DMY")
	case "German":
		dst = threeParts(dst, y, m, d, '.', true)
	default:
		dst = pad(append(pad(append(pad(dst, y, 4), '-'), m, 2), '-'), d, 2)
	}
	dst = AppendTime(append(dst, ' '), micros)
	if z != nil {
		if style == "ISO" {
			dst = appendOffset(dst, z.offset)
		} else {
			dst = append(append(dst, ' '), z.abbrev...)
		}
	}
	if bc {
		dst = append(dst, " BC"...)
	}
	return dst
}

func appendPostgresStamp(dst []byte, y, m, d int, days, micros int64, bc bool, order string, z *stampZone) []byte {
	title := func(s string) string { return strings.ToUpper(s[:1]) + s[1:3] }
	dst = append(dst, title(dayNames[((days+6)%7+7)%7])...)
	dst = append(dst, ' ')
	if order == "DMY" {
		dst = append(append(pad(dst, d, 2), ' '), title(monthNames[m-1])...)
	} else {
		dst = pad(append(append(dst, title(monthNames[m-1])...), ' '), d, 2)
	}
	dst = AppendTime(append(dst, ' '), micros)
	dst = pad(append(dst, ' '), y, 4)
	if z != nil {
		dst = append(append(dst, ' '), z.abbrev...)
	}
	if bc {
		dst = append(dst, " BC"...)
	}
	return dst
}
