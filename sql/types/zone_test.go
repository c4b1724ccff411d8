package types_test

import (
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// zoneAt shows a zone as PostgreSQL does: its name, its offset and its abbreviation in winter and in summer.
func zoneAt(z *types.Zone) string {
	show := func(month time.Month) string {
		abbrev, off := time.Date(2024, month, 15, 12, 0, 0, 0, z.Loc).Zone()
		return " " + abbrev + " " + (time.Duration(off) * time.Second).String()
	}
	winter, summer := show(time.January), show(time.July)
	if winter == summer {
		summer = ""
	}
	return z.Name + winter + summer
}

// TestParseZone holds what SET TimeZone takes: names in any case, hours east, POSIX's form with hours west.
func TestParseZone(t *testing.T) {
	f := func(in, want string) {
		t.Helper()
		z, err := types.ParseZone(in)
		if err != nil {
			t.Errorf("%q: %v", in, err)
			return
		}
		if got := zoneAt(z); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	f("UTC", "UTC UTC 0s")
	f("utc", "UTC UTC 0s")
	f("zulu", "Zulu UTC 0s")
	f("Europe/Berlin", "Europe/Berlin CET 1h0m0s CEST 2h0m0s")
	f("europe/berlin", "Europe/Berlin CET 1h0m0s CEST 2h0m0s")
	f("AMERICA/NEW_YORK", "America/New_York EST -5h0m0s EDT -4h0m0s")
	f("us/pacific", "US/Pacific PST -8h0m0s PDT -7h0m0s")
	f("etc/gmt+5", "Etc/GMT+5 -05 -5h0m0s")
	f("america/port_of_spain", "America/Port_of_Spain AST -4h0m0s")
	f("antarctica/dumontdurville", "Antarctica/DumontDUrville +10 10h0m0s")
	f("est5edt", "EST5EDT EST -5h0m0s EDT -4h0m0s")
	f("asia/kathmandu", "Asia/Kathmandu +0545 5h45m0s")

	f("-7", "<-07>+07 -07 -7h0m0s")
	f("3", "<+03>-03 +03 3h0m0s")
	f("+3", "<+03>-03 +03 3h0m0s")
	f("5.5", "<+05:30>-05:30 +05:30 5h30m0s")
	f("-5.25", "<-05:15>+05:15 -05:15 -5h15m0s")
	f("1e1", "<+10>-10 +10 10h0m0s")
	f("0x10", "<+16>-16 +16 16h0m0s")
	f("167", "<+167>-167 +167 167h0m0s")

	f("<+02>-02", "<+02>-02 +02 2h0m0s")
	f("UTC+3", "UTC+3 UTC -3h0m0s")
	f("foo-3:30", "FOO-3:30 FOO 3h30m0s")
	f("<abc>5", "<ABC>5 ABC -5h0m0s")
	f("ab5", "AB5 AB -5h0m0s")
	f("GMT0", "GMT0 GMT 0s")
	f("15:30", "15:30  -15h30m0s")
	f("CET-1CEST", "CET-1CEST CET 1h0m0s CEST 2h0m0s")
	f("EST5EDT4,M3.2.0,M11.1.0", "EST5EDT4,M3.2.0,M11.1.0 EST -5h0m0s EDT -4h0m0s")
	f("NZST-12NZDT,M9.5.0,M4.1.0/3", "NZST-12NZDT,M9.5.0,M4.1.0/3 NZDT 13h0m0s NZST 12h0m0s")
	f("<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", "<-03>3<-02>,M3.5.0/-2,M10.5.0/-1 -03 -3h0m0s -02 -2h0m0s")

	bad := func(in, detail string) {
		t.Helper()
		_, err := types.ParseZone(in)
		e := pgerr.From(err)
		if err == nil || e.SQLState != "22023" || e.Message != `invalid value for parameter "TimeZone": "`+in+`"` ||
			e.DetailMsg != detail {
			t.Errorf("%q: %v", in, err)
		}
	}
	for _, in := range []string{
		"", "Nowhere/City", "local", "localtime", "x", "abc", " UTC", "UTC ", "UTC+168", "UTC+1:60", "PST", "MSK", "Z",
		"posix/UTC",
		"CET-1CEST,M3", "CET-1CEST,M3.5.0", "<CET-1", "US/Pacific-New",
	} {
		bad(in, "")
	}
	for _, in := range []string{"168", "-168", "nan", "inf", "1e300"} {
		bad(in, "UTC timezone offset is out of range.")
	}
}

// TestZoneNames holds that every name that is listed is found, however it is written.
func TestZoneNames(t *testing.T) {
	names := types.ZoneNames()
	if len(names) < 500 || !slices.IsSorted(names) {
		t.Fatalf("%d names", len(names))
	}
	for i, name := range names {
		if i%7 == 0 { // loading one takes a while
			for _, s := range []string{name, strings.ToLower(name), strings.ToUpper(name)} {
				if z := types.FindZone(s); z == nil || z.Name != name {
					t.Errorf("%q is %v", s, z)
				}
			}
		}
	}
}

// TestNamedZone holds what AT TIME ZONE takes beside: abbreviations, and numbers, which count west there.
func TestNamedZone(t *testing.T) {
	f := func(in, want string) {
		t.Helper()
		got := "none"
		if z := types.NamedZone(in); z != nil {
			got = zoneAt(z)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	f("PST", "PST PST -8h0m0s")
	f("pdt", "PDT PDT -7h0m0s")
	f("cest", "CEST CEST 2h0m0s")
	f("utc", "UTC UTC 0s")
	f("-7", "-7  7h0m0s")
	f("3", "3  -3h0m0s")
	f("+05:30", "+05:30  -5h30m0s")
	f("europe/london", "Europe/London GMT 0s BST 1h0m0s")
	f("nope", "none")
	f("", "none")
}

// TestClockChanges holds local times in gaps and overlaps of a clock, which count by standard time.
func TestClockChanges(t *testing.T) {
	f := literal(t, "timestamptz", "timezone=America/New_York")
	f("2024-03-10 01:59:59.999999", "2024-03-10 01:59:59.999999-05")
	f("2024-03-10 02:00:00", "2024-03-10 03:00:00-04")
	f("2024-03-10 02:30:00", "2024-03-10 03:30:00-04")
	f("2024-03-10 03:00:00", "2024-03-10 03:00:00-04")
	f("2024-11-03 00:59:59", "2024-11-03 00:59:59-04")
	f("2024-11-03 01:00:00", "2024-11-03 01:00:00-05")
	f("2024-11-03 01:59:59", "2024-11-03 01:59:59-05")
	f("2024-11-03 02:00:00", "2024-11-03 02:00:00-05")
	f("2024-11-03 01:30:00 EDT", "2024-11-03 01:30:00-04")
	f("2024-11-03 01:30:00 EST", "2024-11-03 01:30:00-05")
	f("2024-11-03 01:30:00-04", "2024-11-03 01:30:00-04")
	f("1900-01-01 00:00:00", "1900-01-01 00:00:00-05")
	f("1883-11-18 12:03:57", "1883-11-18 12:03:57-05")
	f("1883-11-18 12:03:58", "1883-11-18 12:03:58-05")
	f("0001-01-01 00:00:00", "0001-01-01 00:00:00-04:56:02")
	f("4000-07-01 00:00:00", "4000-07-01 00:00:00-04")
	f("294276-12-31 00:00:00", "294276-12-31 00:00:00-05")
	f = literal(t, "timestamptz", "timezone=Europe/Berlin")
	f("2024-03-31 02:30:00", "2024-03-31 03:30:00+02")
	f("2024-10-27 02:30:00", "2024-10-27 02:30:00+01")
	f("1945-05-24 02:30:00", "1945-05-24 03:30:00+03")
	f("1945-05-25 00:00:00", "1945-05-25 00:00:00+03")
	f("1980-04-06 00:00:00", "1980-04-06 00:00:00+01")
	f = literal(t, "timestamptz", "timezone=Australia/Lord_Howe")
	f("2024-04-07 01:45:00", "2024-04-07 01:45:00+10:30")
	f("2024-10-06 02:15:00", "2024-10-06 02:45:00+11")
	f = literal(t, "timestamptz", "timezone=Pacific/Apia")
	f("2011-12-29 23:59:59", "2011-12-29 23:59:59-10")
	f("2011-12-30 12:00:00", "2011-12-31 12:00:00+14")
	f("2011-12-31 00:00:00", "2011-12-31 00:00:00+14")
	f = literal(t, "timestamptz", "timezone=CET-1CEST,M3.5.0,M10.5.0/3")
	f("2024-03-31 02:30:00", "2024-03-31 03:30:00+02")
	f("2024-07-01 00:00:00", "2024-07-01 00:00:00+02")
	f("2024-10-27 02:30:00", "2024-10-27 02:30:00+01")
	f("1950-07-01 00:00:00", "1950-07-01 00:00:00+02")
	f = literal(t, "timestamptz", "timezone=15:30")
	f("2024-01-01 00:00:00Z", "2023-12-31 08:30:00-15:30")
	f = literal(t, "timestamptz", "timezone=foo-3:30", "datestyle=SQL, DMY")
	f("2024-01-01 00:00:00Z", "01/01/2024 03:30:00 FOO")
	f = literal(t, "timestamptz", "timezone=15:30", "datestyle=SQL, DMY")
	f("2024-01-01 00:00:00Z", "31/12/2023 08:30:00 ")
	f = literal(t, "timestamptz", "timezone=Europe/Berlin", "datestyle=Postgres, MDY")
	f("2024-01-01 00:00:00Z", "Mon Jan 01 01:00:00 2024 CET")
	f("2024-07-01 00:00:00Z", "Mon Jul 01 02:00:00 2024 CEST")
	f("0044-03-15 00:00:00Z BC", "Fri Mar 15 00:53:28 0044 LMT BC")
	f("infinity", "infinity")
	f = literal(t, "timestamptz", "timezone=Europe/Berlin", "datestyle=German, DMY")
	f("2024-07-01 00:00:00Z", "01.07.2024 02:00:00 CEST")
	f("01.07.2024 00:00:00 CET", "01.07.2024 01:00:00 CEST")
	f = literal(t, "timestamptz", "timezone=Asia/Kathmandu", "datestyle=SQL, MDY")
	f("2024-07-01 00:00:00Z", "07/01/2024 05:45:00 +0545")
}

// TestZonesInLiterals holds zones within the text of a moment.
func TestZonesInLiterals(t *testing.T) {
	f := literal(t, "timestamptz", "timezone=UTC")
	f("2024-01-15 12:00 America/New_York", "2024-01-15 17:00:00+00")
	f("2024-07-15 12:00 america/new_york", "2024-07-15 16:00:00+00")
	f("2024-07-15 12:00 us/pacific", "2024-07-15 19:00:00+00")
	f("2024-01-15 12:00 etc/gmt+5", "2024-01-15 17:00:00+00")
	f("2024-01-15 12:00 PST", "2024-01-15 20:00:00+00")
	f("2024-01-15 12:00 pdt", "2024-01-15 19:00:00+00")
	f("2024-01-15 12:00:00z", "2024-01-15 12:00:00+00")
	f("2024-01-15T12:00:00Z", "2024-01-15 12:00:00+00")
	f("2024-01-15 12:00 zulu", "2024-01-15 12:00:00+00")
	f("2024-01-15 12:00 UTC+3", "2024-01-15 15:00:00+00")
	f("2024-01-15 12:00 utc-03:30", "2024-01-15 08:30:00+00")
	f("2024-01-15 12:00 CET-1CEST", "2024-01-15 11:00:00+00")
	f("2024-07-15 12:00 CET-1CEST", "2024-07-15 10:00:00+00")
	f("2024-01-15 12:00 +5", "2024-01-15 07:00:00+00")
	f("2024-01-15 12:00+05", "2024-01-15 07:00:00+00")
	f("2024-01-15 12:00+0530", "2024-01-15 06:30:00+00")
	f("2024-01-15 12:00+05:30", "2024-01-15 06:30:00+00")
	f("2024-01-15 12:00+05:30:15", "2024-01-15 06:29:45+00")
	f("2024-01-15 12:00 -15:59:59", "2024-01-16 03:59:59+00")
	f("2024-01-15 12:00+15:59:59", "2024-01-14 20:00:01+00")
	f("2024-01-15 12:00+16", `ERROR 22009: time zone displacement out of range: "2024-01-15 12:00+16"`)
	f("2024-01-15 12:00-16", `ERROR 22009: time zone displacement out of range: "2024-01-15 12:00-16"`)
	f("2024-01-15 12:00+05:60", `ERROR 22009: time zone displacement out of range: "2024-01-15 12:00+05:60"`)
	f("2024-01-15 12:00 Nowhere/City", `ERROR 22023: time zone "nowhere/city" not recognized`)
	f("2024-01-15 12:00 nowhere",
		`ERROR 22007: invalid input syntax for type timestamp with time zone: "2024-01-15 12:00 nowhere"`)
	f("2024-01-15 PST", "2024-01-15 08:00:00+00")
	f("2024-01-15 +01", "2024-01-14 23:00:00+00")
	f = literal(t, "timestamp", "timezone=UTC")
	f("2024-01-15 12:00 America/New_York", "2024-01-15 12:00:00")
	f("2024-01-15 12:00+05:30", "2024-01-15 12:00:00")
	f("2024-01-15 12:00 Nowhere/City", `ERROR 22023: time zone "nowhere/city" not recognized`)
	f = literal(t, "timetz", "timezone=America/New_York")
	f("12:00", "12:00:00-05")
	f("12:00+03", "12:00:00+03")
	f("12:00 PST", "12:00:00-08")
	f("2024-07-15 12:00 America/New_York", "12:00:00-04")
	f("2024-01-15 12:00 America/New_York", "12:00:00-05")
	f("12:00 America/New_York", `ERROR 22007: invalid input syntax for type time with time zone: "12:00 America/New_York"`)
	f("12:00 EST5EDT", `ERROR 22007: invalid input syntax for type time with time zone: "12:00 EST5EDT"`)
}

// TestLocalTimeThereAndBack holds that an instant's local time leads back to it, but for the hours that a clock
// shows twice.
func TestLocalTimeThereAndBack(t *testing.T) {
	const seed = 41
	r := rand.New(rand.NewSource(seed))
	for _, name := range []string{
		"UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia",
		"<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", "Etc/GMT-14",
	} {
		z, err := types.ParseZone(name)
		if err != nil {
			t.Fatal(err)
		}
		for range 2000 {
			us := r.Int63n(types.MicrosPerDay*365*120) - types.MicrosPerDay*365*60
			local := types.ToLocal(z, us)
			if local-us != int64(types.ZoneOffset(z, us))*types.MicrosPerSecond {
				t.Fatalf("seed %d: %s: the local time of %d is %d", seed, name, us, local)
			}
			back := types.LocalToUTC(z, local)
			if back != us && types.ToLocal(z, back) != local {
				t.Fatalf("seed %d: %s: %d shows %d, which leads to %d", seed, name, us, local, back)
			}
			if back != us && !changesNear(z, us) {
				t.Fatalf("seed %d: %s: %d comes back as %d", seed, name, us, back)
			}
		}
	}
	for _, us := range []int64{types.Infinity, types.NegInfinity} {
		if types.ToLocal(types.UTC, us) != us {
			t.Errorf("the local time of %d", us)
		}
	}
}

// changesNear says whether a clock is set within a day and an hour around an instant.
func changesNear(z *types.Zone, us int64) bool {
	const reach = types.MicrosPerDay + types.MicrosPerHour
	at := types.ZoneOffset(z, us)
	return types.ZoneOffset(z, us-reach) != at || types.ZoneOffset(z, us+reach) != at
}
