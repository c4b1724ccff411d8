package settings

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// ServerVersion is the PostgreSQL version whose behaviour we answer with.
const (
	ServerVersion    = "16.14"
	ServerVersionNum = "160014"
)

// own are the settings that the facts lack: PostgreSQL's that pg_settings hides, and ours.
var own = []Def{
	{Name: "session_authorization", Kind: String, Context: "user", Group: "PostgreSQL", Hidden: true, Stays: true},
	{Name: "is_superuser", Kind: Bool, Context: "internal", Boot: "off", Default: "off", Group: "PostgreSQL", Hidden: true},
	{Name: "role", Kind: String, Context: "user", Boot: "none", Default: "none", Group: "PostgreSQL", Hidden: true, Stays: true},
	{Name: "seed", Kind: Real, Context: "user", Min: -1, Max: 1, Boot: "0", Default: "unavailable", Group: "PostgreSQL", Hidden: true},
	{
		Name: "vecdb.target_recall", Kind: Real, Context: "user", Min: 0, Max: 1, Boot: "0.95", Default: "0.95",
		Group: "Vector search", Desc: "Recall that an approximate search aims at; its effort is read off the index's own measured curve.",
	},
	{
		Name: "ivfpq.probes", Kind: Int, Context: "user", Min: 0, Max: 1 << 20, Boot: "0", Default: "0",
		Group: "Vector search", Desc: "Partitions to search; 0 lets vecdb.target_recall decide.",
	},
	{
		Name: "ivfpq.refine", Kind: Int, Context: "user", Min: 0, Max: 1 << 20, Boot: "0", Default: "0",
		Group: "Vector search", Desc: "Candidates re-ranked by the stored vectors; 0 lets vecdb.target_recall decide.",
	},
	{
		Name: "vecdb.statement_memory", Kind: Int, Context: "user", Unit: "kB", Min: 0, Max: 1 << 31, Boot: "0", Default: "0",
		Group: "Resource Usage / Memory", Desc: "Memory that one statement's operators may keep; 0 leaves it to the server's limit (--memory).",
	},
	{
		Name: "vecdb.rules_off", Kind: String, Context: "user", Group: "Developer Options", Hidden: true,
		Desc: "Rewrite rules that planning leaves out, parted by commas; all for every one.",
	},
}

// reported are the settings that PostgreSQL sends as ParameterStatus, in its order.
var reported = []string{
	"in_hot_standby", "integer_datetimes", "TimeZone", "IntervalStyle", "is_superuser", "application_name",
	"default_transaction_read_only", "scram_iterations", "DateStyle", "standard_conforming_strings",
	"session_authorization", "client_encoding", "server_version", "server_encoding",
}

// changes are the points in which this server's definition differs from the facts, which were read
// from one PostgreSQL and carry its machine's values.
var changes = map[string]func(*Def){
	"server_version":             func(d *Def) { d.Boot, d.Default = ServerVersion, ServerVersion },
	"server_version_num":         func(d *Def) { d.Boot, d.Default = ServerVersionNum, ServerVersionNum },
	"client_encoding":            func(d *Def) { d.Default = "UTF8"; d.Check = checkEncoding },
	"server_encoding":            func(d *Def) { d.Default = "UTF8" },
	"TimeZone":                   func(d *Def) { d.Default = "UTC"; d.Check = checkTimeZone },
	"log_timezone":               func(d *Def) { d.Default = "UTC" },
	"DateStyle":                  func(d *Def) { d.Default = "ISO, MDY"; d.Check = checkDateStyle },
	"search_path":                func(d *Def) { d.List = true },
	"temp_tablespaces":           func(d *Def) { d.List = true },
	"session_preload_libraries":  func(d *Def) { d.List = true },
	"local_preload_libraries":    func(d *Def) { d.List = true },
	"shared_preload_libraries":   func(d *Def) { d.List = true },
	"data_directory":             func(d *Def) { d.Default = "" },
	"config_file":                func(d *Def) { d.Default = "" },
	"hba_file":                   func(d *Def) { d.Default = "" },
	"ident_file":                 func(d *Def) { d.Default = "" },
	"external_pid_file":          func(d *Def) { d.Default = "" },
	"unix_socket_directories":    func(d *Def) { d.Default = "" },
	"application_name":           func(d *Def) { d.Default = ""; d.Check = cleanName },
	"lc_messages":                func(d *Def) { d.Default = "C" },
	"lc_monetary":                func(d *Def) { d.Default = "C" },
	"lc_numeric":                 func(d *Def) { d.Default = "C" },
	"lc_time":                    func(d *Def) { d.Default = "C" },
	"default_text_search_config": func(d *Def) { d.Default = "pg_catalog.simple" },
}

// fixed are the settings whose other values would change what statements do and are not supported: each with
// the values that are. Those that only say how much of a resource PostgreSQL may use, what it logs, or
// how it plans are taken and, where vecdb has no such thing, do nothing.
var fixed = map[string][]string{
	"array_nulls":                 {"on"},
	"transform_null_equals":       {"off"},
	"standard_conforming_strings": {"on"},
	"backslash_quote":             {"safe_encoding"},
	"default_tablespace":          {"", "pg_default"},
	"temp_tablespaces":            {"", "pg_default"},
	"default_table_access_method": {"heap"},
	"default_toast_compression":   {"pglz"},
	"session_replication_role":    {"origin"},
	"password_encryption":         {"scram-sha-256"},
	"temp_file_limit":             {"-1"},
	"xmlbinary":                   {"base64"},
	"xmloption":                   {"content"},
	"zero_damaged_pages":          {"off"},
	"ignore_checksum_failure":     {"off"},
	"session_preload_libraries":   {""},
	"local_preload_libraries":     {""},
}

// refuseOthers lets a setting have its supported values only.
func refuseOthers(d *Def, values []string) {
	before := d.Check
	d.Check = func(v string) (string, error) {
		if before != nil {
			var err error
			if v, err = before(v); err != nil {
				return "", err
			}
		}
		if !slices.Contains(values, strings.Trim(v, `"`)) {
			return "", pgerr.Unsupported("%s = %s", d.Name, v)
		}
		return v, nil
	}
}

func checkEncoding(v string) (string, error) {
	switch strings.ToUpper(strings.NewReplacer("-", "", "_", "").Replace(v)) {
	case "UTF8", "UNICODE":
		return "UTF8", nil
	case "SQLASCII":
		return "SQL_ASCII", nil
	}
	if v == "" {
		return "UTF8", nil
	}
	return "", invalid("client_encoding", v)
}

func checkTimeZone(v string) (string, error) {
	z, err := types.ParseZone(v)
	if err != nil {
		return "", err
	}
	return z.Name, nil
}

// checkDateStyle merges the words of v (ISO, SQL, POSTGRES, GERMAN, DMY, MDY, YMD ...) into the
// canonical pair. What v leaves open is ISO or MDY.
func checkDateStyle(v string) (string, error) {
	style, order := "", ""
	german, conflict := false, false
	choose := func(at *string, v string) {
		conflict = conflict || *at != "" && *at != v
		*at = v
	}
	for _, w := range strings.Split(v, ",") {
		switch w = strings.ToUpper(strings.TrimSpace(w)); {
		case w == "" || w == "DEFAULT":
		case w == "ISO":
			choose(&style, "ISO")
		case w == "SQL":
			choose(&style, "SQL")
		case strings.HasPrefix(w, "POSTGRES"):
			choose(&style, "Postgres")
		case w == "GERMAN":
			choose(&style, "German")
			german = true
		case w == "DMY" || strings.HasPrefix(w, "EURO"):
			choose(&order, "DMY")
		case w == "MDY" || w == "US" || strings.HasPrefix(w, "NONEURO"):
			choose(&order, "MDY")
		case w == "YMD":
			choose(&order, "YMD")
		default:
			return "", invalid("DateStyle", v).Detail("Unrecognized key word: %q.", strings.ToLower(w))
		}
	}
	if conflict {
		return "", invalid("DateStyle", v).Detail("Conflicting \"datestyle\" specifications.")
	}
	if german && order == "" {
		order = "DMY"
	}
	return style + ", " + order, nil
}

// nameBytesMax is the length of a name.
const nameBytesMax = 63

// cleanName cuts a name to its length and writes what is not printable ASCII as \xNN.
func cleanName(v string) (string, error) {
	if len(v) > nameBytesMax {
		v = strings.ToValidUTF8(v[:nameBytesMax], "")
	}
	var b strings.Builder
	for i := range len(v) {
		if c := v[i]; c < ' ' || c > '~' {
			fmt.Fprintf(&b, "\\x%02x", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String(), nil
}

// checkList refuses a list of names with one that is none.
func checkList(d *Def) func(string) (string, error) {
	return func(v string) (string, error) {
		rest := strings.TrimSpace(v)
		for more := rest != ""; more; {
			name := len(rest)
			if strings.HasPrefix(rest, `"`) {
				end := strings.Index(strings.ReplaceAll(rest[1:], `""`, "xx"), `"`)
				name = end + 2
				if end < 0 {
					name = 0
				}
			} else if i := strings.IndexAny(rest, ", \t\n"); i >= 0 {
				name = i
			}
			if name == 0 {
				return "", invalid(d.Name, v).Detail("List syntax is invalid.")
			}
			rest = strings.TrimSpace(rest[name:])
			if rest, more = strings.CutPrefix(rest, ","); !more && rest != "" {
				return "", invalid(d.Name, v).Detail("List syntax is invalid.")
			}
			rest = strings.TrimSpace(rest)
		}
		return v, nil
	}
}

// MergeDateStyle fills what a checked DateStyle leaves open from the current one.
func MergeDateStyle(checked, current string) string {
	style, order, _ := strings.Cut(checked, ", ")
	curStyle, curOrder, _ := strings.Cut(current, ", ")
	if style == "" {
		style = curStyle
	}
	if order == "" {
		order = curOrder
	}
	return style + ", " + order
}

func invalid(name, v string) *pgerr.Error {
	return pgerr.New(pgerrcode.InvalidParameterValue, "invalid value for parameter %q: %q", name, v)
}
