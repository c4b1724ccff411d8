package types_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"math"
	"math/rand"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// be joins parts as they stand in a message: numbers big-endian, strings as they are.
func be(parts ...any) []byte {
	var b bytes.Buffer
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			b.WriteString(p)
		case []byte:
			b.Write(p)
		default:
			if err := binary.Write(&b, binary.BigEndian, p); err != nil {
				panic(err)
			}
		}
	}
	return b.Bytes()
}

// receiver returns an f-test of a type's binary input: the text of the value, or code and message of the error. With a
// server (see TestIO) what is wanted is held against it, too.
func receiver(t *testing.T, name string) func(b []byte, want string) {
	t.Helper()
	typ := types.ByName(name)
	oracle := connect(t)
	return func(b []byte, want string) {
		t.Helper()
		got := ""
		if d, err := typ.Recv(b, -1, nil); err != nil {
			got = strings.Replace(strings.TrimPrefix(errorText(err), "ERROR "), ": ", " ", 1)
		} else {
			got = string(typ.Format(nil, d, nil))
		}
		if oracle != nil {
			if pg := oracle.recv(t, name, b); pg != want {
				t.Errorf("%s: PostgreSQL %q", name, pg)
			}
		}
		if got != want {
			t.Errorf("%s %x: %q, want %q", name, b, got, want)
		}
	}
}

// recv is what the server makes of a binary parameter.
func (p *postgres) recv(t *testing.T, name string, b []byte) string {
	t.Helper()
	rows, err := p.query("set timezone = 'UTC'; select '" + name + "'::regtype::oid")
	if err != nil {
		t.Fatal(err)
	}
	var oid uint32
	for _, c := range rows[0] {
		oid = 10*oid + uint32(c-'0')
	}
	if b == nil {
		b = []byte{}
	}
	r := p.conn.ExecParams(context.Background(), "select $1", [][]byte{b}, []uint32{oid}, []int16{1}, []int16{0}).Read()
	if r.Err != nil {
		text := strings.TrimPrefix(serverError(r.Err), "ERROR ")
		text = strings.Replace(text, ": ", " ", 1)
		return strings.TrimSuffix(text, " in bind parameter 1")
	}
	return string(r.Rows[0][0])
}

const (
	noData   = "08P01 no data left in message"
	tooShort = "08P01 insufficient data left in message"
	tooLong  = "22P03 incorrect binary data format"
)

// TestReceiveLengths holds that a value of a fixed length is refused when bytes lack or are over.
func TestReceiveLengths(t *testing.T) {
	sizes := map[string]int{"timetz": 12, "interval": 16, "uuid": 16}
	for _, typ := range types.All() {
		if typ.Recv != nil && typ.Physical != types.String {
			sizes[typ.Name] = len(typ.Send(nil, types.Datum{}, nil))
		}
	}
	for name, size := range sizes {
		if name == "char" {
			name = `"char"`
		}
		f := receiver(t, name)
		if size > 1 {
			f(make([]byte, size-1), tooShort)
			f(nil, tooShort)
		} else {
			f(nil, noData)
		}
		f(make([]byte, size+1), tooLong)
		f(make([]byte, 2*size), tooLong)
	}
}

// TestReceiveNumbers holds the byte order and the extremes.
func TestReceiveNumbers(t *testing.T) {
	f := receiver(t, "bool")
	f(be("\x00"), "f")
	f(be("\x01"), "t")
	f(be("\xff"), "t")
	f = receiver(t, "int2")
	f(be(int16(-2)), "-2")
	f(be(int16(math.MinInt16)), "-32768")
	f = receiver(t, "int4")
	f(be(int32(256)), "256")
	f(be(int32(math.MinInt32)), "-2147483648")
	f = receiver(t, "int8")
	f(be(int64(math.MinInt64)), "-9223372036854775808")
	f(be(int64(math.MaxInt64)), "9223372036854775807")
	f = receiver(t, "oid")
	f(be(uint32(math.MaxUint32)), "4294967295")
	f = receiver(t, "xid8")
	f(be(uint64(math.MaxUint64)), "18446744073709551615")
	f = receiver(t, "float4")
	f(be(float32(0.1)), "0.1")
	f(be(math.Copysign(0, -1))[:4], "-0")
	f(be(uint32(0xffc00001)), "NaN")
	f(be(uint32(1)), "1e-45")
	f = receiver(t, "float8")
	f(be(0.1), "0.1")
	f(be(math.Inf(-1)), "-Infinity")
	f(be(uint64(0xfff8000000000001)), "NaN")
	f(be(uint64(1)), "5e-324")
	f = receiver(t, "tid")
	f(be(uint32(math.MaxUint32), uint16(math.MaxUint16)), "(4294967295,65535)")
	f = receiver(t, "pg_lsn")
	f(be(uint32(0x16), uint32(0xB374D848)), "16/B374D848")
	f = receiver(t, "regclass")
	f(be(uint32(0)), "-")
	f = receiver(t, `"char"`)
	f(be("x"), "x")
	f(be("\x80"), `\200`)
	f(be("\x00"), "")
	f(nil, noData)
	f(be("xy"), tooLong)
}

// TestReceiveTimes holds the ranges of dates and times.
func TestReceiveTimes(t *testing.T) {
	f := receiver(t, "date")
	f(be(int32(0)), "2000-01-01")
	f(be(int32(-1)), "1999-12-31")
	f(be(int32(math.MaxInt32)), "infinity")
	f(be(int32(math.MinInt32)), "-infinity")
	f(be(int32(2145031948)), "5874897-12-31")
	f(be(int32(2145031949)), "22008 date out of range")
	f(be(int32(-2451545)), "4714-11-24 BC")
	f(be(int32(-2451546)), "22008 date out of range")
	f = receiver(t, "time")
	f(be(int64(0)), "00:00:00")
	f(be(int64(86400000000)), "24:00:00")
	f(be(int64(86400000001)), "22008 time out of range")
	f(be(int64(-1)), "22008 time out of range")
	f = receiver(t, "timetz")
	f(be(int64(3723000004), int32(-3600)), "01:02:03.000004+01")
	f(be(int64(86400000000), int32(57599)), "24:00:00-15:59:59")
	f(be(int64(86400000001), int32(0)), "22008 time out of range")
	f(be(int64(0), int32(57600)), "22009 time zone displacement out of range")
	f(be(int64(0), int32(-57600)), "22009 time zone displacement out of range")
	f(be(int64(0), int32(-57599)), "00:00:00+15:59:59")
	for _, name := range []string{"timestamp", "timestamptz"} {
		f = receiver(t, name)
		f(be(int64(-211813488000000001)), "22008 timestamp out of range")
		f(be(int64(9223371331200000000)), "22008 timestamp out of range")
		f(be(int64(math.MaxInt64)), "infinity")
		f(be(int64(math.MinInt64)), "-infinity")
	}
	f = receiver(t, "timestamp")
	f(be(int64(-211813488000000000)), "4714-11-24 00:00:00 BC")
	f(be(int64(9223371331199999999)), "294276-12-31 23:59:59.999999")
	f(be(int64(-1)), "1999-12-31 23:59:59.999999")
	f = receiver(t, "interval")
	f(be(int64(1), int32(2), int32(14)), "1 year 2 mons 2 days 00:00:00.000001")
	f(be(int64(-1), int32(-2), int32(-14)), "-1 years -2 mons -2 days -00:00:00.000001")
	f(be(int64(math.MinInt64), int32(math.MinInt32), int32(math.MinInt32)),
		"-178956970 years -8 mons -2147483648 days -2562047788:00:54.775808")
	f(be(int64(math.MaxInt64), int32(math.MaxInt32), int32(math.MaxInt32)),
		"178956970 years 7 mons 2147483647 days 2562047788:00:54.775807")
	f(be(int64(math.MinInt64), int32(0), int32(0)), "-2562047788:00:54.775808")
}

// TestReceiveTexts holds that texts are checked as their text form is.
func TestReceiveTexts(t *testing.T) {
	for _, name := range []string{"text", "varchar", "bpchar", "name", "json", "xml"} {
		if types.ByName(name).Recv == nil {
			continue
		}
		f := receiver(t, name)
		f(be("\"\xff\""), `22021 invalid byte sequence for encoding "UTF8": 0xff`)
		f(be("\"a\x00b\""), `22021 invalid byte sequence for encoding "UTF8": 0x00`)
		f(be("\"\xe2\x82"), `22021 invalid byte sequence for encoding "UTF8": 0xe2 0x82`)
		f(be("\"\xc0\x80\""), `22021 invalid byte sequence for encoding "UTF8": 0xc0 0x80`)
		f(be("\"\xed\xa0\x80\""), `22021 invalid byte sequence for encoding "UTF8": 0xed 0xa0 0x80`)
		f(be(`"häß"`), `"häß"`)
	}
	f := receiver(t, "name")
	f(be(strings.Repeat("x", 63)), strings.Repeat("x", 63))
	f(be(strings.Repeat("x", 64)), "42622 identifier too long DETAIL: Identifier must be less than 64 characters.")
	f = receiver(t, "json")
	f(be("{"), "22P02 invalid input syntax for type json DETAIL: The input string ended unexpectedly.")
	f(be(` {"b":1,"a":2} `), ` {"b":1,"a":2} `)
	f = receiver(t, "jsonb")
	f(be("\x01"+` {"b":1,"a":2} `), `{"a": 2, "b": 1}`)
	f(be("\x02{}"), "XX000 unsupported jsonb version number 2")
	f(be("\x00"), "XX000 unsupported jsonb version number 0")
	f(nil, "08P01 insufficient data left in message")
	f(be("\x01"), "22P02 invalid input syntax for type json DETAIL: The input string ended unexpectedly.")
	f(be("\x01{"), "22P02 invalid input syntax for type json DETAIL: The input string ended unexpectedly.")
	f = receiver(t, "bytea")
	f(be("\x00\xff"), `\x00ff`)
	f(nil, `\x`)
	f = receiver(t, "uuid")
	f(be("0123456789abcdef"), "30313233-3435-3637-3839-616263646566")
	f = receiver(t, "void")
	f(nil, "")
}

// TestReceiveNumeric holds what is checked of a numeric's head and digits.
func TestReceiveNumeric(t *testing.T) {
	const (
		positive, negative = uint16(0), uint16(0x4000)
		nan, inf, negInf   = uint16(0xC000), uint16(0xD000), uint16(0xF000)
	)
	num := func(weight int16, sign, scale uint16, digits ...uint16) []byte {
		return be(uint16(len(digits)), weight, sign, scale, digits)
	}
	f := receiver(t, "numeric")
	f(num(0, positive, 0), "0")
	f(num(0, negative, 2), "0.00")
	f(num(0, positive, 0, 42), "42")
	f(num(1, negative, 3, 1, 2, 3450), "-10002.345")
	f(num(-1, positive, 4, 1), "0.0001")
	f(num(-2, positive, 8, 1), "0.00000001")
	f(num(0, positive, 1, 1, 2345), "1.2")
	f(num(0, positive, 6, 1, 2345), "1.234500")
	f(num(3, positive, 0, 7), "7000000000000")
	f(num(0, positive, 0, 0, 5), "0")
	f(num(2, positive, 0, 0, 0, 5), "5")
	f(num(0, nan, 0), "NaN")
	f(num(0, inf, 0x20), "Infinity")
	f(num(0, negInf, 0), "-Infinity")
	f(num(0, inf, 3), "Infinity")
	f(num(0, positive, 0, 10000), `22P03 invalid digit in external "numeric" value`)
	f(num(0, positive, 0, 65535), `22P03 invalid digit in external "numeric" value`)
	f(num(0, uint16(0x8000), 0, 1), `22P03 invalid sign in external "numeric" value`)
	f(num(0, uint16(1), 0, 1), `22P03 invalid sign in external "numeric" value`)
	f(num(0, positive, 0x4000, 1), `22P03 invalid scale in external "numeric" value`)
	f(num(0, positive, 0x3fff), "0."+strings.Repeat("0", 16383))
	f(num(0, positive, 0, 1)[:9], "08P01 insufficient data left in message")
	f(num(0, positive, 0, 1)[:7], "08P01 insufficient data left in message")
	f(nil, "08P01 insufficient data left in message")
	f(append(num(0, positive, 0, 1), 0), "22P03 incorrect binary data format")
	f(append(num(0, nan, 0), 0), "22P03 incorrect binary data format")
	f(be(uint16(0xffff), int16(0), positive, uint16(0)), "08P01 insufficient data left in message")
}

// TestReceiveArrays holds each check of an array's head and items.
func TestReceiveArrays(t *testing.T) {
	const int4, text = uint32(23), uint32(25)
	i := func(v int32) int32 { return v }
	one := be(i(4), i(7))
	f := receiver(t, "_int4")
	f(be(i(0), i(0), int4), "{}")
	f(be(i(1), i(0), int4, i(1), i(1), one), "{7}")
	f(be(i(1), i(1), int4, i(2), i(-1), i(-1), one), "[-1:0]={NULL,7}")
	f(be(i(2), i(0), int4, i(1), i(1), i(2), i(0), one, one), "[1:1][0:1]={{7,7}}")
	f(be(i(1), i(0), int4, i(0), i(1)), "{}")
	f(be(i(-1), i(0), int4), "22P03 invalid number of dimensions: -1")
	f(be(i(7), i(0), int4), "54000 number of array dimensions (7) exceeds the maximum allowed (6)")
	f(be(i(1), i(2), int4, i(0), i(1)), "22P03 invalid array flags")
	f(be(i(1), i(-1), int4, i(0), i(1)), "22P03 invalid array flags")
	f(be(i(1), i(0), text, i(0), i(1)),
		"42804 binary data has array element type 25 (text) instead of expected 23 (integer)")
	f(be(i(1), i(0), uint32(0), i(0), i(1)),
		"42804 binary data has array element type 0 (-) instead of expected 23 (integer)")
	f(be(i(1), i(0), int4, i(-1), i(1)), "54000 array size exceeds the maximum allowed (134217727)")
	f(be(i(1), i(0), int4, i(1<<27), i(1)), "54000 array size exceeds the maximum allowed (134217727)")
	f(be(i(1), i(0), int4, i(1<<28), i(1)), "54000 array size exceeds the maximum allowed (134217727)")
	f(be(i(2), i(0), int4, i(1<<14), i(1), i(1<<14), i(1)), "54000 array size exceeds the maximum allowed (134217727)")
	f(be(i(6), i(0), int4, bytes.Repeat(be(i(math.MaxInt32), i(1)), 6)),
		"54000 array size exceeds the maximum allowed (134217727)")
	f(be(i(1), i(0), int4, i(1), i(math.MaxInt32), one), "54000 array lower bound is too large: 2147483647")
	f(be(i(1), i(0), int4, i(1), i(math.MinInt32), one), "[-2147483648:-2147483648]={7}")
	f(be(i(1), i(0), int4, i(2), i(1), one), "08P01 insufficient data left in message")
	f(be(i(1), i(0), int4, i(1), i(1), i(-2)), "22P03 insufficient data left in message")
	f(be(i(1), i(0), int4, i(1), i(1), i(5), i(7)), "22P03 insufficient data left in message")
	f(be(i(1), i(0), int4, i(1), i(1), i(3), "\x00\x00\x07"), "08P01 insufficient data left in message")
	f(be(i(1), i(0), int4, i(1), i(1), i(5), i(7), "\x00"), "22P03 improper binary format in array element 1")
	f(be(i(1), i(0), int4, i(1), i(1), one, "\x00"), "22P03 incorrect binary data format")
	f(be(i(1), i(0), int4, i(1)), "08P01 insufficient data left in message")
	f(be(i(1), i(0)), "08P01 insufficient data left in message")
	f(nil, "08P01 insufficient data left in message")
	f = receiver(t, "_text")
	f(be(i(1), i(0), text, i(2), i(1), i(0), i(3), "a\"b"), `{"","a\"b"}`)
	f(be(i(1), i(0), text, i(1), i(1), i(1), "\xff"), `22021 invalid byte sequence for encoding "UTF8": 0xff`)
	f = receiver(t, "int2vector")
	f(be(i(1), i(0), uint32(21), i(2), i(0), i(2), int16(1), i(2), int16(-2)), "1 -2")
	f(be(i(1), i(0), uint32(21), i(1), i(1), i(2), int16(1)), "22P03 invalid int2vector data")
	f(be(i(1), i(1), uint32(21), i(1), i(0), i(-1)), "22P03 invalid int2vector data")
	f(be(i(2), i(0), uint32(21), i(1), i(0), i(1), i(0), i(2), int16(1)), "22P03 invalid int2vector data")
	f = receiver(t, "oidvector")
	f(be(i(1), i(0), uint32(26), i(1), i(0), i(4), uint32(math.MaxUint32)), "4294967295")
	f(be(i(1), i(1), uint32(26), i(1), i(0), i(-1)), "22P03 invalid oidvector data")
	f = receiver(t, "record")
	f(be(i(0)), "0A000 input of anonymous composite types is not implemented")
}

// TestReceiveCut cuts good values of every type at every byte: each part is refused, or is a value of its own.
func TestReceiveCut(t *testing.T) {
	for _, typ := range types.All() {
		if typ.Recv == nil || typ.Send == nil {
			continue
		}
		for _, s := range sampleTexts(typ) {
			d, err := typ.Parse(s, -1, nil)
			if err != nil {
				t.Fatalf("%s %q: %v", typ.Name, s, err)
			}
			whole := typ.Send(nil, d, nil)
			for n := range whole {
				part, err := typ.Recv(whole[:n:n], -1, nil)
				if err == nil {
					if again := typ.Send(nil, part, nil); !bytes.Equal(again, whole[:n]) && typ.Name != "void" {
						t.Errorf("%s: %x is read, and sent as %x", typ.Name, whole[:n], again)
					}
				} else if code := pgerr.Code(err); strings.HasPrefix(code, "XX") && typ.Name != "jsonb" {
					t.Errorf("%s: %x: %v", typ.Name, whole[:n], err)
				}
			}
		}
	}
}

// TestReceiveFlips changes each byte of good values: what is still read must go on through text and binary alike.
func TestReceiveFlips(t *testing.T) {
	const seed = 5
	r := rand.New(rand.NewSource(seed))
	for _, typ := range types.All() {
		if typ.Recv == nil || typ.Send == nil || typ.Physical != types.String || typ.Name == "void" || typ.Name == "record" {
			continue
		}
		for _, s := range sampleTexts(typ) {
			d, err := typ.Parse(s, -1, nil)
			if err != nil {
				t.Fatal(err)
			}
			whole := typ.Send(nil, d, nil)
			for i := range whole {
				bad := bytes.Clone(whole)
				bad[i] ^= byte(1 << r.Intn(8))
				v, err := typ.Recv(bad, -1, nil)
				if err != nil {
					continue
				}
				text := string(typ.Format(nil, v, nil))
				again, err := typ.Recv(typ.Send(nil, v, nil), -1, nil)
				if err != nil || string(typ.Format(nil, again, nil)) != text {
					t.Fatalf("seed %d: %s %x is read as %s, then %v %v", seed, typ.Name, bad, text, again, err)
				}
			}
		}
	}
}
