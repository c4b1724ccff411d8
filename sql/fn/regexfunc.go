package fn

import (
	"regexp"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// regexCall is one row's call of a regular expression function.
type regexCall struct {
	re   *regexp.Regexp
	o    regexOptions
	args []types.Datum
}

// withRegex makes a kernel of a function whose pattern is argument 1 and whose flags, when it has
// them, are argument flags (0: none). A pattern is compiled once for a run of rows that have it.
func withRegex(flags int, f func(c regexCall) (types.Datum, error)) Kernel {
	return regexKernel(flags, regexOptions{}, f)
}

func regexKernel(flags int, o regexOptions, f func(c regexCall) (types.Datum, error)) Kernel {
	return func(_ *Call, args []*batch.Column, sel []int32, n int, out *batch.Column) error {
		var c regexCall
		c.args = make([]types.Datum, len(args))
		lastPattern, lastFlags := "", ""
		for k := range selected(sel, n) {
			i := at(sel, k)
			for j, a := range args {
				c.args[j] = a.Datum(i)
			}
			pattern, flagText := c.args[1].S, ""
			if flags > 0 {
				flagText = c.args[flags].S
			}
			if c.re == nil || pattern != lastPattern || flagText != lastFlags {
				if err := c.compile(pattern, flagText, o); err != nil {
					return err
				}
				lastPattern, lastFlags = pattern, flagText
			}
			d, err := f(c)
			if err != nil {
				return err
			}
			out.SetDatum(i, d)
		}
		return nil
	}
}

func (c *regexCall) compile(pattern, flags string, o regexOptions) error {
	if flags != "" {
		var err error
		if o, err = parseRegexFlags(flags, true); err != nil {
			return err
		}
	}
	re, err := compileRegex(pattern, o)
	c.re, c.o = re, o
	return err
}

// regexTest is the operators ~ ~* !~ !~*.
func regexTest(fold, negate bool) Kernel {
	return regexKernel(0, regexOptions{fold: fold}, func(c regexCall) (types.Datum, error) {
		return types.BoolDatum(c.re.MatchString(c.args[0].S) != negate), nil
	})
}

var regexKernels = []entry{
	{"textregexeq", regexTest(false, false)},
	{"textregexne", regexTest(false, true)},
	{"texticregexeq", regexTest(true, false)},
	{"texticregexne", regexTest(true, true)},
	{"nameregexeq", regexTest(false, false)},
	{"nameregexne", regexTest(false, true)},
	{"nameicregexeq", regexTest(true, false)},
	{"nameicregexne", regexTest(true, true)},
	{"bpcharregexeq", regexTest(false, false)},
	{"bpcharregexne", regexTest(false, true)},
	{"bpcharicregexeq", regexTest(true, false)},
	{"bpcharicregexne", regexTest(true, true)},
	{"regexp_like(text,text)", regexTest(false, false)},
	{"regexp_like(text,text,text)", withRegex(2, regexLike)},
	{"substring(text,text)", withRegex(0, regexSubstring)},
	{"substring(text,text,text)", rows(similarSubstring)},
	{"regexp_match(text,text)", withRegex(0, regexMatch)},
	{"regexp_match(text,text,text)", withRegex(2, regexMatch)},
	{"regexp_replace(text,text,text)", withRegex(0, regexReplace)},
	{"regexp_replace(text,text,text,text)", withRegex(3, regexReplace)},
	{"regexp_replace(text,text,text,int4)", withRegex(0, regexReplaceFrom)},
	{"regexp_replace(text,text,text,int4,int4)", withRegex(0, regexReplaceFrom)},
	{"regexp_replace(text,text,text,int4,int4,text)", withRegex(5, regexReplaceFrom)},
	{"regexp_count(text,text)", withRegex(0, regexCount)},
	{"regexp_count(text,text,int4)", withRegex(0, regexCount)},
	{"regexp_count(text,text,int4,text)", withRegex(3, regexCount)},
	{"regexp_split_to_array(text,text)", withRegex(0, regexSplitArray)},
	{"regexp_split_to_array(text,text,text)", withRegex(2, regexSplitArray)},
	{"regexp_substr(text,text)", withRegex(0, regexSubstr)},
	{"regexp_substr(text,text,int4)", withRegex(0, regexSubstr)},
	{"regexp_substr(text,text,int4,int4)", withRegex(0, regexSubstr)},
	{"regexp_substr(text,text,int4,int4,text)", withRegex(4, regexSubstr)},
	{"regexp_substr(text,text,int4,int4,text,int4)", withRegex(4, regexSubstr)},
	{"regexp_instr(text,text)", withRegex(0, regexInstr)},
	{"regexp_instr(text,text,int4)", withRegex(0, regexInstr)},
	{"regexp_instr(text,text,int4,int4)", withRegex(0, regexInstr)},
	{"regexp_instr(text,text,int4,int4,int4)", withRegex(0, regexInstr)},
	{"regexp_instr(text,text,int4,int4,int4,text)", withRegex(5, regexInstr)},
	{"regexp_instr(text,text,int4,int4,int4,text,int4)", withRegex(5, regexInstr)},
}

func (c regexCall) noGlobal(name string) error {
	if c.o.global {
		return errGlobal(name)
	}
	return nil
}

func errGlobal(name string) *pgerr.Error {
	return errParameter("%s() does not support the \"global\" option", name)
}

func regexLike(c regexCall) (types.Datum, error) {
	return types.BoolDatum(c.re.MatchString(c.args[0].S)), c.noGlobal("regexp_like")
}

// regexSubstring gives the first group of the match, or the whole match when there is no group.
func regexSubstring(c regexCall) (types.Datum, error) {
	m := c.re.FindStringSubmatchIndex(c.args[0].S)
	if m == nil {
		return types.NullDatum, nil
	}
	group := 0
	if len(m) > 2 {
		group = 1
	}
	return submatch(c.args[0].S, m, group), nil
}

func submatch(s string, m []int, group int) types.Datum {
	if 2*group >= len(m) || m[2*group] < 0 {
		return types.NullDatum
	}
	return types.StringDatum(s[m[2*group]:m[2*group+1]])
}

// similarSubstring is substring(s similar p escape e). Two escape-double-quote marks part the pattern:
// the first part takes as little as it can, then the second as much as it can.
func similarSubstring(_ *Call, args []types.Datum) (types.Datum, error) {
	s := args[0].S
	parts := []string{args[1].S}
	if args[2].S != "" {
		parts = strings.Split(args[1].S, args[2].S+`"`)
	}
	if len(parts) > 3 {
		return types.Datum{}, pgerr.New(pgerrcode.InvalidUseOfEscapeCharacter,
			"SQL regular expression may not contain more than two escape-double-quote separators")
	}
	res := make([]*regexp.Regexp, len(parts))
	for i, part := range parts {
		pattern, err := similarPattern(part, args[2].S)
		if err != nil {
			return types.Datum{}, err
		}
		if res[i], err = compileRegex(pattern, regexOptions{}); err != nil {
			return types.Datum{}, err
		}
	}
	if len(res) == 1 {
		return types.Datum{Null: !res[0].MatchString(s), S: s}, nil
	}
	for from := 0; from <= len(s); from++ {
		if !res[0].MatchString(s[:from]) {
			continue
		}
		for to := len(s); to >= from; to-- {
			if res[1].MatchString(s[from:to]) && (len(res) == 2 && to == len(s) || len(res) == 3 && res[2].MatchString(s[to:])) {
				return types.StringDatum(s[from:to]), nil
			}
		}
	}
	return types.NullDatum, nil
}

// groups are the texts of a match's groups, or of the whole match when the pattern has none.
func groups(s string, m []int) []types.Datum {
	if len(m) == 2 {
		return []types.Datum{submatch(s, m, 0)}
	}
	list := make([]types.Datum, 0, len(m)/2-1)
	for g := 1; 2*g < len(m); g++ {
		list = append(list, submatch(s, m, g))
	}
	return list
}

func regexMatch(c regexCall) (types.Datum, error) {
	if c.o.global {
		return types.Datum{}, errGlobal("regexp_match").Hint("Use the regexp_matches function instead.")
	}
	m := c.re.FindStringSubmatchIndex(c.args[0].S)
	if m == nil {
		return types.NullDatum, nil
	}
	return makeArray(textType, groups(c.args[0].S, m)), nil
}

// expand writes a replacement: \1 to \9 are groups, \& the match, \\ a backslash.
func expand(dst *strings.Builder, replacement, s string, m []int) {
	for i := 0; i < len(replacement); i++ {
		c := replacement[i]
		if c != '\\' || i+1 == len(replacement) {
			dst.WriteByte(c)
			continue
		}
		i++
		switch next := replacement[i]; {
		case next == '&':
			dst.WriteString(s[m[0]:m[1]])
		case next >= '1' && next <= '9':
			dst.WriteString(submatch(s, m, int(next-'0')).S)
		case next == '\\':
			dst.WriteByte('\\')
		default:
			dst.WriteByte('\\')
			dst.WriteByte(next)
		}
	}
}

// looksAround says whether what a pattern matches depends on the text around it, so that it cannot be
// tried on a part of the text.
func looksAround(expr string) bool {
	return strings.ContainsAny(expr, "^$") || strings.Contains(expr, `\b`) || strings.Contains(expr, `\B`) ||
		strings.Contains(expr, `\A`) || strings.Contains(expr, `\z`)
}

// findAll lists the matches of a pattern. One that matches the empty text is tried again right behind
// each match, which Go's own search does not do.
func findAll(re *regexp.Regexp, s string, limit int) [][]int {
	if limit == 1 || !re.MatchString("") || looksAround(re.String()) {
		return re.FindAllStringSubmatchIndex(s, limit)
	}
	var list [][]int
	for pos := 0; pos <= len(s); {
		m := re.FindStringSubmatchIndex(s[pos:])
		if m == nil {
			break
		}
		for i := range m {
			if m[i] >= 0 {
				m[i] += pos
			}
		}
		list = append(list, m)
		if m[1] > m[0] {
			pos = m[1]
			continue
		}
		_, n := firstRune(s[m[1]:])
		pos = m[1] + max(n, 1)
	}
	return list
}

// replaceMatches replaces the nth match (0: all) among those that begin at byte from or behind.
func replaceMatches(c regexCall, from, nth int) types.Datum {
	s := c.args[0].S
	var b strings.Builder
	last, seen := 0, 0
	limit := -1
	if nth == 1 && from == 0 {
		limit = 1
	}
	for _, m := range findAll(c.re, s, limit) {
		if m[0] < from {
			continue
		}
		if seen++; nth != 0 && seen != nth {
			continue
		}
		b.WriteString(s[last:m[0]])
		expand(&b, c.args[2].S, s, m)
		last = m[1]
		if seen == nth {
			break
		}
	}
	b.WriteString(s[last:])
	return types.StringDatum(b.String())
}

func regexReplace(c regexCall) (types.Datum, error) {
	if c.o.global {
		return replaceMatches(c, 0, 0), nil
	}
	return replaceMatches(c, 0, 1), nil
}

// intArg reads an optional integer argument that must not be below least.
func intArg(args []types.Datum, i int, byDefault, least int64, name string) (int, error) {
	if i >= len(args) {
		return int(byDefault), nil
	}
	if args[i].I < least {
		return 0, errParameter("invalid value for parameter %q: %d", name, args[i].I)
	}
	return int(args[i].I), nil
}

// byteOffset is the byte at which character start, from 1, begins.
func byteOffset(s string, start int) int { return len(cut(s, 0, int64(start-1))) }

func regexReplaceFrom(c regexCall) (types.Datum, error) {
	start, err := intArg(c.args, 3, 1, 1, "start")
	if err != nil {
		return types.Datum{}, err
	}
	nth, err := intArg(c.args, 4, 1, 0, "n")
	if err != nil {
		return types.Datum{}, err
	}
	return replaceMatches(c, byteOffset(c.args[0].S, start), nth), nil
}

// matchesFrom lists the matches that begin at character start or behind.
func matchesFrom(c regexCall, start int) [][]int {
	from := byteOffset(c.args[0].S, start)
	all := findAll(c.re, c.args[0].S, -1)
	for len(all) > 0 && all[0][0] < from {
		all = all[1:]
	}
	if int64(start) > charCount(c.args[0].S)+1 {
		return nil
	}
	return all
}

func regexCount(c regexCall) (types.Datum, error) {
	start, err := intArg(c.args, 2, 1, 1, "start")
	if err != nil {
		return types.Datum{}, err
	}
	return types.IntDatum(int64(len(matchesFrom(c, start)))), c.noGlobal("regexp_count")
}

// nthMatch finds the match that (start, n) arguments ask for, or nil.
func nthMatch(c regexCall) ([]int, error) {
	start, err := intArg(c.args, 2, 1, 1, "start")
	if err != nil {
		return nil, err
	}
	n, err := intArg(c.args, 3, 1, 1, "n")
	if err != nil {
		return nil, err
	}
	all := matchesFrom(c, start)
	if len(all) < n {
		return nil, nil
	}
	return all[n-1], nil
}

func regexSubstr(c regexCall) (types.Datum, error) {
	group, err := intArg(c.args, 5, 0, 0, "subexpr")
	if err != nil {
		return types.Datum{}, err
	}
	m, err := nthMatch(c)
	if err != nil || m == nil {
		return types.NullDatum, err
	}
	return submatch(c.args[0].S, m, group), c.noGlobal("regexp_substr")
}

func regexInstr(c regexCall) (types.Datum, error) {
	end, err := intArg(c.args, 4, 0, 0, "endoption")
	if err != nil {
		return types.Datum{}, err
	}
	if end > 1 {
		return types.Datum{}, errParameter("invalid value for parameter %q: %d", "endoption", end)
	}
	group, err := intArg(c.args, 6, 0, 0, "subexpr")
	if err != nil {
		return types.Datum{}, err
	}
	if err := c.noGlobal("regexp_instr"); err != nil {
		return types.Datum{}, err
	}
	m, err := nthMatch(c)
	if err != nil || m == nil || 2*group >= len(m) || m[2*group] < 0 {
		return types.IntDatum(0), err
	}
	return types.IntDatum(charCount(c.args[0].S[:m[2*group+end]]) + 1), nil
}

// splitByRegex cuts s at the matches; empty matches at the ends or behind another match do not count.
func splitByRegex(re *regexp.Regexp, s string) []types.Datum {
	var parts []types.Datum
	last, previousEnd := 0, 0
	for _, m := range findAll(re, s, -1) {
		if m[0] >= len(s) && m[0] == m[1] || m[1] <= previousEnd {
			continue
		}
		parts = append(parts, types.StringDatum(s[last:m[0]]))
		last, previousEnd = m[1], m[1]
	}
	return append(parts, types.StringDatum(s[last:]))
}

func regexSplitArray(c regexCall) (types.Datum, error) {
	if err := c.noGlobal("regexp_split_to_array"); err != nil {
		return types.Datum{}, err
	}
	return makeArray(textType, splitByRegex(c.re, c.args[0].S)), nil
}

// regexSetCall compiles the pattern of a set-returning function.
func regexSetCall(args []types.Datum) (regexCall, error) {
	c := regexCall{args: args}
	flags := ""
	if len(args) > 2 {
		flags = args[2].S
	}
	return c, c.compile(args[1].S, flags, regexOptions{})
}

func regexMatches(_ *Call, args []types.Datum, emit func([]types.Datum) error) error {
	c, err := regexSetCall(args)
	if err != nil {
		return err
	}
	limit := 1
	if c.o.global {
		limit = -1
	}
	for _, m := range findAll(c.re, args[0].S, limit) {
		if err := emit([]types.Datum{makeArray(textType, groups(args[0].S, m))}); err != nil {
			return err
		}
	}
	return nil
}

func regexSplitTable(_ *Call, args []types.Datum, emit func([]types.Datum) error) error {
	c, err := regexSetCall(args)
	if err != nil {
		return err
	}
	if err := c.noGlobal("regexp_split_to_table"); err != nil {
		return err
	}
	for _, part := range splitByRegex(c.re, args[0].S) {
		if err := emit([]types.Datum{part}); err != nil {
			return err
		}
	}
	return nil
}
