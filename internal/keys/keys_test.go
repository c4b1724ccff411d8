package keys_test

import (
	"bytes"
	"cmp"
	"math"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/internal/keys"
)

// ascending checks that encodings rise strictly with the values.
func ascending[V any](t *testing.T, encode func([]byte, V) []byte, values ...V) {
	t.Helper()
	for i := 1; i < len(values); i++ {
		a, b := encode(nil, values[i-1]), encode(nil, values[i])
		if bytes.Compare(a, b) >= 0 {
			t.Fatalf("%v (%x) is not below %v (%x)", values[i-1], a, values[i], b)
		}
	}
}

func TestIntOrderAndRoundTrip(t *testing.T) {
	values := []int64{
		math.MinInt64, math.MinInt64 + 1, -1 << 40, -65537, -65536, -65535, -257, -256, -255, -2, -1,
		0, 1, 2, 127, 128, 255, 256, 257, 65535, 65536, 1 << 40, math.MaxInt64 - 1, math.MaxInt64,
	}
	ascending(t, keys.AppendInt, values...)
	for _, v := range values {
		b := keys.AppendInt(nil, v)
		got, rest, err := keys.Int(append(b, 7))
		if err != nil || got != v || len(rest) != 1 {
			t.Fatalf("Int(%x) = %d, %x, %v; want %d", b, got, rest, err, v)
		}
	}
	if n := len(keys.AppendInt(nil, 0)); n != 1 {
		t.Fatalf("0 takes %d bytes", n)
	}
	if n := len(keys.AppendInt(nil, -200)); n != 2 {
		t.Fatalf("-200 takes %d bytes", n)
	}
}

func TestFloatOrderAndRoundTrip(t *testing.T) {
	values := []float64{
		math.Inf(-1), -math.MaxFloat64, -1.5, -1, -math.SmallestNonzeroFloat64, 0,
		math.SmallestNonzeroFloat64, 1, 1.5, math.MaxFloat64, math.Inf(1), math.NaN(),
	}
	ascending(t, keys.AppendFloat, values...)
	for _, v := range values {
		got, rest, err := keys.Float(keys.AppendFloat(nil, v))
		if err != nil || len(rest) != 0 || (got != v && !(got != got && v != v)) {
			t.Fatalf("Float(%v) = %v, %v", v, got, err)
		}
	}
	if !bytes.Equal(keys.AppendFloat(nil, math.Copysign(0, -1)), keys.AppendFloat(nil, 0)) {
		t.Fatal("-0 differs from 0")
	}
	narrow := make([]float32, len(values))
	for i, v := range values {
		narrow[i] = float32(v)
	}
	narrow[1], narrow[9] = -math.MaxFloat32, math.MaxFloat32
	narrow[4], narrow[6] = -math.SmallestNonzeroFloat32, math.SmallestNonzeroFloat32
	ascending(t, keys.AppendFloat32, narrow...)
}

func TestStringOrderAndRoundTrip(t *testing.T) {
	values := []string{
		"", "\x00", "\x00\x00", "\x00\x01", "\x00a", "\x01", "a", "a\x00", "a\x00b", "aa", "b", "\xff",
		"\xff\xff",
	}
	ascending(t, keys.AppendString, values...)
	for _, v := range values {
		b := keys.AppendString(nil, v)
		got, rest, err := keys.Bytes(nil, append(b, 9))
		if err != nil || string(got) != v || len(rest) != 1 {
			t.Fatalf("Bytes(%x) = %q, %x, %v", b, got, rest, err)
		}
	}
}

func TestListOrder(t *testing.T) {
	// A list is its members with markers; nil stands for NULL.
	encode := func(dst []byte, list []any) []byte {
		for _, v := range list {
			if v == nil {
				dst = append(dst, keys.NullLast)
				continue
			}
			dst = keys.AppendInt(append(dst, keys.Present), int64(v.(int)))
		}
		return append(dst, keys.End)
	}
	ascending(t, encode, []any{}, []any{-1}, []any{1}, []any{1, -5}, []any{1, 2}, []any{1, nil}, []any{2}, []any{nil})
}

func TestMalformed(t *testing.T) {
	f := func(name string, err error) {
		t.Helper()
		if err == nil {
			t.Fatalf("%s accepted malformed bytes", name)
		}
	}
	for _, s := range []string{
		"", "\x81", "\x00", "\xff", "\x81\x00", "\x7e\xff", "\x88\xff\xff\xff\xff\xff\xff\xff\xff", strings.Repeat("\x80", 0),
	} {
		_, _, err := keys.Int([]byte(s))
		f("Int", err)
	}
	for _, s := range []string{"", "a", "a\x00", "a\x00\x02"} {
		_, _, err := keys.Bytes(nil, []byte(s))
		f("Bytes", err)
	}
	_, _, err := keys.Float([]byte("1234567"))
	f("Float", err)
}

func FuzzInt(f *testing.F) {
	f.Add(int64(0), int64(-1))
	f.Fuzz(func(t *testing.T, a, b int64) {
		x, y := keys.AppendInt(nil, a), keys.AppendInt(nil, b)
		if bytes.Compare(x, y) != cmp.Compare(a, b) {
			t.Fatalf("%d %x, %d %x", a, x, b, y)
		}
		if v, _, err := keys.Int(x); err != nil || v != a {
			t.Fatalf("%d: %d %v", a, v, err)
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte{0x81, 0x05})
	f.Add([]byte{0x61, 0x00, 0x01})
	f.Fuzz(func(t *testing.T, b []byte) {
		if v, rest, err := keys.Int(b); err == nil {
			if again := keys.AppendInt(nil, v); !bytes.Equal(append(again, rest...), b) {
				t.Fatalf("Int: %x decodes to %d, which is %x", b, v, again)
			}
		}
		if s, rest, err := keys.Bytes(nil, b); err == nil {
			if again := keys.AppendString(nil, string(s)); !bytes.Equal(append(again, rest...), b) {
				t.Fatalf("Bytes: %x decodes to %x, which is %x", b, s, again)
			}
		}
	})
}
