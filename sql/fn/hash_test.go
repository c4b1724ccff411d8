package fn_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// Hashes are PostgreSQL's, for every length of text and at the ends of numbers.
func TestHashFunctions(t *testing.T) {
	db := dbtest.New(t)
	db.Is("select string_agg(hashtext(left('The quick brown fox jumps', n))::text, ' ' order by n) from generate_series(0, 25) n", "-1477818771 189977564 -1032424723 -2092041454 -529746819 1319395734 2048143525 105174900 -461557097 916841358 1490567601 2124940397 82921656 -1857862021 -435097191 1349080213 -807732534 1801273035 2125926248 -287177489 -685456130 300619715 -1262620514 -1236432247 -1217470220 1370806276")
	db.Is("select string_agg(hashtextextended(left('größe ändern', n), n - 3)::text, ' ' order by n) from generate_series(0, 12) n", "-243987137913634625 8599611791180216009 -8857491910697736892 2594438855487884315 1585499001526723641 -8689407172076604924 -6323442828180447231 3696815212674540589 8330895731098170598 -8284412054077242566 -7655482157562450324 1783723318462149456 8966952557636116709")
	db.Is("select hashtext(''), hashtext(null), hashname('a'), hashbpchar('a  '), hashbpchar('a'), hashtext('a  ')", "-1477818771|<null>|1075015857|1075015857|1075015857|744182475")
	db.Is("select hashint2(0), hashint2(-1), hashint2(32767), hashint4(0), hashint4(-1), hashint4(2147483647), hashint4(-2147483648)", "42883: function hashint2(integer) does not exist HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	db.Is("select hashint8(0), hashint8(-1), hashint8(1), hashint8(9223372036854775807), hashint8(-9223372036854775808), hashint8(4294967296)", "-272711505|385747274|-1905060026|-1524351049|-96758253|-1905060026")
	db.Is("select hashint4extended(7, 0), hashint4extended(7, 1), hashint4extended(7, -1), hashint8extended(-7, 4294967296), hashint2extended(3, 5)", "42883: function hashint2extended(integer, integer) does not exist HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	db.Is("select hashfloat8(0), hashfloat8('-0'), hashfloat8(1.5), hashfloat8('nan'), hashfloat8('infinity'), hashfloat4(1.5), hashfloat4(0.1)", "0|0|630860146|-1275764840|-2133226302|630860146|-222057114")
	db.Is("select hashfloat8extended(0, 42), hashfloat8extended(1.5, 42), hashfloat4extended(-2, 42)", "42|-5832320990282095783|6626027002683034819")
	db.Is(`select hashoid(4294967295), hashoidextended(1, 9), hashchar('a'), hashchar('\377'), hashcharextended('a', 1)`, "385747274|5702160639948485477|463612535|385747274|8124554040851940494")
	db.Is("select uuid_hash('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'), uuid_hash_extended('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 3)", "1154666245|-6826625711743895634")
	db.Is("select time_hash('12:00'), timestamp_hash('2024-01-02 03:04:05'), timestamp_hash_extended('1999-01-01', 1), pg_lsn_hash('1/2')", "-239764610|-1717080021|9166717960044843708|-28094569")
}
