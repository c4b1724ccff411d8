package catalog_test

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage/catalog"
)

// filled sets every field of a record to something that is not its zero value, so that a field which is
// not written, or not read, shows. Columns must be numbered from 1.
func filled(v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		filled(v.Elem(), depth)
	case reflect.Struct:
		for i := range v.NumField() {
			filled(v.Field(i), depth+1)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			filled(v.Index(i), depth+1)
			if num := v.Index(i); num.Kind() == reflect.Struct && num.Type() == reflect.TypeFor[schema.Column]() {
				num.FieldByName("Num").SetInt(int64(i + 1))
			}
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("key"), reflect.ValueOf("value, \"quoted\" and \u00e4"))
	case reflect.String:
		v.SetString(fmt.Sprintf("text %d \"' \\ ü", depth))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(int64(-3 - depth))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(100 + depth))
	case reflect.Float64:
		v.SetFloat(0.1 + float64(depth))
	default:
		panic("a field of kind " + v.Kind().String())
	}
}

// Every field of every kind of record comes back as it was.
func TestEveryFieldComesBack(t *testing.T) {
	for _, o := range []any{
		new(schema.Database), new(schema.Role), new(schema.Namespace), new(schema.Table), new(schema.Index),
		new(schema.Extension), new(catalog.Stats),
	} {
		filled(reflect.ValueOf(o).Elem(), 0)
		b, err := catalog.Encode(o)
		if err != nil {
			t.Fatal(err)
		}
		back, err := catalog.Decode(b)
		if err != nil || !reflect.DeepEqual(o, back) {
			t.Errorf("%+v\ncame back as %+v, %v", o, back, err)
		}
		again, err := catalog.Encode(back)
		if err != nil || !bytes.Equal(b, again) {
			t.Errorf("%T: written again it is %q, was %q", o, again, b)
		}
	}
}

// The largest numbers do not lose digits on the way through JSON.
func TestNumbersAreExact(t *testing.T) {
	in := &catalog.Stats{
		Table: 1<<32 - 1, Rows: 1<<63 - 1, Bytes: -1 << 63, Version: 1<<64 - 1,
		Columns: []catalog.ColumnStats{{Min: types.IntDatum(-1 << 63), Max: types.IntDatum(1<<63 - 1)}},
	}
	b, err := catalog.Encode(in)
	if err != nil {
		t.Fatal(err)
	}
	if back, err := catalog.Decode(b); err != nil || !reflect.DeepEqual(in, back) {
		t.Fatalf("%+v, %v", back, err)
	}
}

// A record of a newer format, of an unknown kind, or with damage is refused with the sentinel.
func TestForeignRecordsAreRefused(t *testing.T) {
	good, err := catalog.Encode(table(20000, "t"))
	if err != nil {
		t.Fatal(err)
	}
	f := func(what string, b []byte) {
		t.Helper()
		if o, err := catalog.Decode(b); !errors.Is(err, catalog.ErrRecord) {
			t.Fatalf("%s: %+v, %v", what, o, err)
		}
	}
	change := func(at int, c byte) []byte {
		b := bytes.Clone(good)
		b[at] = c
		return b
	}
	f("empty", nil)
	f("format only", good[:1])
	f("newer format", change(0, 2))
	f("format 0", change(0, 0))
	f("unknown kind", change(1, 'q'))
	f("no JSON", change(2, '['))
	f("cut", good[:len(good)-1])
	f("text behind", append(bytes.Clone(good), '{'))
	f("column numbers with a gap", []byte(strings.Replace(string(good), `"Num":2`, `"Num":3`, 1)))
	f("a number as text", []byte(strings.Replace(string(good), `"OID":20000`, `"OID":"x"`, 1)))
}

// A field that this version does not know is passed over: a later version may add some within a format.
func TestUnknownFieldsArePassedOver(t *testing.T) {
	good, err := catalog.Encode(&schema.Extension{OID: 7, Name: "vector"})
	if err != nil {
		t.Fatal(err)
	}
	more := strings.Replace(string(good), `{`, `{"Later":[1,{"x":2}],`, 1)
	if o, err := catalog.Decode([]byte(more)); err != nil || o.(*schema.Extension).Name != "vector" {
		t.Fatalf("%+v, %v", o, err)
	}
}
