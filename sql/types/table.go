package types

// table holds the entries by OID. The families' files fill it.
var table = map[OID]*Type{}

// Lookup returns the entry of the type numbered oid, or nil.
func Lookup(oid OID) *Type { return table[oid] }
