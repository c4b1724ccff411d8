package fn_test

import "testing"

// TestLike holds wildcards, escapes and the four operators.
func TestLike(t *testing.T) {
	f := selecter(t)
	f("'abc' like 'abc', 'abc' like 'a%', 'abc' like '_b_', 'abc' like 'c', 'abc' like '', '' like '', "+
		"'' like '%', '' like '_'",
		"t|t|t|f|f|t|t|f")
	f("'abc' like '%%', 'abc' like '%_%_%_', 'abc' like '____%', 'abc' like '%c', 'abc' like '%b%', "+
		"'abc' like 'a%c', 'aXbXc' like 'a%b%c'",
		"t|t|f|t|t|t|t")
	f(`'a%c' like 'a\%c', 'abc' like 'a\%c', 'a_c' like 'a\_c', 'a\c' like 'a\\c', 'abc' like 'a\bc'`, "t|f|t|t|t")
	f(`'a%c' like 'a#%c' escape '#', 'a#c' like 'a##c' escape '#', 'a\c' like 'a\c' escape '', 'a%' like 'a\%' escape ''`,
		"t|t|t|f")
	f(`'aäc' like 'aöäc' escape 'ö', '%' like '%%' escape '%', 'a' like '%a' escape '%', '_' like '__' escape '_'`,
		"t|t|t|t")
	f("'größe' like 'gr__e', '😀' like '_', '😀a' like '%a', 'größe' like '%öß%', e'e\\u0301' like '_', "+
		"e'e\\u0301' like '__'",
		"t|t|t|t|f|t")
	f("e'a\\nb' like 'a%b', e'a\\nb' like 'a_b', e'a\\tb' like '%\tb'", "t|t|t")
	f("null like 'a', 'a' like null, 'a' not like null, 'a' like 'a' escape null", "<null>|<null>|<null>|<null>")
	f("'a' like 'a' escape 'ab'", "22025: invalid escape string HINT: Escape string must be empty or one character.")
	f(`'abc' like 'a\'`, "22025: LIKE pattern must not end with escape character")
	f("'abc' not like 'a%', 'abc' not like 'b%', 'abc' ~~ 'a_c', 'abc' !~~ 'a_c'", "f|t|t|f")
	f("'ab'::char(4) like 'ab', 'ab'::char(4) like 'ab  ', 'ab'::char(4) like 'ab_', "+
		"'ab'::varchar(4) like 'a%', 'ab'::name like '_b'",
		"f|t|f|t|t")
	f("'abc' like any (array['x%', 'a%']), 'abc' like all (array['x%', 'a%']), 'abc' not like all (array['x%', 'y%'])",
		"t|f|t")
	f("like_escape('a#%b', '#'), like_escape('ab', ''), like('abc', 'a%'), notlike('abc', 'a%')", `a\%b|ab|t|f`)
	f("1 like '1'",
		"42883: operator does not exist: integer ~~ unknown "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
}

// TestILike holds that only letters fold.
func TestILike(t *testing.T) {
	f := selecter(t)
	f("'ABC' ilike 'a%', 'abc' ilike 'A_C', 'abc' ilike 'ABD', 'ÄÖ' ilike 'äö', 'straße' ilike 'STRASSE', "+
		"'a_c' ilike 'A\\_C'",
		"t|t|f|t|f|t")
	f("'abc' not ilike 'A%', 'abc' ~~* 'AB_', 'abc' !~~* 'AB_', null ilike 'a', 'a' ilike null", "f|t|f|<null>|<null>")
	f("'A%' ilike 'a#%' escape '#', 'AB' ilike 'axb' escape 'x', 'aB' ilike 'AXB' escape 'X'", "t|t|t")
	f("'İ' ilike 'i', 'ΑΣ' ilike 'ας', 'K' ilike 'k'", "t|f|t")
	f("'AB'::char(4) ilike 'ab__', 'AB'::name ilike 'a_'", "t|t")
	f("'abc' ilike any (array['X%', 'A%']), 'abc' not ilike all (array['A%'])", "t|f")
	f(`'abc' ilike 'a\'`, "22025: LIKE pattern must not end with escape character")
}

// TestSimilar holds SQL regular expressions: the whole text, % and _, alternatives, classes and counts.
func TestSimilar(t *testing.T) {
	f := selecter(t)
	f("'abc' similar to 'abc', 'abc' similar to 'a', 'abc' similar to '%(b|d)%', 'abc' similar to '(b|c)%', "+
		"'abc' similar to '_bc'",
		"t|f|t|f|t")
	f("'aaa' similar to 'a+', 'aaa' similar to 'a{3}', 'aaa' similar to 'a{2}', 'aaa' similar to 'a{2,}', "+
		"'aaa' similar to 'a{1,2}'",
		"t|t|f|t|f")
	f("'ac' similar to 'ab?c', 'abbc' similar to 'ab*c', 'a.c' similar to 'a.c', 'abc' similar to 'a.c', "+
		"'a^$' similar to 'a^$'",
		"t|t|t|f|t")
	f("'b' similar to '[abc]', 'd' similar to '[^abc]', 'é' similar to '[[:alpha:]]', '-' similar to '[a-]', "+
		"'a%' similar to 'a[%]'",
		"t|t|t|t|t")
	f(`'a%' similar to 'a\%', 'ab' similar to 'a\%', 'a%' similar to 'a#%' escape '#', 'a\b' similar to 'a\b' escape ''`,
		"t|f|t|t")
	f("'' similar to '', '' similar to '%', 'abc' not similar to 'b', null similar to 'a', 'a' similar to null, "+
		"'a' similar to 'a' escape null",
		"t|t|t|<null>|<null>|<null>")
	f("e'a\\nb' similar to 'a_b', '😀' similar to '_', 'foo' similar to 'f(o|x)+', 'ab|c' similar to 'ab\\|c'", "t|t|t|t")
	f("'a' similar to 'a' escape 'xx'", "22025: invalid escape string HINT: Escape string must be empty or one character.")
	f("'a' similar to '(a'", "2201B: invalid regular expression: parentheses () not balanced")
	f("'a' similar to 'a{2,1}'", "2201B: invalid regular expression: invalid repetition count(s)")
	f("substring('foobar' similar '%#\"o_b#\"%' escape '#'), substring('foobar' similar '#\"o_b#\"%' escape '#')",
		"oob|<null>")
	f("substring('abcdefg' similar 'a#\"(b_d)#\"%' escape '#'), "+
		"substring('abcdefg' similar '#\"(b_d)#\"%' escape '#'), substring('abcdefg' similar 'a#\"%#\"x|g' escape '#')",
		"bcd|<null>|bcdef")
	f("substring('abcdefg' similar '%' escape '#'), substring('abcdefg' similar null escape '#'), "+
		"substring(null similar '%' escape '#')",
		"abcdefg|<null>|<null>")
	f("substring('abcdefg' similar 'a*#\"%#\"g*#\"x' escape '#')",
		"2200C: SQL regular expression may not contain more than two escape-double-quote separators")
	f("substring('foobar', '%#\"o_b#\"%', '#'), substring('abcdefg' from 'c.e'), "+
		"substring('foobar' from 'o(.)b'), substring('abc' from 'x')",
		"oob|cde|o|<null>")
	f("similar_to_escape('a%b_'), similar_to_escape('a#%', '#'), similar_escape('a', null)",
		`^(?:a.*b.)$|^(?:a\%)$|^(?:a)$`)
}
