package types

// OIDs of the types that code names. PostgreSQL's own are pg_type's; the vector extension's types,
// which PostgreSQL numbers anew in each database, have fixed numbers here.
const (
	BoolOID        OID = 16
	ByteaOID       OID = 17
	CharOID        OID = 18 // "char"
	NameOID        OID = 19
	Int8OID        OID = 20
	Int2OID        OID = 21
	Int2VectorOID  OID = 22
	Int4OID        OID = 23
	RegprocOID     OID = 24
	TextOID        OID = 25
	OIDOID         OID = 26
	TIDOID         OID = 27
	XIDOID         OID = 28
	CIDOID         OID = 29
	OIDVectorOID   OID = 30
	JSONOID        OID = 114
	PgNodeTreeOID  OID = 194
	Float4OID      OID = 700
	Float8OID      OID = 701
	UnknownOID     OID = 705
	BpcharOID      OID = 1042
	VarcharOID     OID = 1043
	DateOID        OID = 1082
	TimeOID        OID = 1083
	TimestampOID   OID = 1114
	TimestamptzOID OID = 1184
	IntervalOID    OID = 1186
	TimetzOID      OID = 1266
	BitOID         OID = 1560
	VarbitOID      OID = 1562
	NumericOID     OID = 1700
	ACLItemOID     OID = 1033
	RegtypeOID     OID = 2206
	RegclassOID    OID = 2205
	RecordOID      OID = 2249
	CstringOID     OID = 2275
	AnyOID         OID = 2276
	AnyArrayOID    OID = 2277
	AnyElementOID  OID = 2283
	VoidOID        OID = 2278
	UUIDOID        OID = 2950
	JSONBOID       OID = 3802
	BoolArrayOID   OID = 1000
	Int2ArrayOID   OID = 1005
	Int4ArrayOID   OID = 1007
	TextArrayOID   OID = 1009
	NameArrayOID   OID = 1003
	OIDArrayOID    OID = 1028
	Int8ArrayOID   OID = 1016
	Float4ArrayOID OID = 1021
	Float8ArrayOID OID = 1022
	RecordArrayOID OID = 2287

	// VectorOID and its array belong to the extension; its other types follow at even numbers.
	VectorOID         OID = 16400
	VectorArrayOID    OID = 16401
	HalfvecOID        OID = 16402
	HalfvecArrayOID   OID = 16403
	SparsevecOID      OID = 16404
	SparsevecArrayOID OID = 16405
)

// FirstExtensionOID is the least OID of an extension's type.
const FirstExtensionOID OID = 16384
