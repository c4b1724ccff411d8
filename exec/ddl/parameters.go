package ddl

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
)

// parameter is what WITH (...) may say about a table, a column, a view or an index.
type parameter struct {
	name     string // under which it is stored; "": its own
	kind     parameterKind
	min, max float64  // of integers and reals
	only     []int    // of integers: when set, the allowed values
	words    []string // of choices
}

type parameterKind uint8

const (
	integerParameter parameterKind = iota
	realParameter
	boolParameter
	choiceParameter
)

// tableParameters are taken for PostgreSQL's sake: they tune what this store does by itself.
var tableParameters = map[string]parameter{
	"fillfactor":                            {min: 10, max: 100},
	"toast_tuple_target":                    {min: 128, max: 8160},
	"parallel_workers":                      {max: 1024},
	"user_catalog_table":                    {kind: boolParameter},
	"vacuum_truncate":                       {kind: boolParameter},
	"vacuum_index_cleanup":                  {kind: choiceParameter, words: []string{"on", "off", "auto"}},
	"log_autovacuum_min_duration":           {min: -1, max: math.MaxInt32},
	"autovacuum_enabled":                    {kind: boolParameter},
	"autovacuum_vacuum_threshold":           {max: math.MaxInt32},
	"autovacuum_vacuum_scale_factor":        {kind: realParameter, max: 100},
	"autovacuum_vacuum_insert_threshold":    {min: -1, max: math.MaxInt32},
	"autovacuum_vacuum_insert_scale_factor": {kind: realParameter, max: 100},
	"autovacuum_vacuum_cost_delay":          {kind: realParameter, max: 100},
	"autovacuum_vacuum_cost_limit":          {min: 1, max: 10000},
	"autovacuum_analyze_threshold":          {max: math.MaxInt32},
	"autovacuum_analyze_scale_factor":       {kind: realParameter, max: 100},
	"autovacuum_freeze_min_age":             {max: 1e9},
	"autovacuum_freeze_max_age":             {min: 1e5, max: 2e9},
	"autovacuum_freeze_table_age":           {max: 2e9},
}

var columnParameters = map[string]parameter{
	"n_distinct":           {kind: realParameter, min: -1, max: math.MaxFloat64},
	"n_distinct_inherited": {kind: realParameter, min: -1, max: math.MaxFloat64},
}

// readParameters checks options and returns them as they are stored; nil: there are none. Those of a TOAST table are checked
// no further: there is none.
func readParameters(known map[string]parameter, opts []sql.Option) (map[string]string, error) {
	var out map[string]string
	for _, o := range opts {
		if o.Namespace == "toast" {
			continue
		}
		if o.Namespace != "" {
			return nil, pgerr.New(pgerrcode.InvalidParameterValue, "unrecognized parameter namespace %q", o.Namespace)
		}
		p, ok := known[o.Name]
		if !ok {
			return nil, pgerr.New(pgerrcode.InvalidParameterValue, "unrecognized parameter %q", o.Name)
		}
		name := o.Name
		if p.name != "" {
			name = p.name
		}
		if _, twice := out[name]; twice {
			return nil, pgerr.New(pgerrcode.InvalidParameterValue, "parameter %q specified more than once", name)
		}
		if !o.Set {
			o.Value = "true"
		}
		if err := p.check(o); err != nil {
			return nil, err
		}
		if out == nil {
			out = map[string]string{}
		}
		out[name] = o.Value
	}
	return out, nil
}

// setParameters are the stored parameters of an object after SET or, with reset, RESET.
func setParameters(known map[string]parameter, old map[string]string, opts []sql.Option, reset bool) (map[string]string, error) {
	now := maps.Clone(old)
	if reset {
		for _, o := range opts {
			delete(now, o.Name)
		}
		return now, nil
	}
	set, err := readParameters(known, opts)
	if err != nil || now == nil {
		return set, err
	}
	maps.Copy(now, set)
	return now, nil
}

func (p parameter) check(o sql.Option) error {
	invalid := func(kind string) *pgerr.Error {
		return pgerr.New(pgerrcode.InvalidParameterValue, "invalid value for %s option %q: %s", kind, o.Name, o.Value)
	}
	switch p.kind {
	case boolParameter:
		if _, ok := boolWord(o.Value); !ok {
			return invalid("boolean")
		}
		return nil
	case choiceParameter:
		if !slices.Contains(p.words, strings.ToLower(o.Value)) {
			return invalid("enum").Detail(`Valid values are "%s", and "%s".`,
				strings.Join(p.words[:len(p.words)-1], `", "`), p.words[len(p.words)-1])
		}
		return nil
	case realParameter:
		v, err := strconv.ParseFloat(strings.TrimSpace(o.Value), 64)
		if err != nil {
			return invalid("floating point")
		}
		return p.within(o, v, fmt.Sprintf("%f", p.min), fmt.Sprintf("%f", p.max))
	}
	n, err := strconv.Atoi(strings.TrimSpace(o.Value))
	if err != nil {
		return invalid("integer")
	}
	if p.only != nil && !slices.Contains(p.only, n) {
		return pgerr.New(pgerrcode.InvalidParameterValue, "value %d is not allowed for option %q", n, o.Name).
			Detail("Allowed are 4 and 8.")
	}
	if p.only != nil {
		return nil
	}
	return p.within(o, float64(n), strconv.Itoa(int(p.min)), strconv.Itoa(int(p.max)))
}

// within checks a number against its bounds, which are shown as low and high.
func (p parameter) within(o sql.Option, v float64, low, high string) error {
	if v >= p.min && v <= p.max {
		return nil
	}
	return pgerr.New(pgerrcode.InvalidParameterValue, "value %s out of bounds for option %q", o.Value, o.Name).
		Detail(`Valid values are between "%s" and "%s".`, low, high)
}

// boolWord reads a truth value as WITH (...) has it: a prefix of true, false, yes or no, or on, of, off, 1, 0.
func boolWord(s string) (value, ok bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "" {
		return false, false
	}
	for word, v := range map[string]bool{"true": true, "yes": true, "false": false, "no": false} {
		if strings.HasPrefix(word, s) {
			return v, true
		}
	}
	switch s {
	case "on", "1":
		return true, true
	case "of", "off", "0":
		return false, true
	}
	return false, false
}
