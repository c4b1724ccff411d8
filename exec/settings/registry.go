package settings

import (
	_ "embed" // facts
	"math"
	"sort"
	"strconv"
	"strings"
	"sync"

	"github.com/vecdb/vecdb/internal/facts"
)

// Kind is the type of a setting's value.
type Kind uint8

// Kinds, as pg_settings.vartype.
const (
	Bool Kind = iota
	Int
	Real
	String
	Enum
)

var kindNames = [...]string{"bool", "integer", "real", "string", "enum"}

// String returns pg_settings' name of the kind.
func (k Kind) String() string { return kindNames[k] }

// Def defines one setting.
type Def struct {
	Name    string // as SHOW ALL prints it
	Kind    Kind
	Context string // internal postmaster sighup superuser superuser-backend backend user
	Unit    string // "", "ms", "kB", "8kB", ...: the unit of a bare number
	Min     float64
	Max     float64
	Enum    []string
	Boot    string // built-in default, in canonical form (numbers without units)
	Default string // what this server starts with
	Group   string
	Desc    string
	Report  bool // sent as ParameterStatus
	List    bool // a list of identifiers: search_path
	Hidden  bool // not in SHOW ALL and pg_settings
	Stays   bool // RESET ALL leaves it
	// Check refuses or rewrites a value after the kind's own check; nil accepts.
	Check func(v string) (string, error)
}

//go:embed facts/pg_settings.tsv
var pgFacts string

//go:embed facts/vector_settings.tsv
var vectorFacts string

type registry struct {
	byName map[string]*Def // by lower-case name
	sorted []*Def
}

var load = sync.OnceValue(func() *registry {
	r := &registry{byName: make(map[string]*Def, 400)}
	for _, row := range facts.Read("pg_settings", pgFacts) {
		r.add(fromFacts(row, row.Get("boot_val")))
	}
	for _, row := range facts.Read("vector_settings", vectorFacts) {
		r.add(fromFacts(row, row.Get("setting")))
	}
	for i := range own {
		r.add(&own[i])
	}
	for name, change := range changes {
		change(r.byName[strings.ToLower(name)])
	}
	for _, d := range r.sorted {
		if d.List {
			d.Check = checkList(d)
		}
	}
	for name, values := range fixed {
		refuseOthers(r.byName[strings.ToLower(name)], values)
	}
	for _, name := range reported {
		r.byName[strings.ToLower(name)].Report = true
	}
	sort.Slice(r.sorted, func(i, j int) bool {
		return strings.ToLower(r.sorted[i].Name) < strings.ToLower(r.sorted[j].Name)
	})
	return r
})

func (r *registry) add(d *Def) {
	r.byName[strings.ToLower(d.Name)] = d
	r.sorted = append(r.sorted, d)
}

// Lookup finds a setting by name, without regard to case. Nil when there is none.
func Lookup(name string) *Def { return load().byName[strings.ToLower(name)] }

// All lists the settings by name. The slice is shared: do not change it.
func All() []*Def { return load().sorted }

func fromFacts(row facts.Row, boot string) *Def {
	d := &Def{
		Name: row.Get("name"), Context: row.Get("context"), Unit: row.Get("unit"),
		Boot: boot, Default: row.Get("setting"),
		Min: math.Inf(-1), Max: math.Inf(1), Group: "PostgreSQL",
	}
	for k, name := range kindNames {
		if name == row.Get("vartype") {
			d.Kind = Kind(k)
		}
	}
	if v, err := strconv.ParseFloat(row.Get("min_val"), 64); err == nil {
		d.Min = v
	}
	if v, err := strconv.ParseFloat(row.Get("max_val"), 64); err == nil {
		d.Max = v
	}
	if e := strings.Trim(row.Get("enumvals"), "{}"); e != "" {
		for _, v := range strings.Split(e, ",") {
			d.Enum = append(d.Enum, strings.Trim(v, `"`))
		}
	}
	return d
}
