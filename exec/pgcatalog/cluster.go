package pgcatalog

import (
	_ "embed" // facts
	"math"
	"strconv"
	"time"

	"github.com/vecdb/vecdb/exec/settings"
	"github.com/vecdb/vecdb/internal/facts"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

//go:embed facts/timezone_abbrevs.tsv
var abbrevFacts string

// Tablespaces that stand for the data folder.
const (
	tablespaceDefault types.OID = 1663
	tablespaceGlobal  types.OID = 1664
)

// vectorVersion is the pgvector release whose SQL we answer to.
const vectorVersion = "0.8.5"

var extensionComments = map[string]string{
	"vector":  "vector data type and ivfflat and hnsw access methods",
	"plpgsql": "PL/pgSQL procedural language",
}

var clusterEntries = []entry{
	{"pg_database", "oid datname datdba encoding datlocprovider datistemplate datallowconn datconnlimit datfrozenxid " +
		"datminmxid dattablespace datcollate datctype datacl", "", func(v *View, _ types.OID, emit emitFunc) {
		for _, d := range v.Source.Databases() {
			emit(oid(d.OID), str(d.Name), oid(d.Owner), num(6), chr('c'), yes(d.Template), yes(!d.NoConnect), num(d.ConnLimit.Number()), num(0),
				num(1), oid(tablespaceDefault), str("C"), str("C"), aclItems(d.ACL))
		}
	}},
	{"pg_tablespace", "oid spcname spcowner", "", func(_ *View, _ types.OID, emit emitFunc) {
		emit(oid(tablespaceDefault), str("pg_default"), oid(10))
		emit(oid(tablespaceGlobal), str("pg_global"), oid(10))
	}},
	{"pg_extension", "oid extname extowner extnamespace extrelocatable extversion", "", func(v *View, _ types.OID, emit emitFunc) {
		for _, e := range v.Source.Extensions(v.DB.OID) {
			emit(oid(e.OID), str(e.Name), oid(10), oid(e.Namespace), yes(e.Name != "plpgsql"), str(e.Version))
		}
	}},
	{"pg_available_extensions", "name default_version installed_version comment", "", func(v *View, _ types.OID, emit emitFunc) {
		installed := null
		for _, e := range v.Source.Extensions(v.DB.OID) {
			if e.Name == "vector" {
				installed = str(e.Version)
			}
		}
		emit(str("vector"), str(vectorVersion), installed, str(extensionComments["vector"]))
	}},
	{
		"pg_available_extension_versions", "name version installed superuser trusted relocatable", "",
		func(v *View, _ types.OID, emit emitFunc) {
			installed := false
			for _, e := range v.Source.Extensions(v.DB.OID) {
				installed = installed || e.Name == "vector"
			}
			emit(str("vector"), str(vectorVersion), yes(installed), yes(true), yes(true), yes(true))
		},
	},
	{"pg_settings", "name setting unit category short_desc context vartype source min_val max_val enumvals boot_val " +
		"reset_val pending_restart", "", fillSettings},
	{"pg_db_role_setting", "setdatabase setrole setconfig", "", func(v *View, _ types.OID, emit emitFunc) {
		for _, d := range v.Source.Databases() {
			if len(d.Settings) > 0 {
				emit(oid(d.OID), oid(0), options(d.Settings))
			}
		}
		for _, r := range v.Source.Roles() {
			if len(r.Settings) > 0 {
				emit(oid(0), oid(r.OID), options(r.Settings))
			}
		}
	}},
	{"pg_timezone_abbrevs", "abbrev utc_offset is_dst", "", func(v *View, _ types.OID, emit emitFunc) {
		interval := types.ByName("interval")
		for _, r := range facts.Read("timezone_abbrevs", abbrevFacts) {
			if d, err := interval.Parse(r.Get("utc_offset"), -1, &types.Session{}); err == nil {
				emit(str(r.Get("abbrev")), d, yes(r.Bool("is_dst")))
			}
		}
	}},
	{"pg_timezone_names", "name abbrev utc_offset is_dst", "", fillZones},
}

func fillSettings(v *View, _ types.OID, emit emitFunc) {
	if v.Settings == nil {
		return
	}
	for _, d := range settings.All() {
		if d.Hidden {
			continue
		}
		value, _ := v.Settings.Get(d.Name)
		lo, hi := null, null
		if d.Kind == settings.Int || d.Kind == settings.Real {
			lo, hi = bound(d.Min), bound(d.Max)
		}
		emit(str(d.Name), str(value), strOrNull(d.Unit), str(d.Group), str(d.Desc), str(d.Context), str(d.Kind.String()),
			str(v.Settings.Source(d.Name)), lo, hi, texts(types.TextOID, d.Enum), str(d.Boot),
			str(v.Settings.ResetValue(d.Name)), yes(false))
	}
}

func bound(x float64) types.Datum {
	if math.IsInf(x, 0) {
		return null
	}
	return str(settings.Bound(x))
}

func fillZones(_ *View, _ types.OID, emit emitFunc) {
	interval := types.ByName("interval")
	now := time.Now()
	for _, name := range types.ZoneNames() {
		z := types.FindZone(name)
		if z == nil {
			continue
		}
		t := now.In(z.Loc)
		abbrev, off := t.Zone()
		if d, err := interval.Parse(strconv.Itoa(off)+" seconds", -1, &types.Session{}); err == nil {
			emit(str(name), str(abbrev), d, yes(t.IsDST()))
		}
	}
}

// rolesOf lists the roles that emit in the columns shared by pg_roles and pg_authid.
func (v *View) rolesOf(password string, emit func(r *schema.Role, pw types.Datum)) {
	for _, r := range v.Source.Roles() {
		pw := strOrNull(password)
		if password == "" {
			pw = strOrNull(r.Verifier)
		}
		emit(r, pw)
	}
}
