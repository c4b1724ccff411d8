package facts

import (
	"encoding/csv"
	"fmt"
	"strings"
)

// Row is one row of a fact file, by column name.
type Row struct {
	cols   map[string]int
	fields []string
}

// Get returns the field of that column, "" when the file has no such column.
func (r Row) Get(col string) string {
	if i, ok := r.cols[col]; ok && i < len(r.fields) {
		return r.fields[i]
	}
	return ""
}

// Bool says whether the field is t.
func (r Row) Bool(col string) bool { return r.Get(col) == "t" }

// Read returns the rows of a fact file. It panics when the text, which is part of the program, is not
// well-formed.
func Read(name, text string) []Row {
	rd := csv.NewReader(strings.NewReader(text))
	rd.Comma = '\t'
	rd.FieldsPerRecord = -1
	lines, err := rd.ReadAll()
	if err != nil || len(lines) == 0 {
		panic(fmt.Errorf("facts %s: %w", name, err))
	}
	cols := make(map[string]int, len(lines[0]))
	for i, h := range lines[0] {
		cols[h] = i
	}
	rows := make([]Row, len(lines)-1)
	for i, fields := range lines[1:] {
		rows[i] = Row{cols, fields}
	}
	return rows
}
