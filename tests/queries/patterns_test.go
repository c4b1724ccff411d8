package queries_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// contacts is a table of texts as people type them.
func contacts(t *testing.T) *dbtest.DB {
	t.Helper()
	db := dbtest.New(t)
	db.Must(`
create table contact (id int primary key, name text, phone text, mail text, note text);
insert into contact values
	(1, 'Ada Lovelace', '+44 20 7946 0001', 'Ada@Example.COM', 'first of all; engines'),
	(2, '  bob   stone ', '(020) 7946-0002', 'bob.stone@mail.example.org', '100% sure'),
	(3, 'Zoë Ångström', '0049/30/123456', 'zoe@', 'under_score'), (4, 'O''Neil, Pat', null, null, null),
	(5, '', '', 'x@y@z.org', e'two\nlines'), (6, 'Li', '12 34', ' li@example.com ', 'a\b')`)
	return db
}

// LIKE, ILIKE and regular expressions choose rows; a NULL is never chosen.
func TestPatternsChoose(t *testing.T) {
	db := contacts(t)
	f := func(where, want string) {
		t.Helper()
		db.Is("select id from contact where "+where+" order by id", want)
	}
	f("name like '%o%'", "1; 2; 3")
	f("name ilike '%O%'", "1; 2; 3; 4")
	f("name not like '%o%'", "4; 5; 6")
	f("name like '___ %'", "1; 3")
	f("name like ''", "5")
	f("name like '%'", "1; 2; 3; 4; 5; 6")
	f("phone not like '%'", "")
	f("note like '%\\%%'", "2")
	f("note like '%!_%' escape '!'", "3")
	f("note like 'a\\\\b'", "6")
	f("note like 'two%lines'", "5")
	f("note ~ '^lines'", "")
	f("note ~ '(?n)^lines'", "5")
	f("name ~ '^[A-Z]'", "1; 3; 4; 6")
	f("name ~* '^[o-z]'", "3; 4")
	f("name !~ '[[:space:]]'", "5; 6")
	f("name !~* 'LI'", "1; 2; 3; 4; 5")
	f("name ~ 'ë'", "3")
	f("name like '__ë%'", "3")
	f("mail ~ '^[^@ ]+@[^@ ]+\\.[a-z]+$'", "2")
	f("mail ~* '^[^@ ]+@[^@ ]+\\.[a-z]+$'", "1; 2")
	f("mail similar to '%@(example|y)%'", "5; 6")
	f("phone similar to '[0-9 ]+'", "6")
	f("starts_with(name, 'O''')", "4")
	f("position('o' in name) > 2", "1; 2")
	f("name ^@ 'Zo'", "3")
	f("name like any (array['A%', 'L%'])", "1; 6")
	f("note like '%a\\'", "22025: LIKE pattern must not end with escape character")
	f("name ~ '('", "2201B: invalid regular expression: parentheses () not balanced")
	f("name ~ '[a'", "2201B: invalid regular expression: brackets [] not balanced")
}

// Clean-ups of names, numbers and addresses.
func TestPatternsClean(t *testing.T) {
	db := contacts(t)
	f := func(expr string, want string) {
		t.Helper()
		db.Is("select id, "+expr+" from contact order by id", want)
	}
	f("regexp_replace(phone, '[^0-9]', '', 'g')", "1|442079460001; 2|02079460002; 3|004930123456; 4|<null>; 5|; 6|1234")
	f("regexp_replace(phone, '[^0-9]', '')", "1|44 20 7946 0001; 2|020) 7946-0002; 3|004930/123456; 4|<null>; 5|; 6|1234")
	f("translate(phone, '()+-/ ', '')", "1|442079460001; 2|02079460002; 3|004930123456; 4|<null>; 5|; 6|1234")
	f("regexp_replace(trim(name), '\\s+', ' ', 'g')",
		"1|Ada Lovelace; 2|bob stone; 3|Zoë Ångström; 4|O'Neil, Pat; 5|; 6|Li")
	f("initcap(trim(name)), length(name), octet_length(name)",
		"1|Ada Lovelace|12|12; 2|Bob   Stone|14|14; 3|Zoë Ångström|12|15; 4|O'Neil, Pat|11|11; 5||0|0; 6|Li|2|2")
	f("lower(trim(mail)), split_part(mail, '@', 1), split_part(mail, '@', -1)",
		"1|ada@example.com|Ada|Example.COM; 2|bob.stone@mail.example.org|bob.stone|mail.example.org; 3|zoe@|zoe|; "+
			"4|<null>|<null>|<null>; 5|x@y@z.org|x|z.org; 6|li@example.com| li|example.com ")
	f("regexp_replace(name, '^(\\S+) (\\S+)$', '\\2, \\1')",
		"1|Lovelace, Ada; 2|  bob   stone ; 3|Ångström, Zoë; 4|Pat, O'Neil,; 5|; 6|Li")
	f("substring(mail from '@(.*)$'), substring(phone from '[0-9]+')",
		"1|Example.COM|44; 2|mail.example.org|020; 3||0049; 4|<null>|<null>; 5|y@z.org|<null>; 6|example.com |12")
	f("regexp_match(phone, '([0-9]+)[^0-9]+([0-9]+)')",
		"1|{44,20}; 2|{020,7946}; 3|{0049,30}; 4|<null>; 5|<null>; 6|{12,34}")
	f("regexp_count(name, '[aeiou]', 1, 'i'), regexp_instr(name, '[aeiou]'), regexp_like(name, 'stone')",
		"1|6|3|f; 2|3|4|t; 3|1|2|f; 4|4|4|f; 5|0|0|f; 6|1|2|f")
	f("regexp_substr(phone, '[0-9]+', 1, 2)", "1|20; 2|7946; 3|30; 4|<null>; 5|<null>; 6|34")
	f("overlay(name placing '*' from 2 for 3), reverse(name), left(name, -2), right(name, 2)",
		"1|A*Lovelace|ecalevoL adA|Ada Lovela|ce; 2| *b   stone | enots   bob  |  bob   ston|e ; "+
			"3|Z*Ångström|mörtsgnÅ ëoZ|Zoë Ångstr|öm; 4|O*il, Pat|taP ,lieN'O|O'Neil, P|at; 5|*|||; 6|L*|iL||Li")
	f("lpad(name, 5, '.'), rpad(name, 5, '.'), btrim(name, ' Aa')",
		"1|Ada L|Ada L|da Lovelace; 2|  bob|  bob|bob   stone; 3|Zoë Å|Zoë Å|Zoë Ångström; "+
			"4|O'Nei|O'Nei|O'Neil, Pat; 5|.....|.....|; 6|...Li|Li...|Li")
	f("quote_literal(note), quote_nullable(phone), quote_ident(name)",
		"1|'first of all; engines'|'+44 20 7946 0001'|\"Ada Lovelace\"; "+
			"2|'100% sure'|'(020) 7946-0002'|\"  bob   stone \"; 3|'under_score'|'0049/30/123456'|\"Zoë Ångström\"; "+
			"4|<null>|NULL|\"O'Neil, Pat\"; 5|'two\nlines'|''|\"\"; 6|E'a\\\\b'|'12 34'|\"Li\"")
	f("format('%s <%s>', name, mail), format('%-6s|%3s', left(name, 3), id)",
		"1|Ada Lovelace <Ada@Example.COM>|Ada   |  1; 2|  bob   stone  <bob.stone@mail.example.org>|  b   |  2; "+
			"3|Zoë Ångström <zoe@>|Zoë   |  3; 4|O'Neil, Pat <>|O'N   |  4; 5| <x@y@z.org>|      |  5; "+
			"6|Li < li@example.com >|Li    |  6")
	f("concat_ws(', ', nullif(name, ''), phone, mail), concat(name, null, id)",
		"1|Ada Lovelace, +44 20 7946 0001, Ada@Example.COM|Ada Lovelace1; "+
			"2|  bob   stone , (020) 7946-0002, bob.stone@mail.example.org|  bob   stone 2; "+
			"3|Zoë Ångström, 0049/30/123456, zoe@|Zoë Ångström3; 4|O'Neil, Pat|O'Neil, Pat4; 5|, x@y@z.org|5; "+
			"6|Li, 12 34,  li@example.com |Li6")
	f("coalesce(nullif(trim(phone), ''), 'none')",
		"1|+44 20 7946 0001; 2|(020) 7946-0002; 3|0049/30/123456; 4|none; 5|none; 6|12 34")
	f("format('%s')", "22023: too few arguments for format()")
	f("format('%z', 1)", `22023: unrecognized format() type specifier "z" HINT: For a single "%" use "%%".`)
	f("lpad(name)",
		"42883: function lpad(text) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
}

// Texts are split to words, which are counted, ranked and searched.
func TestPatternsWords(t *testing.T) {
	db := contacts(t)
	db.Rows("select id, w from contact, regexp_split_to_table(trim(name), '\\s+') w order by id, w",
		"1|Ada",
		"1|Lovelace",
		"2|bob",
		"2|stone",
		"3|Zoë",
		"3|Ångström",
		"4|O'Neil,",
		"4|Pat",
		"5|",
		"6|Li",
	)
	db.Rows(`select lower(w) word, count(*) from contact, regexp_split_to_table(coalesce(note, ''),
		'[^[:alnum:]]+') w where w <> '' group by word order by 2 desc, 1`,
		"100|1",
		"a|1",
		"all|1",
		"b|1",
		"engines|1",
		"first|1",
		"lines|1",
		"of|1",
		"score|1",
		"sure|1",
		"two|1",
		"under|1",
	)
	db.Rows("select id, string_to_array(phone, ' '), cardinality(string_to_array(phone, ' ')) from contact order by id",
		"1|{+44,20,7946,0001}|4",
		"2|{(020),7946-0002}|2",
		"3|{0049/30/123456}|1",
		"4|<null>|<null>",
		"5|{}|0",
		"6|{12,34}|2",
	)
	db.Rows("select id, o, p from contact, string_to_table(mail, '@') with ordinality s(p, o) order by id, o",
		"1|1|Ada",
		"1|2|Example.COM",
		"2|1|bob.stone",
		"2|2|mail.example.org",
		"3|1|zoe",
		"3|2|",
		"5|1|x",
		"5|2|y",
		"5|3|z.org",
		"6|1| li",
		"6|2|example.com ",
	)
	db.Rows(`select id, array_agg(m[1] order by m[1]) from contact, regexp_matches(phone, '[0-9]+', 'g') m
		group by id order by id`,
		"1|{0001,20,44,7946}",
		"2|{0002,020,7946}",
		"3|{0049,123456,30}",
		"6|{12,34}",
	)
	db.Rows(`select c, count(*) from contact, regexp_split_to_table(lower(name), '') c where c ~ '[a-z]' group by c
		having count(*) > 3 order by 2 desc, 1`,
		"o|5",
		"a|4",
		"e|4",
		"l|4",
	)
	db.Rows("select id from contact where string_to_array(lower(note), ' ') && array['sure', 'of'] order by id",
		"1",
		"2",
	)
	db.Rows(`select id, array_to_string(array(select initcap(w) from unnest(string_to_array(name, ' ')) w
		where w <> ''), ' ') from contact order by id`,
		"1|Ada Lovelace",
		"2|Bob Stone",
		"3|Zoë Ångström",
		"4|O'Neil, Pat",
		"5|",
		"6|Li",
	)
	db.Rows(`select string_to_array('a,,b', ','), string_to_array('a,,b', ',', ''), string_to_array('abc', null),
		string_to_array('', ',')`,
		`{a,"",b}|{a,NULL,b}|{a,b,c}|{}`,
	)
}
