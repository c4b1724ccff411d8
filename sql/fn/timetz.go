package fn

import (
	"github.com/vecdb/vecdb/sql/types"
)

// instantTimetz is the time of day of an instant by a zone's clock.
func instantTimetz(t int64, z *types.Zone) types.Timetz {
	offset := offsetAt(t, z)
	_, micros := split(t + offset*microsSecond)
	return types.Timetz{Micros: micros, West: int32(-offset)}
}

// shifted is the same time of day by a clock at another distance from UTC.
func shifted(v types.Timetz, east int64) types.Timetz {
	micros := (v.Micros + (int64(v.West)+east)*microsSecond) % microsDay
	if micros < 0 {
		micros += microsDay
	}
	return types.Timetz{Micros: micros, West: int32(-east)}
}

// timetzShift is timetz ± interval, modulo a day.
func timetzShift(s, by string, sign int64) string {
	v := types.DecodeTimetz(s)
	v.Micros = timeShift(v.Micros, unpackInterval(by), sign)
	return v.Encode()
}

// dateTimetz is the instant of a date and a time with its zone.
func dateTimetz(d int64, s string) (int64, error) {
	v := types.DecodeTimetz(s)
	t, err := dateAndTime(d, v.Micros)
	if err != nil || infinite(t) {
		return t, err
	}
	return checkTime(t + int64(v.West)*microsSecond)
}

var extractTimetz = extractor{"time with time zone", nil, func(_ *Call, name string, d types.Datum) (field, bool) {
	v := types.DecodeTimetz(d.S)
	switch east := -int64(v.West); name {
	case "timezone":
		return whole(east)
	case "timezone_hour":
		return whole(east / 3600)
	case "timezone_minute":
		return whole(east / 60 % 60)
	case "epoch":
		return field{value: v.Micros - east*microsSecond, scale: 6}, true
	}
	return clockField(name, v.Micros)
}}

var timetzKernels = []entry{
	{"timetz(timestamptz)", rows(func(c *Call, a []types.Datum) (types.Datum, error) {
		if infinite(a[0].I) {
			return types.NullDatum, nil
		}
		return types.StringDatum(instantTimetz(a[0].I, zoneOf(c)).Encode()), nil
	})},
	{"timetz(time)", with1(func(c *Call, t int64) (string, error) {
		east := offsetAt(c.Env.TxnStart, zoneOf(c))
		return types.Timetz{Micros: t, West: int32(-east)}.Encode(), nil
	})},
	{"time(timetz)", map1(func(s string) int64 { return types.DecodeTimetz(s).Micros })},
	{"timetz_pl_interval", map2(func(s, by string) string { return timetzShift(s, by, 1) })},
	{"timetz_mi_interval", map2(func(s, by string) string { return timetzShift(s, by, -1) })},
	{"interval_pl_timetz", map2(func(by, s string) string { return timetzShift(s, by, 1) })},
	{"datetimetz_pl", try2(dateTimetz)},
	{"timetzdate_pl", try2(func(s string, d int64) (int64, error) { return dateTimetz(d, s) })},
	{"timestamptz(date,timetz)", try2(dateTimetz)},
	{"timezone(text,timetz)", with2(func(c *Call, zone, s string) (string, error) {
		z, err := zoneNamed(zone)
		if err != nil {
			return "", err
		}
		return shifted(types.DecodeTimetz(s), offsetAt(c.Env.TxnStart, z)).Encode(), nil
	})},
	{"timezone(interval,timetz)", try2(func(by, s string) (string, error) {
		east, err := intervalZone(by)
		return shifted(types.DecodeTimetz(s), east/microsSecond).Encode(), err
	})},
	{"date_part(text,timetz)", extractTimetz.datePart()},
	{"extract(text,timetz)", extractTimetz.extract()},
}
