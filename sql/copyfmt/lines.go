package copyfmt

import (
	"bytes"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// eol is how lines end. The first line decides it.
type eol uint8

const (
	eolUnknown eol = iota
	eolNL
	eolCR
	eolCRNL
)

// scan is how far the search for the end of a line has come, from the line's start.
type scan struct {
	at     int  // everything before is looked at
	fast   int  // the same of the search for a bare newline
	quoted bool // csv: at is inside quotes
	esc    bool // csv: the byte before at was an escape
}

// readLine returns the next line without its end, false at the end of the data. It is valid until the
// next call.
func (r *Reader) readLine() ([]byte, bool, error) {
	r.line++
	r.scan = scan{}
	for {
		end, next, err := r.findEnd()
		if err != nil {
			return nil, false, err
		}
		r.open = next == 0
		if next > 0 {
			line := r.in.rest()[:end]
			r.ending = next - end
			r.in.skip(next)
			return line, true, nil
		}
		if r.in.eof {
			line := r.in.rest()
			r.ending = 0
			r.in.skip(len(line))
			return line, len(line) > 0, nil
		}
		if err := r.in.fill(); err != nil {
			return nil, false, err
		}
	}
}

// findEnd looks for the end of the line in what is buffered: the line is rest[:end], the next one
// starts at next, which is 0 when there is no end yet.
func (r *Reader) findEnd() (end, next int, err error) {
	if r.rules.csv {
		return r.findEndCSV()
	}
	if r.eol == eolNL && r.scan.at == 0 {
		if end, sure := r.findNewline(); sure {
			if end < 0 {
				return 0, 0, nil
			}
			return end, end + 1, nil
		}
	}
	return r.findEndText()
}

// findNewline is the quick search for lines that end with a bare newline. Not sure: look at each byte.
func (r *Reader) findNewline() (end int, sure bool) {
	data := r.in.rest()
	for {
		i := bytes.IndexByte(data[r.scan.fast:], '\n')
		if i < 0 {
			r.scan.fast = len(data)
			return -1, !r.in.eof
		}
		i += r.scan.fast
		slashes := 0
		for slashes < i && data[i-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return i, bytes.IndexByte(data[:i], '\r') < 0
		}
		r.scan.fast = i + 1 // a newline after a backslash is data
	}
}

func (r *Reader) findEndText() (end, next int, err error) {
	data := r.in.rest()
	s := &r.scan
	for s.at < len(data) {
		switch data[s.at] {
		case '\\':
			if s.at+1 == len(data) && !r.in.eof {
				return 0, 0, nil
			}
			s.at += 2
		case '\n', '\r':
			return r.lineEnd(data)
		default:
			s.at++
		}
	}
	return 0, 0, nil
}

// lineEnd decides about the newline or carriage return at scan.at.
func (r *Reader) lineEnd(data []byte) (end, next int, err error) {
	i := r.scan.at
	if data[i] == '\n' {
		if r.eol == eolCR || r.eol == eolCRNL {
			return 0, 0, r.strayEnd("newline", `\n`)
		}
		r.eol = eolNL
		return i, i + 1, nil
	}
	if i+1 == len(data) && !r.in.eof {
		return 0, 0, nil // a newline may follow
	}
	pair := i+1 < len(data) && data[i+1] == '\n'
	switch {
	case r.eol == eolNL, r.eol == eolCRNL && !pair:
		return 0, 0, r.strayEnd("carriage return", `\r`)
	case r.eol == eolUnknown && pair:
		r.eol = eolCRNL
	case r.eol == eolUnknown:
		r.eol = eolCR
	}
	if r.eol == eolCRNL {
		return i, i + 2, nil
	}
	return i, i + 1, nil
}

// strayEnd refuses an end of line of another style than the first line's.
func (r *Reader) strayEnd(what, escaped string) error {
	if before := r.in.rest()[:r.scan.at]; !r.rules.csv && endsInMarker(before) {
		if r.eol == eolCRNL && escaped == `\r` {
			return r.corruptMarker()
		}
		return r.bad(nil, "end-of-copy marker does not match previous newline style")
	}
	text, hint := "literal "+what+" found in data", `Use "`+escaped+`" to represent `+what+"."
	if r.rules.csv {
		text, hint = "unquoted "+what+" found in data", "Use quoted CSV field to represent "+what+"."
	}
	e := pgerr.New(pgerrcode.BadCopyFileFormat, "%s", text).Hint("%s", hint)
	e.Where = r.Where(r.line)
	return e
}

// endsInMarker says whether what stands before the end of a line of text ends in the end marker.
func endsInMarker(line []byte) bool {
	body, ok := bytes.CutSuffix(line, []byte("."))
	return ok && (len(body)-len(bytes.TrimRight(body, `\`)))%2 == 1
}

// findEndCSV looks at quotes too: ends of lines inside of them are data.
func (r *Reader) findEndCSV() (end, next int, err error) {
	data := r.in.rest()
	s := &r.scan
	quote, escape := r.rules.quote, r.rules.escape
	for s.at < len(data) {
		if s.quoted && escape == quote {
			i := bytes.IndexByte(data[s.at:], quote)
			if i < 0 {
				i = len(data) - s.at
			}
			r.countLines(data[s.at : s.at+i])
			if s.at += i; s.at < len(data) {
				s.quoted = false
				s.at++
			}
			continue
		}
		c := data[s.at]
		switch {
		case s.quoted && c == escape && !s.esc:
			s.esc = true
			s.at++
			continue
		case c == quote && !s.esc:
			s.quoted = !s.quoted
		case s.quoted:
			r.countLines(data[s.at : s.at+1])
		case c == '\n' || c == '\r':
			return r.lineEnd(data)
		}
		s.esc = false
		s.at++
	}
	return 0, 0, nil
}

// countLines counts the line ends inside quotes, so that a row is numbered by its last line. As in
// PostgreSQL only carriage returns count until the first row has shown how lines end.
func (r *Reader) countLines(b []byte) {
	c := byte('\r')
	if r.eol == eolNL {
		c = '\n'
	}
	r.line += int64(bytes.Count(b, []byte{c}))
}

// endMarker ends the data before the end of the stream.
const endMarker = `\.`

func (r *Reader) corruptMarker() error { return r.bad(nil, "end-of-copy marker corrupt") }

// fieldsMax is how many fields of a line are counted when there are fewer columns: PostgreSQL's limit of
// columns.
const fieldsMax = 1664

// tooMany says that a line need not be looked at further: it has more fields than any table.
func (r *Reader) tooMany() bool { return len(r.fields) > max(len(r.cols), fieldsMax) }

// lineRow reads a line and splits it.
func (r *Reader) lineRow(split func([]byte) error) (bool, error) {
	if r.marked {
		return false, nil
	}
	line, ok, err := r.readLine()
	if err != nil || !ok {
		return false, err
	}
	if string(line) == endMarker { // an end of a line must follow it
		switch {
		case !r.open:
			return false, nil
		case !r.rules.csv:
			return false, r.corruptMarker()
		}
	}
	if types.CheckText(view(line)) != nil { // the error shows the end of the line, too
		return false, r.At(types.CheckText(view(line[:len(line)+r.ending])), r.line)
	}
	if err := split(line); err != nil {
		return false, err
	}
	n := len(r.cols)
	if n == 0 && len(line) == 0 {
		r.fields = r.fields[:0]
		return true, nil
	}
	if len(r.fields) > n {
		return false, r.bad(line, "extra data after last expected column")
	}
	if len(r.fields) < n {
		for i := range r.fields { // as in PostgreSQL, what is there is read before something is missing
			if _, err := r.parse(i); err != nil {
				return false, err
			}
		}
		return false, r.bad(line, "missing data for column %q", r.cols[len(r.fields)].Name)
	}
	return true, nil
}

// headerLine reads the first line, and compares it with the columns' names when that is wanted.
func (r *Reader) headerLine() error {
	line, ok, err := r.readLine()
	if err != nil {
		return err
	}
	if !ok || string(line) == endMarker && !r.open {
		r.done, line = true, []byte{}
	}
	if r.opts.Header != HeaderMatch {
		return nil
	}
	if r.rules.csv {
		err = r.splitCSV(line)
	} else {
		err = r.splitText(line)
	}
	if err != nil {
		return err
	}
	if len(r.fields) != len(r.cols) {
		return r.bad(line, "wrong number of fields in header line: got %d, expected %d", len(r.fields), len(r.cols))
	}
	for i, f := range r.fields {
		name := r.cols[i].Name
		if f.null || !f.quoted && string(f.b) == r.rules.null {
			return r.bad(line, "column name mismatch in header line field %d: got null value (%q), expected %q", i+1, r.rules.null, name)
		}
		if got := string(f.b); got != name {
			return r.bad(line, "column name mismatch in header line field %d: got %q, expected %q", i+1, strings.ToValidUTF8(got, "?"), name)
		}
	}
	return nil
}
