package copyfmt

import (
	"slices"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// Format is the format of the data.
type Format uint8

// Formats.
const (
	Text Format = iota
	CSV
	Binary
)

// formatNames are the formats' names in COPY's FORMAT option.
var formatNames = map[string]Format{"text": Text, "csv": CSV, "binary": Binary}

// ParseFormat reads the value of the FORMAT option.
func ParseFormat(name string) (Format, error) {
	f, ok := formatNames[name]
	if !ok {
		return 0, pgerr.New(pgerrcode.InvalidParameterValue, "COPY format %q not recognized", name)
	}
	return f, nil
}

// Header says what the first line is.
type Header uint8

// Kinds of a first line.
const (
	HeaderNone  Header = iota
	HeaderLine         // written, or passed over
	HeaderMatch        // read and compared with the names of the columns
)

// ParseHeader reads the value of the HEADER option; "" is the option without a value.
func ParseHeader(value string, from bool) (Header, error) {
	switch strings.ToLower(value) {
	case "", "true", "on", "1":
		return HeaderLine, nil
	case "false", "off", "0":
		return HeaderNone, nil
	case "match":
		if !from {
			return 0, pgerr.New(pgerrcode.FeatureNotSupported, `cannot use "match" with HEADER in COPY TO`)
		}
		return HeaderMatch, nil
	}
	return 0, pgerr.New(pgerrcode.SyntaxError, `header requires a Boolean value or "match"`)
}

// Columns is a set of columns: all, or some by name.
type Columns struct {
	All   bool
	Names []string
}

func (c *Columns) empty() bool { return !c.All && len(c.Names) == 0 }

// has says whether the set has the column.
func (c *Columns) has(name string) bool { return c.All || slices.Contains(c.Names, name) }

// Column is one column of the data.
type Column struct {
	Name string
	Type types.T
}

// Options are what a COPY statement says of its data. Nil strings are those that were not given. The
// zero value is the text format with its defaults.
type Options struct {
	Format    Format
	Delimiter *string // tab; comma in csv
	Null      *string // \N; nothing in csv
	Quote     *string // csv only: "
	Escape    *string // csv only: as Quote
	Header    Header

	ForceQuote   Columns // csv, COPY TO: quoted always
	ForceNotNull Columns // csv, COPY FROM: the null string is a value here
	ForceNull    Columns // csv, COPY FROM: the null string is null here even when quoted
}

// textReserved are the bytes that mean something in the text format after a backslash or at all.
const textReserved = `\.abcdefghijklmnopqrstuvwxyz0123456789`

// Check refuses options that contradict each other, and columns whose types cannot be copied. Readers
// and writers want options that have been checked.
func (o *Options) Check(from bool, cols []Column) error {
	for _, c := range cols {
		t := types.Lookup(c.Type.OID)
		if t == nil || t.Parse == nil || t.Format == nil || o.Format == Binary && (t.Recv == nil || t.Send == nil) {
			return pgerr.Unsupported("COPY of column %q of this type", c.Name)
		}
	}
	checks := []func() error{o.checkBinary, o.checkSingleBytes, o.checkReserved, func() error { return o.checkForce(from) }}
	for _, check := range checks {
		if err := check(); err != nil {
			return err
		}
	}
	for _, list := range []struct {
		what string
		set  *Columns
	}{{"FORCE_QUOTE", &o.ForceQuote}, {"FORCE_NOT_NULL", &o.ForceNotNull}, {"FORCE_NULL", &o.ForceNull}} {
		for _, name := range list.set.Names {
			if !slices.ContainsFunc(cols, func(c Column) bool { return c.Name == name }) {
				return pgerr.New(pgerrcode.InvalidColumnReference, "%s column %q not referenced by COPY", list.what, name)
			}
		}
	}
	return nil
}

func (o *Options) checkBinary() error {
	if o.Format != Binary {
		return nil
	}
	for _, given := range []struct {
		name string
		is   bool
	}{{"DELIMITER", o.Delimiter != nil}, {"NULL", o.Null != nil}} {
		if given.is {
			return pgerr.New(pgerrcode.SyntaxError, "cannot specify %s in BINARY mode", given.name)
		}
	}
	if o.Header != HeaderNone {
		return pgerr.New(pgerrcode.FeatureNotSupported, "cannot specify HEADER in BINARY mode")
	}
	return nil
}

func (o *Options) checkSingleBytes() error {
	for _, b := range []struct {
		name  string
		value *string
		csv   bool
	}{{"delimiter", o.Delimiter, false}, {"quote", o.Quote, true}, {"escape", o.Escape, true}} {
		switch {
		case b.value == nil:
		case b.csv && o.Format != CSV:
			return pgerr.New(pgerrcode.FeatureNotSupported, "COPY %s available only in CSV mode", b.name)
		case len(*b.value) != 1:
			return pgerr.New(pgerrcode.FeatureNotSupported, "COPY %s must be a single one-byte character", b.name)
		}
	}
	return nil
}

func (o *Options) checkReserved() error {
	r := o.rules()
	bad := func(format string, args ...any) error {
		return pgerr.New(pgerrcode.InvalidParameterValue, format, args...)
	}
	switch {
	case o.Format == Binary:
		return nil
	case r.delim == '\n' || r.delim == '\r':
		return bad("COPY delimiter cannot be newline or carriage return")
	case strings.ContainsAny(r.null, "\r\n"):
		return bad("COPY null representation cannot use newline or carriage return")
	case o.Format == Text && strings.IndexByte(textReserved, r.delim) >= 0:
		return bad("COPY delimiter cannot be %q", string(r.delim))
	case o.Format == CSV && r.delim == r.quote:
		return bad("COPY delimiter and quote must be different")
	case strings.IndexByte(r.null, r.delim) >= 0:
		return pgerr.New(pgerrcode.FeatureNotSupported, "COPY delimiter must not appear in the NULL specification")
	case o.Format == CSV && strings.IndexByte(r.null, r.quote) >= 0:
		return pgerr.New(pgerrcode.FeatureNotSupported, "CSV quote character must not appear in the NULL specification")
	}
	return nil
}

func (o *Options) checkForce(from bool) error {
	for _, f := range []struct {
		name string
		set  *Columns
		from bool
	}{{"force quote", &o.ForceQuote, false}, {"force not null", &o.ForceNotNull, true}, {"force null", &o.ForceNull, true}} {
		way := map[bool]string{true: "COPY FROM", false: "COPY TO"}[f.from]
		switch {
		case f.set.empty():
		case o.Format != CSV:
			return pgerr.New(pgerrcode.FeatureNotSupported, "COPY %s available only in CSV mode", f.name)
		case f.from != from:
			return pgerr.New(pgerrcode.FeatureNotSupported, "COPY %s only available using %s", f.name, way)
		}
	}
	return nil
}

// rules are options with the defaults filled in.
type rules struct {
	csv                  bool
	delim, quote, escape byte
	null                 string
}

func (o *Options) rules() rules {
	r := rules{delim: '\t', null: `\N`}
	if o.Format == CSV {
		r = rules{csv: true, delim: ',', quote: '"'}
	}
	one := func(dst *byte, s *string) {
		if s != nil && len(*s) == 1 {
			*dst = (*s)[0]
		}
	}
	one(&r.delim, o.Delimiter)
	one(&r.quote, o.Quote)
	r.escape = r.quote
	one(&r.escape, o.Escape)
	if o.Null != nil {
		r.null = *o.Null
	}
	return r
}
