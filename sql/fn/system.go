package fn

import (
	"context"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// serverVersion is what version() begins with: the PostgreSQL whose dialect we speak, so that clients
// which look for its number find it, and then our own name.
const serverVersion = "PostgreSQL 16.14 (vecdb) on x86_64-pc-linux-gnu, 64-bit"

// describing are the functions that the catalog answers (Catalog.Describe), all overloads of each.
const describing = `
acldefault col_description current_query format_type
has_any_column_privilege has_column_privilege has_database_privilege has_foreign_data_wrapper_privilege
has_function_privilege has_language_privilege has_parameter_privilege has_schema_privilege
has_sequence_privilege has_server_privilege has_table_privilege has_tablespace_privilege has_type_privilege
obj_description pg_advisory_lock pg_advisory_lock_shared pg_advisory_unlock pg_advisory_unlock_all
pg_advisory_unlock_shared pg_advisory_xact_lock pg_advisory_xact_lock_shared pg_blocking_pids
pg_cancel_backend pg_collation_is_visible pg_column_is_updatable pg_conf_load_time pg_conversion_is_visible
pg_current_snapshot pg_current_wal_lsn pg_current_xact_id pg_current_xact_id_if_assigned pg_database_size
pg_describe_object pg_export_snapshot pg_filenode_relation pg_function_is_visible pg_get_constraintdef
pg_get_expr pg_get_function_arg_default pg_get_function_arguments pg_get_function_identity_arguments
pg_get_function_result pg_get_function_sqlbody pg_get_functiondef pg_get_indexdef
pg_get_partition_constraintdef pg_get_partkeydef pg_get_replica_identity_index pg_get_ruledef
pg_get_serial_sequence pg_get_statisticsobjdef pg_get_statisticsobjdef_columns
pg_get_statisticsobjdef_expressions pg_get_triggerdef pg_get_userbyid pg_get_viewdef pg_has_role
pg_index_column_has_property pg_index_has_property pg_indexam_has_property pg_indexes_size
pg_is_other_temp_schema pg_my_temp_schema pg_opclass_is_visible pg_operator_is_visible
pg_opfamily_is_visible pg_partition_root pg_postmaster_start_time pg_relation_filenode pg_relation_filepath
pg_relation_is_publishable pg_relation_is_updatable pg_relation_size pg_reload_conf pg_sequence_last_value
pg_stat_clear_snapshot pg_stat_get_backend_activity pg_stat_get_backend_pid pg_stat_get_dead_tuples
pg_stat_get_live_tuples pg_stat_get_numscans pg_stat_reset pg_statistics_obj_is_visible
pg_table_is_visible pg_table_size pg_tablespace_location pg_tablespace_size pg_terminate_backend
pg_total_relation_size pg_try_advisory_lock pg_try_advisory_lock_shared pg_try_advisory_xact_lock
pg_try_advisory_xact_lock_shared pg_ts_config_is_visible pg_ts_dict_is_visible pg_ts_parser_is_visible
pg_ts_template_is_visible pg_type_is_visible row_security_active shobj_description
to_regclass to_regcollation to_regnamespace to_regoper to_regoperator to_regproc to_regprocedure
to_regrole to_regtype txid_current txid_current_if_assigned`

func describeKernels() []entry {
	var list []entry
	for name := range strings.FieldsSeq(describing) {
		list = append(list, entry{name, rows(describe(name))})
	}
	return list
}

func describe(name string) func(c *Call, args []types.Datum) (types.Datum, error) {
	return func(c *Call, args []types.Datum) (types.Datum, error) {
		if c.Env == nil || c.Env.Catalog == nil {
			return types.Datum{}, pgerr.Unsupported("function %s without a catalog", name)
		}
		known, oids := args, c.Args
		for _, d := range args {
			if d.Null {
				known, oids = withoutNulls(args, c.Args)
				break
			}
		}
		return c.Env.Catalog.Describe(name, known, oids)
	}
}

func withoutNulls(args []types.Datum, argTypes []types.T) ([]types.Datum, []types.T) {
	var known []types.Datum
	var kinds []types.T
	for i, d := range args {
		if !d.Null {
			known, kinds = append(known, d), append(kinds, argTypes[i])
		}
	}
	return known, kinds
}

func text(f func(*Env) string) Kernel {
	return rows(func(c *Call, _ []types.Datum) (types.Datum, error) { return types.StringDatum(f(c.Env)), nil })
}

var systemKernels = []entry{
	{"version", text(func(*Env) string { return serverVersion })},
	{"current_database", text(func(e *Env) string { return e.Database })},
	{"current_user", text(func(e *Env) string { return e.User })},
	{"getpgusername", text(func(e *Env) string { return e.User })},
	{"session_user", text(func(e *Env) string { return e.SessionUser })},
	{"system_user", rows(func(*Call, []types.Datum) (types.Datum, error) { return types.NullDatum, nil })},
	{"getdatabaseencoding", text(func(*Env) string { return "UTF8" })},
	{"pg_client_encoding", text(func(*Env) string { return "UTF8" })},
	{"current_schema", rows(func(c *Call, _ []types.Datum) (types.Datum, error) {
		for _, s := range c.Env.SearchPath {
			if s != "pg_catalog" {
				return types.StringDatum(s), nil
			}
		}
		return types.NullDatum, nil
	})},
	{"current_schemas", with1(currentSchemas)},
	{"pg_backend_pid", rows(func(c *Call, _ []types.Datum) (types.Datum, error) {
		return types.IntDatum(int64(c.Env.PID)), nil
	})},
	{"pg_typeof", rows(func(c *Call, _ []types.Datum) (types.Datum, error) {
		return types.IntDatum(int64(c.Args[0].OID)), nil
	})},
	{"inet_client_addr", rows(func(c *Call, _ []types.Datum) (types.Datum, error) {
		return types.Datum{Null: c.Env.ClientAddr == "", S: c.Env.ClientAddr}, nil
	})},
	{"inet_server_addr", null},
	{"inet_client_port", null},
	{"inet_server_port", null},
	{"pg_is_in_recovery", rows(func(*Call, []types.Datum) (types.Datum, error) { return types.BoolDatum(false), nil })},
	{"pg_jit_available", rows(func(*Call, []types.Datum) (types.Datum, error) { return types.BoolDatum(false), nil })},
	{"pg_trigger_depth", rows(func(*Call, []types.Datum) (types.Datum, error) { return types.IntDatum(0), nil })},
	{"pg_collation_for", rows(func(c *Call, _ []types.Datum) (types.Datum, error) {
		if typ := types.Lookup(c.Args[0].OID); typ == nil || typ.Collation == 0 {
			return types.Datum{}, pgerr.New(pgerrcode.DatatypeMismatch, "collations are not supported by type %s", types.FormatType(c.Args[0]))
		}
		return types.StringDatum(`"default"`), nil
	})},
	{"current_setting(text)", with1(func(c *Call, name string) (string, error) {
		v, ok := setting(c, name)
		if !ok {
			return "", errSetting(name)
		}
		return v, nil
	})},
	{"current_setting(text,bool)", rows(func(c *Call, a []types.Datum) (types.Datum, error) {
		v, ok := setting(c, a[0].S)
		if !ok && !a[1].Bool() {
			return types.Datum{}, errSetting(a[0].S)
		}
		return types.Datum{Null: !ok, S: v}, nil
	})},
	{"set_config", rows(setConfig)},
	{"nextval", with1(func(c *Call, seq int64) (int64, error) {
		s, err := sequences(c)
		if err != nil {
			return 0, err
		}
		return s.NextVal(types.OID(seq))
	})},
	{"currval", with1(func(c *Call, seq int64) (int64, error) {
		s, err := sequences(c)
		if err != nil {
			return 0, err
		}
		return s.CurrVal(types.OID(seq))
	})},
	{"lastval", rows(func(c *Call, _ []types.Datum) (types.Datum, error) {
		s, err := sequences(c)
		if err != nil {
			return types.Datum{}, err
		}
		v, err := s.LastVal()
		return types.IntDatum(v), err
	})},
	{"setval(regclass,int8)", with2(func(c *Call, seq, v int64) (int64, error) { return setVal(c, seq, v, true) })},
	{"setval(regclass,int8,bool)", rows(func(c *Call, a []types.Datum) (types.Datum, error) {
		v, err := setVal(c, a[0].I, a[1].I, a[2].Bool())
		return types.IntDatum(v), err
	})},
	{"pg_sleep", with1(func(c *Call, seconds float64) (string, error) { return "", sleep(c, seconds) })},
	{"pg_sleep_for", with1(func(c *Call, s string) (string, error) {
		iv := unpackInterval(s)
		days := float64(iv.Days) + daysMonth*float64(iv.Months)
		return "", sleep(c, days*secondsDay+float64(iv.Micros)/microsFloat)
	})},
	{"pg_sleep_until", with1(func(c *Call, t int64) (string, error) {
		return "", sleep(c, float64(t-wallMicros())/microsFloat)
	})},
	{"pg_size_pretty(int8)", map1(prettySize)},
	{"pg_size_bytes", try1(parseSize)},
	{"pg_column_size", rows(columnSize)},
	{"pg_notify", rows(func(c *Call, a []types.Datum) (types.Datum, error) {
		told := []types.Datum{types.StringDatum(a[0].S), types.StringDatum(a[1].S)} // null is as good as empty
		return describe("pg_notify")(c, told)
	})},
}

var null = rows(func(*Call, []types.Datum) (types.Datum, error) { return types.NullDatum, nil })

// Encodings by PostgreSQL's numbers; the others are not spoken.
func currentSchemas(c *Call, implicit bool) (string, error) {
	var list []types.Datum
	for _, s := range c.Env.SearchPath {
		if implicit || s != "pg_catalog" {
			list = append(list, types.StringDatum(s))
		}
	}
	return makeArray(nameType, list).S, nil
}

func setting(c *Call, name string) (string, bool) {
	if c.Env == nil || c.Env.Settings == nil {
		return "", false
	}
	return c.Env.Settings.Get(name)
}

func errSetting(name string) error {
	return pgerr.New(pgerrcode.UndefinedObject, "unrecognized configuration parameter %q", name)
}

func setConfig(c *Call, a []types.Datum) (types.Datum, error) {
	if a[0].Null {
		return types.Datum{}, pgerr.New(pgerrcode.NullValueNotAllowedDataException, "SET requires parameter name")
	}
	if c.Env.Settings == nil {
		return types.Datum{}, pgerr.Unsupported("set_config without a session")
	}
	local := !a[2].Null && a[2].Bool()
	var err error
	if a[1].Null {
		err = c.Env.Settings.Reset(a[0].S, local)
	} else {
		err = c.Env.Settings.Set(a[0].S, a[1].S, local)
	}
	if err != nil {
		return types.Datum{}, err
	}
	v, _ := c.Env.Settings.Get(a[0].S)
	return types.StringDatum(v), nil
}

func sequences(c *Call) (Sequences, error) {
	if c.Env == nil || c.Env.Sequences == nil {
		return nil, pgerr.Unsupported("sequences without a session")
	}
	return c.Env.Sequences, nil
}

func setVal(c *Call, seq, v int64, called bool) (int64, error) {
	s, err := sequences(c)
	if err != nil {
		return 0, err
	}
	return v, s.SetVal(types.OID(seq), v, called)
}

// sleep waits until the time is over or the statement is cancelled.
func sleep(c *Call, seconds float64) error {
	if !(seconds > 0) {
		return nil
	}
	ctx := c.Env.Ctx
	if ctx == nil {
		ctx = context.Background()
	}
	timer := time.NewTimer(time.Duration(min(seconds, 1e9) * float64(time.Second)))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return pgerr.New(pgerrcode.QueryCanceled, "canceling statement due to user request").Wrap(ctx.Err())
	}
}

// sizeUnits are the units of pg_size_pretty, each 1024 of the one before.
var sizeUnits = []string{"bytes", "kB", "MB", "GB", "TB", "PB"}

// prettySize shows a size with the largest unit that leaves five digits.
func prettySize(n int64) string {
	unit := 0
	half := false // whether the last shift kept one more bit, for rounding
	for unit < len(sizeUnits)-1 {
		limit := int64(10 * 1024)
		if half {
			limit = 20*1024 - 1
		}
		if magnitude(n) < uint64(limit) {
			break
		}
		unit++
		// Each unit after the first keeps one bit more, so that the end can round.
		bits := 10
		if !half {
			bits = 9
		}
		half = true
		n /= 1 << bits
	}
	if half {
		if n >= 0 {
			n = (n + 1) / 2
		} else {
			n = (n - 1) / 2
		}
	}
	return strconv.FormatInt(n, 10) + " " + sizeUnits[unit]
}

func parseSize(s string) (int64, error) {
	trimmed := strings.TrimSpace(s)
	i := 0
	for i < len(trimmed) && strings.IndexByte("+-.0123456789eE", trimmed[i]) >= 0 {
		i++
	}
	v, err := strconv.ParseFloat(trimmed[:i], 64)
	if err != nil {
		return 0, errParameter("invalid size: %q", s)
	}
	name := strings.TrimSpace(trimmed[i:])
	if name == "" || strings.EqualFold(name, "b") {
		name = "bytes"
	}
	for _, unit := range sizeUnits {
		if strings.EqualFold(unit, name) {
			if math.Abs(v) >= math.MaxInt64 {
				return 0, errOutOfRange("bigint")
			}
			return int64(v), nil
		}
		v *= 1024
	}
	return 0, errParameter("invalid size: %q", s).Detail("Invalid size unit: %q.", name).
		Hint(`Valid units are "bytes", "B", "kB", "MB", "GB", "TB", and "PB".`)
}

func columnSize(c *Call, a []types.Datum) (types.Datum, error) {
	typ := types.Lookup(c.Args[0].OID)
	if typ != nil && typ.Len > 0 {
		return types.IntDatum(int64(typ.Len)), nil
	}
	return types.IntDatum(int64(len(a[0].S)) + 4), nil
}
