package sqllogic

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Kind says what a record does.
type Kind int

// The kinds of records.
const (
	Text      Kind = iota // blank lines, comments: kept as they are
	Statement             // statement ok, count, error
	Query                 // query, query error
	CopyFrom              // copy from
	CopyTo                // copy to
	Control               // control protocol, hash-threshold, halt
)

// Record is one entry of a file. Lines has the record's text without its expected part, so that a
// rewritten file differs in results only.
type Record struct {
	Kind  Kind
	Line  int      // number of the first line, from 1
	Lines []string // as read: conditions, header, SQL; for Text all
	head  int      // index in Lines of the header

	OnlyIf, SkipIf []string // engines
	Fails          []string // engines on which the record must fail
	Connection     string   // name, "" for the first

	SQL       string
	WantError bool
	Code      string         // SQLSTATE; "" for any
	Message   *regexp.Regexp // nil for any
	Count     int64          // of statement count, else -1
	Types     string
	Sort      string
	Data      []string // of copy from
	Expected  []string // after ----, of query and copy to
	Args      []string // of Control
}

// conditions are the words of lines that may stand before a record's header.
var conditions = []string{"skipif", "onlyif", "fails", "connection"}

// Parse reads a file.
func Parse(text string) ([]*Record, error) {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	var records []*Record
	for i := 0; i < len(lines); {
		r := &Record{Line: i + 1, Count: -1}
		n, err := r.parse(lines[i:])
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		i += n
		records = append(records, r)
	}
	return records, nil
}

// parse reads one record from the beginning of lines and returns how many lines it has.
func (r *Record) parse(lines []string) (int, error) {
	if first := strings.TrimSpace(lines[0]); first == "" || strings.HasPrefix(first, "#") {
		r.Lines = lines[:1]
		return 1, nil
	}
	for {
		words := strings.Fields(lines[r.head])
		if len(words) == 0 || !slices.Contains(conditions, words[0]) {
			break
		}
		if len(words) < 2 {
			return 0, fmt.Errorf("%s of what?", words[0])
		}
		r.condition(words[0], words[1])
		if r.head++; r.head == len(lines) {
			return 0, fmt.Errorf("%s without a record", words[0])
		}
	}
	if err := r.header(strings.Fields(lines[r.head])); err != nil {
		return 0, err
	}
	end := r.head + 1
	if r.Kind == Control {
		r.Lines = lines[:end]
		return end, nil
	}
	for end < len(lines) && lines[end] != "" && lines[end] != "----" {
		end++
	}
	r.Lines = lines[:end]
	r.SQL = strings.Join(lines[r.head+1:end], "\n")
	if strings.TrimSpace(r.SQL) == "" {
		return 0, fmt.Errorf("a record without SQL")
	}
	if end == len(lines) || lines[end] == "" {
		return end, nil
	}
	from := end + 1
	for end = from; end < len(lines) && lines[end] != ""; end++ {
	}
	if r.Kind == CopyFrom {
		r.Data = lines[from:end]
	} else {
		r.Expected = lines[from:end]
	}
	return end, nil
}

// condition notes a line before the header.
func (r *Record) condition(word, what string) {
	switch word {
	case "skipif":
		r.SkipIf = append(r.SkipIf, what)
	case "onlyif":
		r.OnlyIf = append(r.OnlyIf, what)
	case "fails":
		r.Fails = append(r.Fails, what)
	case "connection":
		r.Connection = what
	}
}

// header reads the record's first line proper.
func (r *Record) header(words []string) error {
	if len(words) == 0 {
		return fmt.Errorf("conditions without a record")
	}
	rest := words[1:]
	switch words[0] {
	case "statement":
		r.Kind = Statement
	case "query":
		r.Kind = Query
	case "copy":
		if len(rest) == 0 || rest[0] != "from" && rest[0] != "to" {
			return fmt.Errorf("copy from or copy to?")
		}
		r.Kind = CopyFrom
		if rest[0] == "to" {
			r.Kind = CopyTo
		}
		rest = rest[1:]
	case "control", "hash-threshold", "halt":
		r.Kind, r.Args = Control, words
		return nil
	default:
		return fmt.Errorf("unknown record %q", words[0])
	}
	if len(rest) > 0 && rest[0] == "error" {
		return r.wantError(rest[1:])
	}
	switch {
	case r.Kind == Query:
		return r.queryWords(rest)
	case len(rest) == 2 && rest[0] == "count" && r.Kind == Statement:
		n, err := strconv.ParseInt(rest[1], 10, 64)
		r.Count = n
		return err
	case len(rest) == 0 && r.Kind == CopyTo, len(rest) == 1 && rest[0] == "ok":
		return nil
	}
	return fmt.Errorf("%q is neither ok nor error", strings.Join(words, " "))
}

// wantError reads what follows error: pgcode XXXXX, then a regular expression, both optional.
func (r *Record) wantError(words []string) error {
	r.WantError = true
	if len(words) >= 2 && words[0] == "pgcode" {
		r.Code, words = words[1], words[2:]
	}
	if len(words) == 0 {
		return nil
	}
	var err error
	r.Message, err = regexp.Compile(strings.Join(words, " "))
	return err
}

// queryWords reads what follows query: types, sort mode, label; the label is of no use here.
func (r *Record) queryWords(words []string) error {
	r.Sort = "nosort"
	if len(words) > 0 && strings.Trim(words[0], "IRBT") == "" {
		r.Types, words = words[0], words[1:]
	}
	if len(words) > 0 {
		r.Sort = words[0]
	}
	if !slices.Contains([]string{"nosort", "rowsort", "valuesort"}, r.Sort) {
		return fmt.Errorf("unknown sort mode %q", r.Sort)
	}
	return nil
}

// runs tells whether the record is run on an engine.
func (r *Record) runs(engine string) bool {
	return !slices.Contains(r.SkipIf, engine) && (len(r.OnlyIf) == 0 || slices.Contains(r.OnlyIf, engine))
}

// setHeader replaces the header's text.
func (r *Record) setHeader(text string) {
	r.Lines = slices.Clone(r.Lines)
	r.Lines[r.head] = text
}

// mark adds or removes the line `fails ENGINE`.
func (r *Record) mark(engine string, failed bool) {
	line := "fails " + engine
	marked := slices.Contains(r.Fails, engine)
	if failed && !marked {
		r.Lines = slices.Insert(slices.Clone(r.Lines), r.head, line)
		r.head++
	}
	if !failed && marked {
		i := slices.IndexFunc(r.Lines, func(l string) bool { return strings.HasPrefix(l, line) })
		r.Lines = slices.Delete(slices.Clone(r.Lines), i, i+1)
		r.head--
	}
}

// Format gives the file's text again.
func Format(records []*Record) string {
	var b strings.Builder
	put := func(lines []string) {
		for _, l := range lines {
			b.WriteString(l + "\n")
		}
	}
	for _, r := range records {
		put(r.Lines)
		switch {
		case r.Kind == CopyFrom:
			put([]string{"----"})
			put(r.Data)
		case r.Kind == CopyTo && !r.WantError, r.Kind == Query && !r.WantError:
			put([]string{"----"})
			put(r.Expected)
		}
	}
	return b.String()
}
