package fn_test

import "testing"

// TestRegexSyntax holds the parts of an advanced regular expression.
func TestRegexSyntax(t *testing.T) {
	f := selecter(t)
	f("'abc' ~ 'b', 'abc' ~ '^b', 'abc' ~ 'c$', 'abc' ~ '', '' ~ '^$', 'abc' ~ 'a.c', e'a\\nc' ~ 'a.c', "+
		"'abc' !~ 'b', 'ABC' ~* 'b', 'ABC' !~* 'b'",
		"t|f|t|t|t|t|t|f|t|f")
	f("'aaa' ~ '^a{3}$', 'aaa' ~ '^a{2}$', 'aaa' ~ '^a{2,}$', 'aaa' ~ '^a{1,2}$', 'a{' ~ 'a\\{', "+
		"'ab' ~ '^(a|b)+$', 'ab' ~ '^(?:a|b){2}$', 'color' ~ 'colou?r'",
		"t|f|t|f|t|t|t|t")
	f("'x' ~ '[a-w]', 'x' ~ '[^a-w]', ']' ~ '[]]', '-' ~ '[a-]', 'a' ~ '[[:alpha:]]', '5' ~ '[[:digit:]]', "+
		"' ' ~ '[[:space:]]', 'é' ~ '[[:alpha:]]', 'a' ~ '[[:upper:]]', 'A' ~ '[[:xdigit:]]', '_' ~ '[[:punct:]]'",
		"f|t|t|t|t|t|t|t|f|t|t")
	f(`'a1_' ~ '^\w+$', 'é' ~ '^\w$', '1' ~ '\d', 'a' ~ '\D', ' ' ~ '\s', 'a' ~ '\S', '-' ~ '\W', `+
		`'a.b' ~ 'a\.b', 'x' ~ '[\w]', '5' ~ '[\d]', e'\t' ~ '\t', 'A' ~ '\x41', 'ä' ~ '\u00e4', '😀' ~ '\U0001F600'`,
		"t|t|t|t|t|t|t|t|t|t|t|t|t|t")
	f(`'the cat' ~ '\mcat', 'concat' ~ '\mcat', 'cats' ~ 'cat\M', 'the cat' ~ '\ycat\y', 'concat' ~ '\Ycat', `+
		`'a b' ~ '[[:<:]]b', 'a b' ~ 'a[[:>:]]', 'abc' ~ '\Aabc\Z'`,
		"t|f|f|t|t|t|t|t")
	f("substring('aaab' from 'a+?'), substring('aaab' from 'a+'), substring('aaab' from 'a{2,3}?'), "+
		"substring('xaabyaab' from 'a.*?b'), substring('xaabyaab' from 'a.*b'), substring('abc' from 'a??')",
		"a|aaa|aa|aab|aabyaab|")
	f("substring('abcd' from 'a|ab|abc'), substring('abcd' from '(a|ab)(c|bcd)'), substring('foobar' from 'o|oba')",
		"abc|a|o")
	f("'a+b' ~ '***=a+b', 'ab' ~ '***=a+b', 'ab' ~ '***:a+b', 'AB' ~ '(?i)ab', 'ab' ~ '(?x)a b # comment', "+
		"e'a\\nb' ~ '(?n)^b', e'a\\nb' ~ '(?n)a.b', 'a.b' ~ '(?q)a.b'",
		"t|f|t|t|t|t|f|t")
	f("'größe' ~ 'ö.e', 'GRÖSSE' ~* 'größ', 'ÄÖ' ~* 'äö', '😀' ~ '^.$', 'é' ~ '[é-ü]', 'a' ~ '[^ä]', e'e\\u0301' ~ '^.$'",
		"t|f|t|t|t|t|f")
	f("null ~ 'a', 'a' ~ null, 'ab'::char(4) ~ 'b$', 'ab'::char(4) ~ 'b  $', 'ab'::name ~ '^ab$', "+
		"'abc' ~ any (array['x', 'b'])",
		"<null>|<null>|f|t|t|t")
	f("'a' ~ '[[.a.]]', 'a' ~ '[[=a=]]', 'b' ~ '[a\\-c]', '\\' ~ '[\\\\]', '^' ~ '[\\^]'", "t|t|f|t|t")
	f(`'ab' ~ 'a(?#comment)b', 'ab' ~ '(((a)))b', 'b' ~ '(a)?b', 'a' ~ '()', 'ab' ~ 'a*?b', '' ~ 'a*', `+
		`'abab' ~ '^(?:ab)*$', 'xyz' ~ '(x|y|z){3}'`,
		"t|t|t|t|t|t|t|t")
}

// TestRegexErrors holds that what is no expression is 2201B, with the reason.
func TestRegexErrors(t *testing.T) {
	f := selecter(t)
	f("'a' ~ '('", "2201B: invalid regular expression: parentheses () not balanced")
	f("'a' ~ ')'", "2201B: invalid regular expression: parentheses () not balanced")
	f("'a' ~ '(?:a'", "2201B: invalid regular expression: parentheses () not balanced")
	f("'a' ~ '['", "2201B: invalid regular expression: brackets [] not balanced")
	f("'a' ~ '[b-a]'", "2201B: invalid regular expression: invalid character range")
	f("'a' ~ '[[:foo:]]'", "2201B: invalid regular expression: invalid character class")
	f("'a' ~ '[[.foo.]]'", "2201B: invalid regular expression: invalid collating element")
	f("'a' ~ 'a{2,1}'", "2201B: invalid regular expression: invalid repetition count(s)")
	f("'a' ~ 'a{256}'", "2201B: invalid regular expression: invalid repetition count(s)")
	f("'a' ~ 'a{1'", "2201B: invalid regular expression: braces {} not balanced")
	f("'a' ~ 'a{,2}'", "f")
	f("'a' ~ '*a'", "2201B: invalid regular expression: quantifier operand invalid")
	f("'a' ~ '+'", "2201B: invalid regular expression: quantifier operand invalid")
	f("'a' ~ 'a**'", "2201B: invalid regular expression: quantifier operand invalid")
	f("'a' ~ '(?z)a'", "2201B: invalid regular expression: invalid embedded option")
	f(`'a' ~ 'a\'`, `2201B: invalid regular expression: invalid escape \ sequence`)
	f(`'a' ~ '\xzz'`, `2201B: invalid regular expression: invalid escape \ sequence`)
	f(`'a' ~ '\i'`, `2201B: invalid regular expression: invalid escape \ sequence`)
	f("'a' ~ '***a'", "2201B: invalid regular expression: quantifier operand invalid")
	f("regexp_replace('a', '(', 'b')", "2201B: invalid regular expression: parentheses () not balanced")
	f("regexp_match('a', 'a', 'z')", `22023: invalid regular expression option: "z"`)
	f("regexp_match('a', 'a', 'g')",
		`22023: regexp_match() does not support the "global" option HINT: Use the regexp_matches function instead.`)
	f("regexp_split_to_array('a', 'a', 'g')", `22023: regexp_split_to_array() does not support the "global" option`)
	f("regexp_count('a', 'a', 1, 'g')", `22023: regexp_count() does not support the "global" option`)
	f("regexp_like('a', 'a', 'g')", `22023: regexp_like() does not support the "global" option`)
	f("regexp_instr('a', 'a', 1, 1, 0, 'g')", `22023: regexp_instr() does not support the "global" option`)
	f("regexp_substr('a', 'a', 1, 1, 'g')", `22023: regexp_substr() does not support the "global" option`)
	f("regexp_replace('a', 'a', 'b', 1, 1, 'z')", `22023: invalid regular expression option: "z"`)
}

// TestRegexMatch holds groups, of which one that took no part is null.
func TestRegexMatch(t *testing.T) {
	f := selecter(t)
	f("regexp_match('foobarbequebaz', '(bar)(beque)'), regexp_match('foobarbequebaz', 'barbeque'), "+
		"regexp_match('foobarbequebaz', 'no'), regexp_match('abc', '(x)?b')",
		"{bar,beque}|{barbeque}|<null>|{NULL}")
	f("regexp_match('aBc', 'b', 'i'), regexp_match('abc', '(?:b)(c)?'), regexp_match('abc', ''), "+
		"regexp_match('abc', '()b'), regexp_match('größe', '(ö)(.)'), regexp_match('a,b', '(a),(\"?)(b)')",
		`{B}|{c}|{""}|{""}|{ö,ß}|{a,"",b}`)
	f("regexp_match(null, 'a'), regexp_match('a', null), regexp_match('a', 'a', null), "+
		"(regexp_match('k=v', '(.*)=(.*)'))[2]",
		"<null>|<null>|<null>|v")
	f("regexp_match('abc', '((a)(b))((c))'), regexp_match('ab', '(a)|(b)'), regexp_match('b', '(a)|(b)'), "+
		"regexp_match('aaa', '(a)*')",
		"{ab,a,b,c,c}|{a,NULL}|{NULL,b}|{a}")
	db := newDB(t)
	db.Rows("select regexp_matches('foobarbequebazilbarfbonk', '(b[^b]+)(b[^b]+)', 'g')", "{bar,beque}", "{bazil,barf}")
	db.Rows("select regexp_matches('abc', '.', 'g')", "{a}", "{b}", "{c}")
	db.Rows("select regexp_matches('abc', '', 'g')", `{""}`, `{""}`, `{""}`, `{""}`)
	db.Rows("select regexp_matches('abc', 'x', 'g')")
	db.Rows("select regexp_matches('aXbx', 'x', 'gi'), 1", "{X}|1", "{x}|1")
	db.Rows("select regexp_matches('ab', '(x)?b')", "{NULL}")
	db.Rows("select regexp_matches('ab', 'b', 'z')", `22023: invalid regular expression option: "z"`)
	db.Rows("select regexp_matches(null, 'b'), regexp_matches('b', null)")
}

// TestRegexReplace holds \1 to \9, \& and \\ in the replacement, and which matches are replaced.
func TestRegexReplace(t *testing.T) {
	f := selecter(t)
	f("regexp_replace('foobarbaz', 'b..', 'X'), regexp_replace('foobarbaz', 'b..', 'X', 'g'), "+
		"regexp_replace('foobarbaz', 'b(..)', 'X\\1Y', 'g'), regexp_replace('abc', 'b', '[\\&]'), "+
		"regexp_replace('abc', 'b', 'a\\\\b')",
		`fooXbaz|fooXX|fooXarYXazY|a[b]c|aa\bc`)
	f("regexp_replace('A PostgreSQL function', 'a|e|i|o|u', 'X', 1, 0, 'i'), "+
		"regexp_replace('A PostgreSQL function', 'a|e|i|o|u', 'X', 1, 3, 'i'), "+
		"regexp_replace('A PostgreSQL function', 'a|e|i|o|u', 'X', 7), "+
		"regexp_replace('A PostgreSQL function', 'a|e|i|o|u', 'X', 7, 0)",
		"X PXstgrXSQL fXnctXXn|A PostgrXSQL function|A PostgrXSQL function|A PostgrXSQL fXnctXXn")
	f("regexp_replace('abc', '', '-', 'g'), regexp_replace('abc', 'x*', '-', 'g'), regexp_replace('', '', 'x'), "+
		"regexp_replace('aaa', 'a', '', 'g') = '', regexp_replace('abc', 'z', 'y')",
		"-a-b-c-|-a-b-c-|x|t|abc")
	f("regexp_replace('abc', '(a)(b)?(x)?', '<\\1\\2\\3\\4>'), regexp_replace('abc', 'b', '\\9'), "+
		"regexp_replace('abc', 'b', 'x\\'), regexp_replace('abc', 'b', '\\q')",
		`<ab>c|ac|ax\c|a\qc`)
	f("regexp_replace('größe', '[öß]', '\\&\\&', 'g'), regexp_replace('a😀b', '😀', 'é'), "+
		"regexp_replace(e'a\\nb', '^', '> ', 'gn'), regexp_replace('Hello', 'L', 'x', 'ig')",
		"gröößße|aéb|> a\n> b|Hexxo")
	f("regexp_replace('abab', 'b', 'x', 3), regexp_replace('abab', 'b', 'x', 5), "+
		"regexp_replace('abab', 'b', 'x', 1, 2), regexp_replace('abab', 'b', 'x', 1, 3)",
		"abax|abab|abax|abab")
	f("regexp_replace('a', 'a', 'b', 0)", `22023: invalid value for parameter "start": 0`)
	f("regexp_replace('a', 'a', 'b', 1, -1)", `22023: invalid value for parameter "n": -1`)
	f("regexp_replace(null, 'a', 'b'), regexp_replace('a', null, 'b'), regexp_replace('a', 'a', null), "+
		"regexp_replace('a', 'a', 'b', null::text)",
		"<null>|<null>|<null>|<null>")
}

// TestRegexCountInstrSubstr holds positions, occurrences, groups and ends.
func TestRegexCountInstrSubstr(t *testing.T) {
	f := selecter(t)
	f("regexp_count('123123123123123', '(12)3'), regexp_count('123123123123', '123', 3), "+
		"regexp_count('ABCABC', 'abc', 1, 'i'), regexp_count('abc', ''), regexp_count('', 'a'), "+
		"regexp_count('größe', '.', 4), regexp_count('abc', 'b', 9)",
		"5|3|2|4|0|2|0")
	f("regexp_count('a', 'a', 0)", `22023: invalid value for parameter "start": 0`)
	f("regexp_count('a', 'a', -3)", `22023: invalid value for parameter "start": -3`)
	f("regexp_like('Steven', '^Ste(v|ph)en$'), regexp_like('a'||chr(10)||'d', 'a.d'), "+
		"regexp_like('a'||chr(10)||'d', 'a.d', 'n'), regexp_like('a d', 'a d', 'x'), "+
		"regexp_like('abc', ' a . c ', 'x'), regexp_like('ABC', 'abc', 'ci'), regexp_like('ABC', 'abc', 'ic')",
		"t|t|f|f|t|t|f")
	f("regexp_like('a'||chr(10)||'b', '^b', 'm'), regexp_like('a'||chr(10)||'b', 'a.b', 'p'), "+
		"regexp_like('a'||chr(10)||'b', '^b', 'w'), regexp_like('a'||chr(10)||'b', 'a.b', 's'), "+
		"regexp_like('a.b', 'a.b', 'q'), regexp_like('axb', 'a.b', 'q')",
		"t|f|t|t|t|f")
	f("regexp_instr('abcdefghi', 'd.f'), regexp_instr('abcdefghi', 'd.q'), "+
		"regexp_instr('abcabcabc', 'a.c', 1, 2), regexp_instr('abcabcabc', 'a.c', 3), "+
		"regexp_instr('abcabcabc', 'a.c', 1, 4), regexp_instr('abcabcabc', 'A.C', 1, 2, 0, 'i')",
		"4|0|4|4|0|4")
	f("regexp_instr('1234567890', '(123)(4(56)(78))', 1, 1, 0, 'i', 0), "+
		"regexp_instr('1234567890', '(123)(4(56)(78))', 1, 1, 0, 'i', 3), "+
		"regexp_instr('1234567890', '(123)(4(56)(78))', 1, 1, 1, 'i', 4), "+
		"regexp_instr('1234567890', '(123)(4(56)(78))', 1, 1, 1, 'i', 5)",
		"1|5|9|0")
	f("regexp_instr('größe', 'ß'), regexp_instr('größe', 'ß', 1, 1, 1), regexp_instr('abc', ''), "+
		"regexp_instr('b', '(a)|b', 1, 1, 0, '', 1)",
		"4|5|1|0")
	f("regexp_instr('abc', 'b', 0)", `22023: invalid value for parameter "start": 0`)
	f("regexp_instr('abc', 'b', 1, 0)", `22023: invalid value for parameter "n": 0`)
	f("regexp_instr('abc', 'b', 1, 1, -1)", `22023: invalid value for parameter "endoption": -1`)
	f("regexp_instr('abc', 'b', 1, 1, 2)", `22023: invalid value for parameter "endoption": 2`)
	f("regexp_instr('abc', 'b', 1, 1, 0, '', -1)", `22023: invalid value for parameter "subexpr": -1`)
	f("regexp_substr('abcdefghi', 'd.f'), regexp_substr('abcdefghi', 'd.q'), "+
		"regexp_substr('abcabcabc', 'a.c', 1, 3), regexp_substr('abcabcabc', 'a.c', 1, 4), "+
		"regexp_substr('abcabcabc', 'A.C', 1, 2, 'i'), regexp_substr('1234567890', '(123)(4(56)(78))', 1, 1, 'i', 4)",
		"def|<null>|abc|<null>|abc|78")
	f("regexp_substr('1234567890', '(123)(4(56)(78))', 1, 1, '', 5), regexp_substr('b', '(a)|b', 1, 1, '', 1), "+
		"regexp_substr('größe', '[öß]', 4), regexp_substr('abc', '', 2) = ''",
		"<null>|<null>|ß|t")
	f("regexp_substr('abc', 'b', 0)", `22023: invalid value for parameter "start": 0`)
	f("regexp_substr('abc', 'b', 1, 0)", `22023: invalid value for parameter "n": 0`)
	f("regexp_substr('abc', 'b', 1, 1, '', -1)", `22023: invalid value for parameter "subexpr": -1`)
	f("regexp_substr(null, 'b'), regexp_instr('b', null), regexp_count('b', 'b', null), regexp_like(null, 'a')",
		"<null>|<null>|<null>|<null>")
}

// TestRegexSplit holds that an empty match parts characters and none stands at the ends.
func TestRegexSplit(t *testing.T) {
	f := selecter(t)
	f("regexp_split_to_array('hello world', '\\s+'), regexp_split_to_array('a1b2c', '\\d'), "+
		"regexp_split_to_array('abc', ''), regexp_split_to_array('', 'a'), regexp_split_to_array('abc', 'x'), "+
		"regexp_split_to_array(',a,', ',')",
		`{hello,world}|{a,b,c}|{a,b,c}|{""}|{abc}|{"",a,""}`)
	f("regexp_split_to_array('aXbxc', 'x', 'i'), regexp_split_to_array('größe', 'ö|ß'), "+
		"regexp_split_to_array('ab', 'b*'), regexp_split_to_array('a b', ' ()')",
		`{a,b,c}|{gr,"",e}|{a,""}|{a,b}`)
	f("regexp_split_to_array(null, 'a'), regexp_split_to_array('a', null), regexp_split_to_array('a', 'a', null)",
		"<null>|<null>|<null>")
	db := newDB(t)
	db.Rows("select foo from regexp_split_to_table('the quick  fox', '\\s+') as foo", "the", "quick", "fox")
	db.Rows("select foo from regexp_split_to_table('the Fox', 'F', 'i') with ordinality as t(foo, n)", "the ", "ox")
	db.Rows("select regexp_split_to_table('', 'a')", "")
	db.Rows("select regexp_split_to_table('ab', '')", "a", "b")
}

// TestRegexUnsupported holds the parts of PostgreSQL's expressions that we refuse by name.
func TestRegexUnsupported(t *testing.T) {
	f := selecter(t)
	f(`'aa' ~ '^(.)\1$'`, "0A000: back reference in regular expressions is not supported")
	f("'abc' ~ 'a(?=b)'", "0A000: lookaround in regular expressions is not supported")
	f("'abc' ~ 'a(?!b)'", "0A000: lookaround in regular expressions is not supported")
	f("'abc' ~ '(?<=a)b'", "0A000: lookaround in regular expressions is not supported")
	f("'abc' ~ '(?<!a)b'", "0A000: lookaround in regular expressions is not supported")
	f("regexp_like('a+', 'a+', 'b')", "0A000: basic syntax of regular expressions is not supported")
	f("regexp_like('a+', 'a+', 'e')", "0A000: basic syntax of regular expressions is not supported")
}
