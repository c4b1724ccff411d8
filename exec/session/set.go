package session

import (
	"sort"
	"strconv"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/exec/settings"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/wire/backend"
)

// settingNames maps the special words of SET to settings.
var settingNames = map[string]string{
	"timezone": "TimeZone", "names": "client_encoding", "transaction_isolation": "transaction_isolation",
}

// runSet is SET and RESET.
func (s *Session) runSet(n *sql.Set) error {
	name := settingName(n.Name)
	if n.Local && !s.tx.block && n.Kind == sql.SetValue {
		s.warning(pgerrcode.NoActiveSQLTransaction, "SET LOCAL can only be used in transaction blocks")
	}
	if special := s.setSpecial(n); special != nil {
		return special(n)
	}
	switch n.Kind {
	case sql.ResetAll:
		s.set.ResetAll()
		return nil
	case sql.Reset:
		return s.set.Reset(name)
	case sql.SetDefault:
		return s.resetLocal(name, n.Local)
	case sql.SetFromCurrent:
		return pgerr.Unsupported("SET ... FROM CURRENT")
	}
	value, err := setValue(name, n.Args)
	if err != nil {
		return err
	}
	return s.set.Set(name, value, n.Local)
}

// setSpecial is what runs SET of a setting that is more than its value; nil: it is not.
func (s *Session) setSpecial(n *sql.Set) func(*sql.Set) error {
	switch strings.ToLower(n.Name) {
	case "role":
		return s.setRole
	case "session_authorization":
		return s.setAuthorization
	case "seed":
		return s.setSeed
	case "transaction_isolation", "transaction_read_only", "transaction_deferrable":
		return s.setTransactionMode
	}
	return nil
}

func (s *Session) resetLocal(name string, local bool) error {
	if !local {
		return s.set.Reset(name)
	}
	return s.set.Set(name, s.set.ResetValue(name), true)
}

// setValue joins the arguments of SET. Lists of names are kept with quotes where they need them.
func setValue(name string, args []sql.SetArg) (string, error) {
	d := settings.Lookup(name)
	if len(args) > 1 && (d == nil || !d.List) && !strings.EqualFold(name, "DateStyle") {
		return "", pgerr.New(pgerrcode.InvalidParameterValue, "SET %s takes only one argument", name)
	}
	parts := make([]string, len(args))
	for i, a := range args {
		parts[i] = a.Text
		if d != nil && d.List && !plainName(a.Text) {
			parts[i] = `"` + strings.ReplaceAll(a.Text, `"`, `""`) + `"`
		}
	}
	return strings.Join(parts, ", "), nil
}

func plainName(v string) bool {
	for i := 0; i < len(v); i++ {
		c := v[i]
		if c != '_' && (c < 'a' || c > 'z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return v != ""
}

func (s *Session) setSeed(n *sql.Set) error {
	if n.Kind != sql.SetValue {
		return nil
	}
	v, err := settings.Lookup("seed").Parse(n.Args[0].Text)
	if err != nil {
		return err
	}
	seed, err := strconv.ParseFloat(v, 64)
	if err == nil {
		s.environment(nil).Seed(seed) //nolint:staticcheck // the context is for kernels, none runs
	}
	return err
}

// setTransactionMode sets a mode of the open transaction through its setting.
func (s *Session) setTransactionMode(n *sql.Set) error {
	name := strings.ToLower(n.Name)
	if n.Kind != sql.SetValue || len(n.Args) != 1 {
		return pgerr.New(pgerrcode.FeatureNotSupported, "parameter %q cannot be reset", name)
	}
	o := sql.TxOptions{}
	v, err := settings.Lookup(name).Parse(n.Args[0].Text)
	if err != nil {
		return err
	}
	on := v == "on"
	switch name {
	case "transaction_isolation":
		o.Isolation = v
	case "transaction_read_only":
		o.ReadOnly = &on
	default:
		o.Deferrable = &on
	}
	return s.applyOptions(o)
}

// checkSetting checks ALTER ROLE/DATABASE ... SET and returns what to store.
func (s *Session) checkSetting(n *sql.Set) (name, value string, reset bool, err error) {
	d := settings.Lookup(n.Name)
	name = n.Name
	if d != nil {
		name = d.Name
	}
	if n.Kind != sql.SetValue {
		return name, "", true, nil
	}
	if value, err = setValue(name, n.Args); err != nil {
		return "", "", false, err
	}
	probe := settings.NewSession()
	probe.Superuser = s.role.Super
	return name, value, false, probe.Set(name, value, false)
}

// runShow is SHOW.
func (s *Session) runShow(n *sql.Show) (string, *batch.Batch, error) {
	if n.Name == "all" {
		return "SHOW", s.showAll(), nil
	}
	v, err := s.set.Show(settingName(n.Name))
	return "SHOW", textRows([]string{v}), err
}

func settingName(name string) string {
	if to, ok := settingNames[strings.ToLower(name)]; ok {
		return to
	}
	return name
}

func (s *Session) showFields(n *sql.Show) ([]backend.Field, error) {
	if n.Name == "all" {
		return []backend.Field{textField("name"), textField("setting"), textField("description")}, nil
	}
	name := settingName(n.Name)
	if _, err := s.set.Show(name); err != nil {
		return nil, err
	}
	if d := settings.Lookup(name); d != nil {
		name = d.Name
	}
	return []backend.Field{textField(name)}, nil
}

func (s *Session) showAll() *batch.Batch {
	b := &batch.Batch{}
	for range 3 {
		b.Cols = append(b.Cols, batch.New(types.Of(types.TextOID), types.String, 400))
	}
	add := func(name, value, desc string) {
		for i, v := range []string{name, value, desc} {
			b.Cols[i].Append(types.StringDatum(v))
		}
		b.N++
	}
	for _, d := range settings.All() {
		if !d.Hidden {
			v, _ := s.set.Show(d.Name)
			add(d.Name, v, d.Desc)
		}
	}
	custom := s.set.Custom()
	sort.Strings(custom)
	for _, name := range custom {
		v, _ := s.set.Get(name)
		add(name, v, "")
	}
	return b
}

// discard is DISCARD.
func (s *Session) discard(n *sql.Discard) error {
	switch n.What {
	case "ALL":
		if !s.tx.alone() {
			return pgerr.New(pgerrcode.ActiveSQLTransaction, "DISCARD ALL cannot run inside a transaction block")
		}
		s.closeCursors(true)
		s.set.Put("session_authorization", s.login.Name, false)
		s.set.Put("role", s.set.ResetValue("role"), false)
		s.set.ResetAll()
		s.identify(s.catalogView().cat)
		clear(s.statements)
		if err := s.announce(message{kind: 'u'}); err != nil {
			return err
		}
		s.srv.Store.UnlockNames(&s.owner)
		s.cache.init()
		s.forgetSequences()
		return s.discardTemp()
	case "PLANS":
		s.cache.init()
		for _, p := range s.statements {
			p.planKey = planKey{}
		}
	case "SEQUENCES":
		s.forgetSequences()
	case "TEMP", "TEMPORARY":
		return s.discardTemp()
	}
	return nil
}

func (s *Session) forgetSequences() {
	s.lastSeq = 0
	clear(s.seqValues)
}
