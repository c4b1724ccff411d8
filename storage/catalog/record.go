package catalog

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/vecdb/vecdb/sql/schema"
)

// recordFormat is the first byte of a record. A change that an older reader would misread gets the
// next number; readers keep all earlier ones.
const recordFormat = 1

// Kinds of records, the second byte. They are on disk: never renumber.
const (
	kindDatabase  = 'd'
	kindRole      = 'u'
	kindNamespace = 'n'
	kindTable     = 't'
	kindIndex     = 'i'
	kindExtension = 'x'
	kindStats     = 's'
)

// ErrRecord marks a record that cannot be read.
var ErrRecord = errors.New("catalog record is damaged or of a newer format")

// Encode returns the record of a schema object: format, kind, JSON. JSON because records are small,
// rare to read, gain fields often, and can be read with the eye when something is wrong.
func Encode(object any) ([]byte, error) {
	var kind byte
	switch object.(type) {
	case *schema.Database:
		kind = kindDatabase
	case *schema.Role:
		kind = kindRole
	case *schema.Namespace:
		kind = kindNamespace
	case *schema.Table:
		kind = kindTable
	case *schema.Index:
		kind = kindIndex
	case *schema.Extension:
		kind = kindExtension
	case *Stats:
		kind = kindStats
	default:
		return nil, fmt.Errorf("%w: %T", ErrUnknownObject, object)
	}
	body, err := json.Marshal(object)
	if err != nil {
		return nil, err
	}
	return append([]byte{recordFormat, kind}, body...), nil
}

// makers has an empty object for each kind of record.
var makers = map[byte]func() any{
	kindDatabase:  func() any { return new(schema.Database) },
	kindRole:      func() any { return new(schema.Role) },
	kindNamespace: func() any { return new(schema.Namespace) },
	kindTable:     func() any { return new(schema.Table) },
	kindIndex:     func() any { return new(schema.Index) },
	kindExtension: func() any { return new(schema.Extension) },
	kindStats:     func() any { return new(Stats) },
}

// Decode reads what Encode wrote.
func Decode(record []byte) (any, error) {
	if len(record) < 2 || record[0] != recordFormat || makers[record[1]] == nil {
		return nil, ErrRecord
	}
	object := makers[record[1]]()
	if err := json.Unmarshal(record[2:], object); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRecord, err)
	}
	if t, ok := object.(*schema.Table); ok {
		for i := range t.Columns {
			if t.Columns[i].Num != int16(i+1) {
				return nil, fmt.Errorf("%w: column %d of table %d is numbered %d", ErrRecord, i+1, t.OID, t.Columns[i].Num)
			}
		}
	}
	return object, nil
}
