package session_test

import (
	"testing"

	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/tests/dbtest"
)

// A parameter in binary form has its type's own length: a shorter one is 08P01, a longer one 22P03.
func TestBinaryParameterLengths(t *testing.T) {
	db := dbtest.NewOwn(t)
	bind := func(typ types.OID, value []byte) string {
		t.Helper()
		if err := db.Parse(t.Context(), "", "select $1", []types.OID{typ}); err != nil {
			t.Fatal(err)
		}
		err := db.Bind(t.Context(), "", "", []int16{1}, [][]byte{value}, nil)
		answer := "taken"
		if err != nil {
			answer = dbtest.ErrorText(err)
			db.Fail(err)
		}
		if serr := db.Sync(t.Context(), err != nil); serr != nil {
			t.Fatal(serr)
		}
		return answer
	}
	f := func(typ types.OID, size int) {
		t.Helper()
		for n, want := range map[int]string{
			size - 1: "08P01: insufficient data left in message",
			size:     "taken",
			size + 1: "22P03: incorrect binary data format in bind parameter 1",
		} {
			if got := bind(typ, make([]byte, n)); got != want {
				t.Errorf("type %d, %d bytes\n got %s\nwant %s", typ, n, got, want)
			}
		}
		if got := bind(typ, nil); got != "taken" {
			t.Errorf("type %d, null: %s", typ, got)
		}
	}
	f(types.Int2OID, 2)
	f(types.Int4OID, 4)
	f(types.Int8OID, 8)
	f(types.Float4OID, 4)
	f(types.Float8OID, 8)
	f(types.DateOID, 4)
	f(types.TimestampOID, 8)
	f(types.TimestamptzOID, 8)
	f(types.UUIDOID, 16)
}
