package fn

import (
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// catalogSets are the set-returning functions that the catalog and the session know the rows of.
var catalogSets = []setEntry{
	{"aclexplode", explodeACL},
	{"pg_listening_channels", listeningChannels},
	{"pg_partition_ancestors", noPartitions},
	{"pg_partition_tree", noPartitions},
}

// noPartitions is for what is no partition: it has none above or below it.
func noPartitions(*Call, []types.Datum, func([]types.Datum) error) error { return nil }

// aclLetters are the letters of privileges in an aclitem.
var aclLetters = map[byte]string{
	'a': "INSERT", 'r': "SELECT", 'w': "UPDATE", 'd': "DELETE", 'D': "TRUNCATE", 'x': "REFERENCES", 't': "TRIGGER",
	'X': "EXECUTE", 'U': "USAGE", 'C': "CREATE", 'T': "TEMPORARY", 'c': "CONNECT", 's': "SET", 'A': "ALTER SYSTEM",
}

// explodeACL is aclexplode: a row for each privilege of each "grantee=letters/grantor", where a star behind a letter is
// the grant option and no grantee is PUBLIC.
func explodeACL(c *Call, args []types.Datum, emit func([]types.Datum) error) error {
	a, err := types.DecodeArray(args[0].S)
	if err != nil {
		return err
	}
	for _, item := range a.Items {
		end := strings.LastIndexByte(item.S, '=')
		slash := strings.LastIndexByte(item.S, '/')
		if item.Null || end < 0 || slash < end {
			return pgerr.New(pgerrcode.InvalidTextRepresentation, "invalid aclitem: %q", item.S)
		}
		grantor, err := roleOID(c, item.S[slash+1:])
		if err != nil {
			return err
		}
		grantee, err := roleOID(c, item.S[:end])
		if err != nil {
			return err
		}
		letters := item.S[end+1 : slash]
		for i := range len(letters) {
			if letters[i] == '*' {
				continue
			}
			option := i+1 < len(letters) && letters[i+1] == '*'
			row := []types.Datum{grantor, grantee, types.StringDatum(aclLetters[letters[i]]), types.BoolDatum(option)}
			if err := emit(row); err != nil {
				return err
			}
		}
	}
	return nil
}

// roleOID finds the role that an aclitem names; 0 is PUBLIC.
func roleOID(c *Call, name string) (types.Datum, error) {
	if name == "" {
		return types.IntDatum(0), nil
	}
	if name[0] != '"' {
		name = `"` + name + `"`
	}
	text := []types.T{types.Of(types.TextOID)}
	return c.Env.Catalog.Describe("to_regrole", []types.Datum{types.StringDatum(name)}, text)
}

// listeningChannels is pg_listening_channels.
func listeningChannels(c *Call, _ []types.Datum, emit func([]types.Datum) error) error {
	d, err := c.Env.Catalog.Describe("pg_listening_channels", nil, nil)
	if err != nil {
		return err
	}
	a, err := types.DecodeArray(d.S)
	for i := 0; i < len(a.Items) && err == nil; i++ {
		err = emit(a.Items[i : i+1])
	}
	return err
}
