package settings

import (
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
	{Name: "session_authorization", Kind: String, Context: "user", Group: "PostgreSQL", Hidden: true},
	{Name: "is_superuser", Kind: Bool, Context: "internal", Boot: "off", Default: "off", Group: "PostgreSQL", Hidden: true},
	{Name: "role", Kind: String, Context: "user", Boot: "none", Default: "none", Group: "PostgreSQL", Hidden: true},
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
		Name: "vecdb.rules_off", Kind: String, Context: "user", Group: "Developer Options", Hidden: true,
		Desc: "Rewrite rules that planning leaves out, parted by commas; all for every one.",
	},
	{
		Name: "vecdb.retention", Kind: Int, Context: "user", Unit: "s", Min: 0, Max: 1 << 31, Boot: "3600", Default: "3600",
		Group: "Versions", Desc: "How long superseded row versions stay readable.",
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
	"application_name":           func(d *Def) { d.Default = "" },
	"lc_messages":                func(d *Def) { d.Default = "C" },
	"lc_monetary":                func(d *Def) { d.Default = "C" },
	"lc_numeric":                 func(d *Def) { d.Default = "C" },
	"lc_time":                    func(d *Def) { d.Default = "C" },
	"default_text_search_config": func(d *Def) { d.Default = "pg_catalog.simple" },
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
	return "", invalid("client_encoding", v).Hint("The server speaks UTF8.")
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
	for _, w := range strings.Split(v, ",") {
		switch w = strings.ToUpper(strings.TrimSpace(w)); {
		case w == "" || w == "DEFAULT":
		case w == "ISO":
			style = "ISO"
		case w == "SQL":
			style = "SQL"
		case strings.HasPrefix(w, "POSTGRES"):
			style = "Postgres"
		case w == "GERMAN":
			style = "German"
			if order == "" {
				order = "DMY"
			}
		case w == "DMY" || strings.HasPrefix(w, "EURO"):
			order = "DMY"
		case w == "MDY" || w == "US" || strings.HasPrefix(w, "NONEURO"):
			order = "MDY"
		case w == "YMD":
			order = "YMD"
		default:
			return "", invalid("DateStyle", v).Detail("Unrecognized key word: %q.", strings.ToLower(w))
		}
	}
	return strings.TrimSpace(style) + ", " + order, nil
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
