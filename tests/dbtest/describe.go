package dbtest

import (
	"context"
	"fmt"
	"strings"

	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/wire/backend"
)

// Describes is Is for the description of a prepared statement: the types of its parameters, and the name and type of
// each column, with the table's column that it is: "integer, text -> a integer t.a; x numeric(5,2)".
func (s *Session) Describes(query, want string) {
	s.t.Helper()
	if got := s.describe(query); got != want && !rewritten("Describes", 1, query, want, got) {
		s.t.Errorf("%s\n got %s\nwant %s", query, got, want)
	}
}

func (s *Session) describe(query string) string {
	params, fields, err := s.description(query)
	if err != nil {
		return s.failed(query, err)
	}
	names := make([]string, len(params))
	for i, oid := range params {
		names[i] = s.typeName(oid, -1)
	}
	cols := make([]string, len(fields))
	for i, f := range fields {
		cols[i] = f.Name + " " + s.typeName(f.Type.OID, f.Type.Mod)
		if f.TableOID != 0 {
			cols[i] += " " + s.Ask(fmt.Sprintf(
				"select attrelid::regclass || '.' || attname from pg_attribute where attrelid = %d and attnum = %d", f.TableOID, f.Attr))
		}
	}
	return strings.TrimSpace(strings.Join(names, ", ") + " -> " + strings.Join(cols, "; "))
}

func (s *Session) description(query string) (params []types.OID, fields []backend.Field, err error) {
	if s.asked != nil {
		return s.asked.describe(query)
	}
	_, err = s.ended(func(ctx context.Context) (string, error) {
		if err := s.Parse(ctx, "", query, nil); err != nil {
			return "", err
		}
		params, fields, err = s.DescribeStatement(ctx, "")
		return "", err
	})
	return params, fields, err
}

func (s *Session) typeName(oid types.OID, mod int32) string {
	return s.Ask(fmt.Sprintf("select format_type(%d, %d)", oid, mod))
}

// describe asks a reference server.
func (a *asked) describe(query string) (params []types.OID, fields []backend.Field, err error) {
	d, err := a.Prepare(context.Background(), "", query, nil)
	if err != nil {
		return nil, nil, err
	}
	for _, oid := range d.ParamOIDs {
		params = append(params, types.OID(oid))
	}
	for _, f := range d.Fields {
		fields = append(fields, backend.Field{
			Name: f.Name, TableOID: types.OID(f.TableOID), Attr: int16(f.TableAttributeNumber),
			Type: types.T{OID: types.OID(f.DataTypeOID), Mod: f.TypeModifier},
		})
	}
	return params, fields, nil
}
