package copyfmt

import "bytes"

// splitCSV takes a line of the csv format apart; the line has the newlines that are inside quotes.
func (r *Reader) splitCSV(line []byte) error {
	r.fields, r.decoded = r.fields[:0], r.decoded[:0]
	for rest := line; ; {
		f, n := r.plainCSV(rest)
		if n < 0 {
			var err error
			if f, n, err = r.unquote(line, rest); err != nil {
				return err
			}
		}
		f.null = !f.quoted && string(f.b) == r.rules.null
		if i := len(r.fields); i < len(r.cols) {
			if f.null && r.cols[i].notNull {
				f.null = false
			} else if r.cols[i].forceNull && string(f.b) == r.rules.null {
				f.null = true
			}
		}
		r.fields = append(r.fields, f)
		if n == len(rest) || r.tooMany() {
			return nil
		}
		rest = rest[n+1:]
	}
}

// plainCSV reads a field that is the same in the line as in the table: without quotes, or with one pair
// around it and none inside. It returns the length of the raw form, -1 when the field is not plain.
func (r *Reader) plainCSV(rest []byte) (field, int) {
	quote, escape := r.rules.quote, r.rules.escape
	if len(rest) == 0 || rest[0] != quote {
		end := bytes.IndexByte(rest, r.rules.delim)
		if end < 0 {
			end = len(rest)
		}
		if bytes.IndexByte(rest[:end], quote) >= 0 {
			return field{}, -1
		}
		return field{b: rest[:end]}, end
	}
	n := bytes.IndexByte(rest[1:], quote)
	if n < 0 || escape != quote && bytes.IndexByte(rest[1:1+n], escape) >= 0 {
		return field{}, -1
	}
	end := n + 2
	if end < len(rest) && rest[end] != r.rules.delim {
		return field{}, -1
	}
	return field{b: rest[1 : 1+n], quoted: true}, end
}

// unquote reads any field at the start of rest. Quotes may open and close anywhere in it.
func (r *Reader) unquote(line, rest []byte) (field, int, error) {
	quote, escape := r.rules.quote, r.rules.escape
	from := len(r.decoded)
	quoted, inside := false, false
	i := 0
	for ; i < len(rest); i++ {
		c := rest[i]
		switch {
		case !inside && c == r.rules.delim:
			return field{b: r.decoded[from:len(r.decoded):len(r.decoded)], quoted: quoted}, i, nil
		case !inside && c == quote:
			quoted, inside = true, true
			continue
		case inside && c == escape && i+1 < len(rest) && (rest[i+1] == quote || rest[i+1] == escape):
			i++
			c = rest[i]
		case inside && c == quote:
			inside = false
			continue
		}
		r.decoded = append(r.decoded, c)
	}
	if inside {
		return field{}, 0, r.bad(line, "unterminated CSV quoted field")
	}
	return field{b: r.decoded[from:len(r.decoded):len(r.decoded)], quoted: quoted}, i, nil
}
