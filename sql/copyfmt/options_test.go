package copyfmt_test

import (
	"testing"

	"github.com/vecdb/vecdb/sql/copyfmt"
	"github.com/vecdb/vecdb/sql/pgerr"
)

// TestOptionChecks holds every check of options, in both directions, against a server when there is one (see
// postgresEnv).
func TestOptionChecks(t *testing.T) {
	list := columns(t, "a int4, b text")
	oracle := connect(t)
	f := func(text string, from bool, want string) {
		t.Helper()
		if oracle != nil {
			if pg := oracle.check(t, list, text, from); pg != want {
				t.Errorf("PostgreSQL %q", pg)
			}
		}
		o, err := parseOptions(text, from)
		if err == nil {
			err = o.Check(from, list)
		}
		got := "ok"
		if err != nil {
			got = pgerr.Code(err) + " " + err.Error()
		}
		if got != want {
			t.Errorf("%q from %v: %q, want %q", text, from, got, want)
		}
	}
	for _, from := range []bool{true, false} {
		f("format csv", from, "ok")
		f("format text", from, "ok")
		f("format binary", from, "ok")
		f("delimiter ,", from, "ok")
		f("delimiter  ", from, "ok")
		f("delimiter \x7f", from, "ok")
		f("delimiter A", from, "ok")
		f("format csv, delimiter a", from, "ok")
		f("format csv, delimiter .", from, "ok")
		f("format csv, quote a, escape b", from, "ok")
		f("null ", from, "ok")
		f("format csv, null \\N", from, "ok")
		f("format csv, quote ', escape '", from, "ok")
		f("format csv, header true", from, "ok")
		f("header true", from, "ok")
	}
	f("format CSV", true, `22023 COPY format "CSV" not recognized`)
	f("format tsv", true, `22023 COPY format "tsv" not recognized`)
	f("delimiter ", true, "0A000 COPY delimiter must be a single one-byte character")
	f("delimiter ab", true, "0A000 COPY delimiter must be a single one-byte character")
	f("delimiter ä", true, "0A000 COPY delimiter must be a single one-byte character")
	f("delimiter \n", true, "22023 COPY delimiter cannot be newline or carriage return")
	f("delimiter \r", true, "22023 COPY delimiter cannot be newline or carriage return")
	f("format csv, delimiter \n", true, "22023 COPY delimiter cannot be newline or carriage return")
	f("delimiter z", true, `22023 COPY delimiter cannot be "z"`)
	f("delimiter 0", true, `22023 COPY delimiter cannot be "0"`)
	f("delimiter .", true, `22023 COPY delimiter cannot be "."`)
	f("delimiter \\", true, `22023 COPY delimiter cannot be "\"`)
	f("null \n", true, "22023 COPY null representation cannot use newline or carriage return")
	f("null a\rb", true, "22023 COPY null representation cannot use newline or carriage return")
	f("format csv, null \n", true, "22023 COPY null representation cannot use newline or carriage return")
	f("null a\tb", true, "0A000 COPY delimiter must not appear in the NULL specification")
	f("delimiter N", true, "0A000 COPY delimiter must not appear in the NULL specification")
	f("format csv, null a,b", true, "0A000 COPY delimiter must not appear in the NULL specification")
	f("format csv, null a\"b", true, "0A000 CSV quote character must not appear in the NULL specification")
	f("format csv, quote ', null '", true, "0A000 CSV quote character must not appear in the NULL specification")
	f("quote '", true, "0A000 COPY quote available only in CSV mode")
	f("escape '", true, "0A000 COPY escape available only in CSV mode")
	f("format csv, quote ", true, "0A000 COPY quote must be a single one-byte character")
	f("format csv, quote ab", true, "0A000 COPY quote must be a single one-byte character")
	f("format csv, escape ", true, "0A000 COPY escape must be a single one-byte character")
	f("format csv, escape ab", true, "0A000 COPY escape must be a single one-byte character")
	f("format csv, delimiter \"", true, "22023 COPY delimiter and quote must be different")
	f("format csv, delimiter ;, quote ;", true, "22023 COPY delimiter and quote must be different")
	f("format csv, quote \n", true, "ok")
	f("format binary, delimiter ,", true, "42601 cannot specify DELIMITER in BINARY mode")
	f("format binary, null x", true, "42601 cannot specify NULL in BINARY mode")
	f("format binary, header true", true, "0A000 cannot specify HEADER in BINARY mode")
	f("format binary, quote '", true, "0A000 COPY quote available only in CSV mode")
	f("format binary, escape '", true, "0A000 COPY escape available only in CSV mode")
	f("format binary, force_null a", true, "0A000 COPY force null available only in CSV mode")
	f("format binary, header false", true, "ok")
	f("header maybe", true, `42601 header requires a Boolean value or "match"`)
	f("header 2", true, `42601 header requires a Boolean value or "match"`)
	f("header MATCH", true, "ok")
	f("header match", false, `0A000 cannot use "match" with HEADER in COPY TO`)
	f("force_quote a", false, "0A000 COPY force quote available only in CSV mode")
	f("format csv, force_quote a", true, "0A000 COPY force quote only available using COPY TO")
	f("format csv, force_quote a", false, "ok")
	f("format csv, force_quote *", false, "ok")
	f("format csv, force_quote c", false, `42P10 FORCE_QUOTE column "c" not referenced by COPY`)
	f("force_not_null a", true, "0A000 COPY force not null available only in CSV mode")
	f("format csv, force_not_null a", false, "0A000 COPY force not null only available using COPY FROM")
	f("format csv, force_not_null c", true, `42P10 FORCE_NOT_NULL column "c" not referenced by COPY`)
	f("force_null a", true, "0A000 COPY force null available only in CSV mode")
	f("format csv, force_null a", false, "0A000 COPY force null only available using COPY FROM")
	f("format csv, force_null a+c", true, `42P10 FORCE_NULL column "c" not referenced by COPY`)
	f("format csv, force_null a+b, force_not_null a", true, "ok")
}

// TestParseOptions holds the words of FORMAT and HEADER.
func TestParseOptions(t *testing.T) {
	for word, want := range map[string]copyfmt.Header{
		"": copyfmt.HeaderLine, "on": copyfmt.HeaderLine, "TRUE": copyfmt.HeaderLine, "1": copyfmt.HeaderLine,
		"off":   copyfmt.HeaderNone,
		"False": copyfmt.HeaderNone, "0": copyfmt.HeaderNone, "match": copyfmt.HeaderMatch, "Match": copyfmt.HeaderMatch,
	} {
		if got, err := copyfmt.ParseHeader(word, true); err != nil || got != want {
			t.Errorf("header %q: %v %v", word, got, err)
		}
	}
	for word, want := range map[string]copyfmt.Format{"text": copyfmt.Text, "csv": copyfmt.CSV, "binary": copyfmt.Binary} {
		if got, err := copyfmt.ParseFormat(word); err != nil || got != want {
			t.Errorf("format %q: %v %v", word, got, err)
		}
	}
}
