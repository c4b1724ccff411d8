package types

import (
	"errors"
	"strconv"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
)

func malformed(s, format string, args ...any) error {
	return pgerr.New(pgerrcode.InvalidTextRepresentation, "malformed array literal: \"%s\"", s).Detail(format, args...)
}

// ErrDimensions is the error of an array of more than ArrayDimsMax dimensions.
func ErrDimensions(n int) error {
	return pgerr.New(pgerrcode.ProgramLimitExceeded, "number of array dimensions (%d) exceeds the maximum allowed (%d)", n, ArrayDimsMax)
}

func errArraySize() error {
	return pgerr.New(pgerrcode.ProgramLimitExceeded, "array size exceeds the maximum allowed (%d)", arrayItemsMax)
}

// arrayState is what has just been read of an array's text, as far as it decides what may follow.
type arrayState uint8

const (
	arrayBegin     arrayState = iota
	levelOpened               // {
	elemStarted               // some of a bare element
	quoteStarted              // within quotes
	quoteEnded                // behind them
	elemDelimited             // the delimiter behind an element
	levelClosed               // }
	levelDelimited            // the delimiter behind a }
)

// arrayParser reads an array's text in one pass; the elements are parsed when the whole is known to be well formed.
type arrayParser struct {
	in    string // what errors show
	s     string // what is not read yet
	delim byte

	state  arrayState
	level  int               // of braces
	count  [ArrayDimsMax]int // of members so far in the open brace of each level
	dims   [ArrayDimsMax]int // of members in the first closed brace of each level; 0 none yet
	ndim   int
	elems  []arrayText
	text   []byte // of the element at hand
	keep   int    // its length without trailing blanks
	quoted bool
}

// arrayText is an element before it is parsed.
type arrayText struct {
	s    string
	null bool
}

// parseArray reads the text form: perhaps explicit bounds, then nested braces.
func parseArray(in string, t, elem *Type, mod int32, env *Session) (Array, error) {
	p := arrayParser{in: in, s: trimLeft(in), delim: t.Delim}
	a := Array{Elem: elem.OID}
	lower, upper, err := p.bounds()
	if err != nil {
		return a, err
	}
	p.in = p.s
	if err := p.contents(); err != nil {
		return a, err
	}
	if trimLeft(p.s) != "" {
		return a, malformed(p.in, "Junk after closing right brace.")
	}
	if lower != nil && len(lower) != p.ndim {
		return a, malformed(in, "Specified array dimensions do not match array contents.")
	}
	for i := range lower {
		if upper[i]-lower[i]+1 != p.dims[i] {
			return a, malformed(in, "Specified array dimensions do not match array contents.")
		}
	}
	if len(p.elems) == 0 {
		return a, nil
	}
	a.Dims, a.Lower = append([]int(nil), p.dims[:p.ndim]...), lower
	if lower == nil {
		for range a.Dims {
			a.Lower = append(a.Lower, 1)
		}
	}
	if _, err := checkBounds(a.Dims, a.Lower); err != nil {
		return a, err
	}
	a.Items = make([]Datum, len(p.elems))
	for i, e := range p.elems {
		if e.null {
			a.Items[i] = NullDatum
		} else if a.Items[i], err = elem.Parse(e.s, mod, env); err != nil {
			return a, err
		}
	}
	return a, nil
}

// bounds reads [lower:upper]... = before the braces.
func (p *arrayParser) bounds() (lower, upper []int, err error) {
	for strings.HasPrefix(p.s, "[") {
		if len(lower) == ArrayDimsMax {
			return nil, nil, ErrDimensions(ArrayDimsMax + 1)
		}
		p.s = p.s[1:]
		l, ok := p.number()
		if !ok {
			return nil, nil, malformed(p.in, `"[" must introduce explicitly-specified array dimensions.`)
		}
		u := l
		if strings.HasPrefix(p.s, ":") {
			p.s = p.s[1:]
			if u, ok = p.number(); !ok {
				return nil, nil, malformed(p.in, "Missing array dimension value.")
			}
		} else {
			l = 1
		}
		if !strings.HasPrefix(p.s, "]") {
			return nil, nil, malformed(p.in, `Missing "]" after array dimensions.`)
		}
		p.s = p.s[1:]
		if u < l {
			return nil, nil, pgerr.New(pgerrcode.ArraySubscriptError, "upper bound cannot be less than lower bound")
		}
		lower, upper = append(lower, l), append(upper, u)
		p.s = trimLeft(p.s)
	}
	switch {
	case lower == nil && !strings.HasPrefix(p.s, "{"):
		return nil, nil, malformed(p.in, `Array value must start with "{" or dimension information.`)
	case lower == nil:
		return nil, nil, nil
	case !strings.HasPrefix(p.s, "="):
		return nil, nil, malformed(p.in, `Missing "=" after array dimensions.`)
	}
	if p.s = trimLeft(p.s[1:]); !strings.HasPrefix(p.s, "{") {
		return nil, nil, malformed(p.in, `Array contents must start with "{".`)
	}
	return lower, upper, nil
}

// number takes a number off the text. As in PostgreSQL one beyond 32 bits wraps around.
func (p *arrayParser) number() (int, bool) {
	i := 0
	for i < len(p.s) && (isDigit(p.s[i]) || p.s[i] == '-' || p.s[i] == '+') {
		i++
	}
	v, err := strconv.ParseInt(p.s[:i], 10, 64)
	p.s = p.s[i:]
	return int(int32(v)), err == nil || errors.Is(err, strconv.ErrRange)
}

// contents reads the braces.
func (p *arrayParser) contents() error {
	for i := 0; i < len(p.s); i++ {
		c := p.s[i]
		var err error
		switch {
		case c == '\\':
			if i++; i == len(p.s) {
				return malformed(p.in, "Unexpected end of input.")
			}
			err = p.escaped(p.s[i])
		case c == '"':
			err = p.quote()
		case p.state == quoteStarted:
			p.text = append(p.text, c)
		case c == '{':
			err = p.open()
		case c == '}':
			if err = p.closeLevel(); err == nil && p.level == 0 {
				p.s = p.s[i+1:]
				return nil
			}
		case c == p.delim:
			err = p.delimiter()
		case c == ' ' || c >= '\t' && c <= '\r':
			if p.state == elemStarted {
				p.text = append(p.text, c)
			}
		default:
			err = p.bare(c)
		}
		if err != nil {
			return err
		}
	}
	return malformed(p.in, "Unexpected end of input.")
}

// startsElement says whether an element may begin or go on here.
func (p *arrayParser) startsElement() bool {
	return p.state == levelOpened || p.state == elemStarted || p.state == elemDelimited
}

func (p *arrayParser) bare(c byte) error {
	if !p.startsElement() {
		return malformed(p.in, "Unexpected array element.")
	}
	p.state = elemStarted
	p.text = append(p.text, c)
	p.keep = len(p.text)
	return nil
}

func (p *arrayParser) escaped(c byte) error {
	if p.state == quoteStarted {
		p.text = append(p.text, c)
		return nil
	}
	if !p.startsElement() {
		return malformed(p.in, `Unexpected "\" character.`)
	}
	p.quoted = true // an escaped null is a word
	return p.bare(c)
}

func (p *arrayParser) quote() error {
	switch p.state {
	case quoteStarted:
		p.state = quoteEnded
		p.keep = len(p.text)
	case levelOpened, elemDelimited:
		p.state, p.quoted = quoteStarted, true
	default:
		return malformed(p.in, "Unexpected array element.")
	}
	return nil
}

func (p *arrayParser) open() error {
	if p.state != arrayBegin && p.state != levelOpened && p.state != levelDelimited {
		return malformed(p.in, `Unexpected "{" character.`)
	}
	if p.level == ArrayDimsMax {
		return ErrDimensions(p.level + 1)
	}
	p.state = levelOpened
	p.count[p.level] = 0
	p.level++
	p.ndim = max(p.ndim, p.level)
	return nil
}

func (p *arrayParser) closeLevel() error {
	switch {
	case p.state == elemStarted || p.state == quoteEnded:
		if err := p.endElement(); err != nil {
			return err
		}
	case p.state == levelClosed:
	case p.state == levelOpened && p.level == 1:
	default:
		return malformed(p.in, `Unexpected "}" character.`)
	}
	p.state = levelClosed
	p.level--
	n := p.count[p.level]
	if p.dims[p.level] != 0 && p.dims[p.level] != n {
		return malformed(p.in, "Multidimensional arrays must have sub-arrays with matching dimensions.")
	}
	p.dims[p.level] = n
	if p.level > 0 {
		p.count[p.level-1]++
	}
	return nil
}

func (p *arrayParser) delimiter() error {
	switch p.state {
	case elemStarted, quoteEnded:
		p.state = elemDelimited
		return p.endElement()
	case levelClosed:
		p.state = levelDelimited
		return nil
	}
	return malformed(p.in, `Unexpected "%c" character.`, p.delim)
}

// endElement parses the element at hand.
func (p *arrayParser) endElement() error {
	p.count[p.level-1]++
	if p.level != p.ndim {
		return malformed(p.in, "Multidimensional arrays must have sub-arrays with matching dimensions.")
	}
	if len(p.elems) == arrayItemsMax {
		return errArraySize()
	}
	value := string(p.text[:p.keep])
	p.elems = append(p.elems, arrayText{value, !p.quoted && strings.EqualFold(value, "null")})
	p.text, p.keep, p.quoted = p.text[:0], 0, false
	return nil
}
