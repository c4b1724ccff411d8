package fn

import (
	"strconv"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

func formatInt(v int64) string { return strconv.FormatInt(v, 10) }

// spread returns the variadic arguments from the given one on, with their types: those of a VARIADIC
// array when the call was written so.
func spread(c *Call, args []types.Datum, from int) ([]types.Datum, []types.OID, error) {
	if c.Spread && len(args) == from+1 {
		if args[from].Null {
			return nil, nil, nil
		}
		elem := elementOf(c.Args[from].OID)
		if elem == 0 {
			return nil, nil, pgerr.New(pgerrcode.DatatypeMismatch, "VARIADIC argument must be an array")
		}
		list, err := elements(args[from])
		if err != nil {
			return nil, nil, err
		}
		oids := make([]types.OID, len(list))
		for i := range oids {
			oids[i] = elem
		}
		return list, oids, nil
	}
	oids := make([]types.OID, 0, len(args))
	for i := from; i < len(args); i++ {
		oids = append(oids, c.Args[i].OID)
	}
	return args[from:], oids, nil
}

func concatAny(c *Call, args []types.Datum) (types.Datum, error) {
	if c.Spread && len(args) == 1 && args[0].Null {
		return types.NullDatum, nil
	}
	s, err := joinAny(c, args, 0, "")
	return types.StringDatum(s), err
}

func concatWithSeparator(c *Call, args []types.Datum) (types.Datum, error) {
	if args[0].Null || c.Spread && len(args) == 2 && args[1].Null {
		return types.NullDatum, nil
	}
	s, err := joinAny(c, args, 1, args[0].S)
	return types.StringDatum(s), err
}

// joinAny joins the text forms of the arguments that are not null.
func joinAny(c *Call, args []types.Datum, from int, sep string) (string, error) {
	list, oids, err := spread(c, args, from)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	first := true
	for i, d := range list {
		if d.Null {
			continue
		}
		if !first {
			b.WriteString(sep)
		}
		first = false
		s, err := outputText(c.Env, oids[i], d)
		if err != nil {
			return "", err
		}
		b.WriteString(s)
	}
	return b.String(), nil
}

// QuoteIdent quotes a name where SQL needs it: not a plain lower-case word, or a keyword.
func QuoteIdent(s string) string {
	plain := s != "" && (s[0] == '_' || s[0] >= 'a' && s[0] <= 'z')
	for i := 0; plain && i < len(s); i++ {
		c := s[i]
		plain = c == '_' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
	}
	if plain && !quoted()[s] {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

// QuoteLiteral writes a string literal, with E” when it has a backslash.
func QuoteLiteral(s string) string {
	q := "'" + strings.ReplaceAll(s, "'", "''") + "'"
	if strings.Contains(s, `\`) {
		return "E" + strings.ReplaceAll(q, `\`, `\\`)
	}
	return q
}

func quoteNullable(c *Call, args []types.Datum) (types.Datum, error) {
	if args[0].Null {
		return types.StringDatum("NULL"), nil
	}
	s, err := textOf(c.Env, c.Args[0].OID, args[0])
	return types.StringDatum(QuoteLiteral(s)), err
}

// formatWidthMax bounds the width of a field, so that a format cannot ask for gigabytes.
const formatWidthMax = textBytesMax / 16

// formatter is one run of format().
type formatter struct {
	c    *Call
	args []types.Datum
	oids []types.OID
	next int
	out  strings.Builder
}

func format(c *Call, args []types.Datum) (types.Datum, error) {
	if args[0].Null {
		return types.NullDatum, nil
	}
	list, oids, err := spread(c, args, 1)
	if err != nil {
		return types.Datum{}, err
	}
	f := &formatter{c: c, args: list, oids: oids}
	s := args[0].S
	for {
		i := strings.IndexByte(s, '%')
		if i < 0 {
			f.out.WriteString(s)
			return types.StringDatum(f.out.String()), nil
		}
		f.out.WriteString(s[:i])
		s = s[i+1:]
		if strings.HasPrefix(s, "%") {
			f.out.WriteByte('%')
			s = s[1:]
			continue
		}
		if s, err = f.specifier(s); err != nil {
			return types.Datum{}, err
		}
	}
}

func errFormatEnd() error {
	return errParameter("unterminated format() type specifier").
		Hint(`For a single "%%" use "%%%%".`)
}

func errFormatZero() error {
	return errParameter("format specifies argument 0, but arguments are numbered from 1")
}

// specifier handles [position$][-][width]type and returns what stands behind it.
func (f *formatter) specifier(s string) (string, error) {
	position, width, atLeft := 0, 0, false
	number := func() (int, bool) {
		i := 0
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		n, err := strconv.Atoi(s[:i])
		if i == 0 {
			return 0, false
		}
		if err != nil {
			n = 1 << 40
		}
		s = s[i:]
		return n, true
	}
	n, isNumber := number()
	if isNumber && strings.HasPrefix(s, "$") {
		if n == 0 {
			return "", errFormatZero()
		}
		position, s, isNumber = n, s[1:], false
	}
	if isNumber {
		width = n
	} else {
		for strings.HasPrefix(s, "-") {
			atLeft, s = true, s[1:]
		}
		if strings.HasPrefix(s, "*") {
			s = s[1:]
			w, err := f.starWidth(&s)
			if err != nil {
				return "", err
			}
			width = w
			if w < 0 {
				width, atLeft = -w, true
			}
		} else if n, ok := number(); ok {
			width = n
		}
	}
	if s == "" {
		return "", errFormatEnd()
	}
	if width > formatWidthMax {
		return "", pgerr.New(pgerrcode.NumericValueOutOfRange, "number is out of range")
	}
	return s[1:], f.conversion(s[0], position, width, atLeft)
}

// starWidth reads a width from the arguments: * or *n$.
func (f *formatter) starWidth(s *string) (int, error) {
	index := f.next
	if i := strings.IndexByte(*s, '$'); i > 0 {
		if n, err := strconv.Atoi((*s)[:i]); err == nil {
			if n == 0 {
				return 0, errFormatZero()
			}
			index, *s = n-1, (*s)[i+1:]
		}
	}
	d, oid, err := f.arg(index)
	if err != nil {
		return 0, err
	}
	f.next = index + 1
	if d.Null {
		return 0, nil
	}
	text, err := outputText(f.c.Env, oid, d)
	if err != nil {
		return 0, err
	}
	width, err := types.Lookup(types.Int4OID).Parse(text, -1, sessionOf(f.c.Env))
	return int(width.I), err
}

func (f *formatter) arg(index int) (types.Datum, types.OID, error) {
	if index < 0 || index >= len(f.args) {
		return types.Datum{}, 0, errParameter("too few arguments for format()")
	}
	return f.args[index], f.oids[index], nil
}

func (f *formatter) conversion(kind byte, position, width int, atLeft bool) error {
	if kind != 's' && kind != 'I' && kind != 'L' {
		return errParameter("unrecognized format() type specifier %q", string(rune(kind))).
			Hint(`For a single "%%" use "%%%%".`)
	}
	index := f.next
	if position > 0 {
		index = position - 1
	}
	d, oid, err := f.arg(index)
	if err != nil {
		return err
	}
	f.next = index + 1
	text := ""
	if !d.Null {
		if text, err = outputText(f.c.Env, oid, d); err != nil {
			return err
		}
	}
	switch {
	case kind == 'I' && d.Null:
		return pgerr.New(pgerrcode.NullValueNotAllowedDataException, "null values cannot be formatted as an SQL identifier")
	case kind == 'I':
		text = QuoteIdent(text)
	case kind == 'L' && d.Null:
		text = "NULL"
	case kind == 'L':
		text = QuoteLiteral(text)
	}
	padding := strings.Repeat(" ", max(0, width-int(charCount(text))))
	if atLeft {
		f.out.WriteString(text + padding)
	} else {
		f.out.WriteString(padding + text)
	}
	return nil
}
