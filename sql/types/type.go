package types

import (
	"math"

	"github.com/apache/arrow-go/v18/arrow"
)

// OID is a PostgreSQL object identifier.
type OID uint32

// T is a type as an expression or column has it: the OID and the type modifier (-1 for none).
type T struct {
	OID OID
	Mod int32
}

// Of returns the type without a modifier.
func Of(oid OID) T { return T{OID: oid, Mod: -1} }

// Physical is the form that values of a type have in memory while a statement runs.
type Physical uint8

// The physical forms. Ints are narrow on disk and wide in execution: a kernel for Int serves
// int2, int4, int8, oid, reg*, date, time and timestamps; range checks keep them honest.
const (
	Bool   Physical = iota // bool
	Int                    // int64: int2/4/8, oid, reg*, xid, date (days), time and timestamp[tz] (µs), money, "char"
	Float                  // float64: float8, and float4 (always a value that float32 can hold)
	String                 // string: everything else, in the canonical form its family file states
)

// Datum is one value. The physical form of its type says which field counts.
type Datum struct {
	Null bool
	I    int64  // Int; Bool as 0/1; Float as its IEEE bits
	S    string // String
}

// NullDatum is the SQL NULL of any type.
var NullDatum = Datum{Null: true}

// BoolDatum returns b as a datum.
func BoolDatum(b bool) Datum {
	if b {
		return Datum{I: 1}
	}
	return Datum{}
}

// IntDatum returns v as a datum.
func IntDatum(v int64) Datum { return Datum{I: v} }

// FloatDatum returns v as a datum.
func FloatDatum(v float64) Datum { return Datum{I: int64(math.Float64bits(v))} }

// StringDatum returns s as a datum.
func StringDatum(s string) Datum { return Datum{S: s} }

// Bool returns the value of a Bool datum.
func (d Datum) Bool() bool { return d.I != 0 }

// Float returns the value of a Float datum.
func (d Datum) Float() float64 { return math.Float64frombits(uint64(d.I)) }

// Session is what input and output of values depend on. The zero value means ISO, MDY, postgres
// intervals, UTC, shortest floats, hex bytea.
type Session struct {
	DateStyle        string // "ISO", "SQL", "Postgres", "German"
	DateOrder        string // "MDY", "DMY", "YMD"
	IntervalStyle    string // "postgres", "postgres_verbose", "sql_standard", "iso_8601"
	TimeZone         *Zone  // nil is UTC
	ExtraFloatDigits int    // SET extra_float_digits less 1, so that the zero value is the default
	ByteaEscape      bool   // bytea_output = escape
	NowMicros        int64  // statement's transaction time, for 'now', 'today': µs since 2000-01-01 UTC

	// Catalog resolves names and numbers of schema objects for regclass and its kin; nil answers by
	// number only.
	Catalog RegResolver
}

// RegResolver turns names of schema objects into OIDs and back, for regclass, regtype and their kin.
type RegResolver interface {
	// RegIn resolves name (already unquoted as far as SQL goes) for the reg type typ.
	RegIn(typ OID, name string) (OID, error)
	// RegOut returns the display name of oid, schema-qualified when not visible, or false.
	RegOut(typ, oid OID) (string, bool)
}

// Type is one entry of the table: what the engine knows about a SQL type. Facts (Name .. Align) are
// PostgreSQL's pg_type row; the functions are our codecs, set for every type a value can have.
type Type struct {
	OID       OID
	Name      string // pg_type.typname: "int4"
	SQLName   string // format_type's name: "integer"
	Len       int16
	ByVal     bool
	Kind      byte // typtype: b c d e p r m
	Category  byte
	Preferred bool
	Delim     byte
	Elem      OID // element type of an array (typelem)
	Array     OID // array type of this type (typarray)
	Align     byte
	Storage   byte
	Collation OID

	Physical Physical

	// Parse reads the text form. mod is applied (length, precision), -1 for none. Errors are
	// *pgerr.Error (22P02 and its kin).
	Parse func(s string, mod int32, env *Session) (Datum, error)
	// Format appends the text form of a non-null value.
	Format func(dst []byte, d Datum, env *Session) []byte
	// Recv reads the binary wire form; Send appends it.
	Recv func(b []byte, mod int32, env *Session) (Datum, error)
	Send func(dst []byte, d Datum, env *Session) []byte

	// Compare orders two non-null values as the type's default btree operator class does; nil when
	// the type has none.
	Compare func(a, b Datum) int
	// AppendKey appends an order-preserving, self-delimiting encoding of a non-null value: bytes.Compare
	// on keys is Compare on values. It need not invert. Nil when Compare is nil.
	AppendKey func(dst []byte, d Datum) []byte

	// Arrow is the type of a column of this type in a fragment. Nil means the type cannot be stored.
	Arrow func(mod int32) arrow.DataType

	// ModIn turns typmod arguments (varchar(10), numeric(8,2), vector(3)) into a typmod; nil when the
	// type takes none. ModOut is its text form with parentheses: "(10)".
	ModIn  func(args []int32) (int32, error)
	ModOut func(mod int32) string
	// ApplyMod coerces a value to a typmod as a cast does (explicit) or an assignment does; nil when
	// there is nothing to do.
	ApplyMod func(d Datum, mod int32, explicit bool) (Datum, error)
}

// IsArray says whether values of the type have elements that can be subscripted.
func (t *Type) IsArray() bool { return t.Elem != 0 && (t.Category == 'A' || t.OID == RecordArrayOID) }
