package sqllogic

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// letters are the types that do not print as T.
var letters = map[uint32]byte{
	pgtype.Int2OID: 'I', pgtype.Int4OID: 'I', pgtype.Int8OID: 'I', pgtype.OIDOID: 'I',
	pgtype.Float4OID: 'R', pgtype.Float8OID: 'R', pgtype.BoolOID: 'B',
}

// typeLetters describes the columns of a result.
func typeLetters(fields []pgconn.FieldDescription) string {
	b := make([]byte, len(fields))
	for i, f := range fields {
		b[i] = 'T'
		if l, ok := letters[f.DataTypeOID]; ok {
			b[i] = l
		}
	}
	return string(b)
}

// renderValue makes a value's text fit for a line.
func renderValue(v []byte, oid uint32) string {
	switch {
	case v == nil:
		return "NULL"
	case len(v) == 0:
		return "(empty)"
	}
	s := string(v)
	digits := 12
	switch oid {
	case pgtype.Float4OID:
		digits = 6
		fallthrough
	case pgtype.Float8OID:
		if x, err := strconv.ParseFloat(s, 64); err == nil {
			s = strconv.FormatFloat(x, 'g', digits, 64)
		}
	}
	return strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(s)
}

// renderRows makes the lines that are compared: one a row, or one a value with valuesort, or a hash.
func renderRows(res *pgconn.Result, sort string, hashThreshold int) []string {
	rows := make([][]string, len(res.Rows))
	values := 0
	for i, row := range res.Rows {
		for j, v := range row {
			rows[i] = append(rows[i], renderValue(v, res.FieldDescriptions[j].DataTypeOID))
			values++
		}
	}
	var lines []string
	for _, row := range rows {
		if sort == "valuesort" {
			lines = append(lines, row...)
		} else {
			lines = append(lines, strings.Join(row, " | "))
		}
	}
	if sort != "nosort" {
		slices.Sort(lines)
	}
	if hashThreshold > 0 && values > hashThreshold {
		sum := md5.Sum([]byte(strings.Join(lines, "\n")))
		return []string{fmt.Sprintf("%d values hashing to %s", values, hex.EncodeToString(sum[:]))}
	}
	for i, l := range lines {
		if strings.TrimSpace(l) == "" {
			lines[i] = "(blank)" + l // a blank line would end the record
		}
	}
	return lines
}

// compareLines says where two lists differ, "" if they do not.
func compareLines(got, want []string) string {
	if slices.Equal(got, want) {
		return ""
	}
	for i := range max(len(got), len(want)) {
		g, w := "(end)", "(end)"
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if g != w {
			return fmt.Sprintf("%d lines, want %d; line %d is\n\t%s\nwant\n\t%s", len(got), len(want), i+1, g, w)
		}
	}
	return ""
}
