package types

// table holds the entries by OID. The families' files fill it.
var table = map[OID]*Type{}

// Lookup returns the entry of the type numbered oid, or nil.
func Lookup(oid OID) *Type { return table[oid] }

// ByName returns the entry of the type whose pg_type name is name, or nil.
func ByName(name string) *Type {
	for _, t := range table {
		if t.Name == name {
			return t
		}
	}
	return nil
}
