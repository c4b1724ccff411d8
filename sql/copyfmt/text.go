package copyfmt

import (
	"bytes"

	"github.com/vecdb/vecdb/sql/types"
)

// splitText takes a line of the text format apart.
func (r *Reader) splitText(line []byte) error {
	r.fields, r.decoded = r.fields[:0], r.decoded[:0]
	escapes := bytes.IndexByte(line, '\\') >= 0
	for rest := line; ; {
		end := bytes.IndexByte(rest, r.rules.delim)
		if end < 0 {
			end = len(rest)
		}
		f, n := field{b: rest[:end]}, end
		if escapes && bytes.IndexByte(f.b, '\\') >= 0 {
			var err error
			if f, n, err = r.unescape(rest); err == nil {
				err = types.CheckText(view(f.b))
			}
			if err != nil {
				return r.about(err, line)
			}
		}
		raw := rest[:n]
		if r.marked {
			raw = raw[:n-len(endMarker)]
		}
		if string(raw) == r.rules.null {
			f = field{null: true}
		}
		r.fields = append(r.fields, f)
		if n == len(rest) {
			return nil
		}
		if r.tooMany() {
			return nil
		}
		rest = rest[n+1:]
	}
}

// unescapes are the bytes that a backslash and a letter stand for.
var unescapes = [256]byte{'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v'}

// unescape decodes the field at the start of rest, and returns the length of its raw form.
func (r *Reader) unescape(rest []byte) (field, int, error) {
	from := len(r.decoded)
	i := 0
	for i < len(rest) && rest[i] != r.rules.delim {
		c := rest[i]
		i++
		if c != '\\' {
			r.decoded = append(r.decoded, c)
			continue
		}
		if i == len(rest) {
			break // a backslash at the end of the data is dropped
		}
		c = rest[i]
		i++
		switch {
		case c == '.':
			// Behind data and before a line's end it ends the data, too.
			if i == len(rest) && !r.open {
				r.marked = true
				return field{b: r.decoded[from:len(r.decoded):len(r.decoded)]}, i, nil
			}
			return field{}, 0, r.corruptMarker()
		case c >= '0' && c <= '7':
			v := c - '0'
			for k := 0; k < 2 && i < len(rest) && rest[i] >= '0' && rest[i] <= '7'; k++ {
				v = v<<3 | (rest[i] - '0')
				i++
			}
			c = v
		case c == 'x' && i < len(rest) && hexDigit(rest[i]) >= 0:
			v := byte(hexDigit(rest[i]))
			if i++; i < len(rest) && hexDigit(rest[i]) >= 0 {
				v = v<<4 | byte(hexDigit(rest[i]))
				i++
			}
			c = v
		case unescapes[c] != 0:
			c = unescapes[c]
		}
		r.decoded = append(r.decoded, c)
	}
	return field{b: r.decoded[from:len(r.decoded):len(r.decoded)]}, i, nil
}

// hexDigit is the value of a hexadecimal digit, or -1.
func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
