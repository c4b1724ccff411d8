package settings

import (
	"maps"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
)

// Session is what one connection has set. SET is transactional: BeginLevel at the start of a
// transaction, a savepoint or a function; EndLevel keeps or undoes what was set within.
type Session struct {
	defaults map[string]string // by lower-case name: role, database and startup settings: what RESET goes back to
	values   map[string]string // session level
	local    map[string]string // SET LOCAL of the open transaction
	levels   []level
	version  uint64

	// Superuser allows settings of context superuser.
	Superuser bool
	// OnReport is called when a reported setting has changed; nil drops it.
	OnReport func(name, value string)
}

type level struct {
	values, local map[string]string
	version       uint64 // of the session when the level began
}

// NewSession returns a session with the server's defaults.
func NewSession() *Session {
	return &Session{defaults: map[string]string{}, values: map[string]string{}, local: map[string]string{}}
}

// Version changes with every change of a value: part of a plan cache's key.
func (s *Session) Version() uint64 { return s.version }

// Get returns the canonical value of a setting, and whether it is known. Custom settings (with a dot)
// exist once they have been set.
func (s *Session) Get(name string) (string, bool) {
	key := strings.ToLower(name)
	if v, ok := s.local[key]; ok {
		return v, true
	}
	if v, ok := s.values[key]; ok {
		return v, true
	}
	if v, ok := s.defaults[key]; ok {
		return v, true
	}
	if d := Lookup(key); d != nil {
		return d.Default, true
	}
	return "", false
}

// Show returns the value as SHOW prints it; 42704 when there is no such setting.
func (s *Session) Show(name string) (string, error) {
	v, ok := s.Get(name)
	if !ok {
		return "", unknown(name)
	}
	if d := Lookup(name); d != nil {
		return d.Show(v), nil
	}
	return v, nil
}

func unknown(name string) error {
	return pgerr.New(pgerrcode.UndefinedObject, "unrecognized configuration parameter %q", name)
}

// Source says where the current value comes from: default, session, or user (startup, role).
func (s *Session) Source(name string) string {
	key := strings.ToLower(name)
	if _, ok := s.local[key]; ok {
		return "session"
	}
	if _, ok := s.values[key]; ok {
		return "session"
	}
	if _, ok := s.defaults[key]; ok {
		return "client"
	}
	return "default"
}

// ResetValue is what RESET would set.
func (s *Session) ResetValue(name string) string {
	if v, ok := s.defaults[strings.ToLower(name)]; ok {
		return v
	}
	if d := Lookup(name); d != nil {
		return d.Default
	}
	return ""
}

// Set changes a setting for the session, or until the end of the transaction when local.
func (s *Session) Set(name, value string, local bool) error {
	v, err := s.check(name, value, false)
	if err != nil {
		return err
	}
	key := strings.ToLower(name)
	s.put(key, v, local)
	return nil
}

// Put is Set for a value that the session itself has checked, or made.
func (s *Session) Put(name, value string, local bool) { s.put(strings.ToLower(name), value, local) }

func (s *Session) put(key, value string, local bool) {
	old, known := s.Get(key)
	if !known { // a custom one: from now on there is such a setting, whatever becomes of this value
		s.defaults[key] = ""
	}
	if local {
		s.local[key] = value
	} else {
		s.values[key] = value
		delete(s.local, key)
	}
	s.changed(key, old)
}

// SetDefault sets what RESET goes back to: startup parameters, role and database settings.
func (s *Session) SetDefault(name, value string) error {
	v, err := s.check(name, value, true)
	if err != nil {
		return err
	}
	s.defaults[strings.ToLower(name)] = v
	s.version++
	return nil
}

// Force sets a value that the session itself owns (is_superuser, session_authorization ...), without
// checks.
func (s *Session) Force(name, value string) {
	old, _ := s.Get(name)
	if old == value {
		return
	}
	s.defaults[strings.ToLower(name)] = value
	s.changed(name, old)
}

func (s *Session) check(name, value string, starting bool) (string, error) {
	d := Lookup(name)
	if d == nil {
		if strings.Contains(name, ".") {
			return value, checkCustom(name)
		}
		return "", unknown(name)
	}
	switch d.Context {
	case "internal":
		return "", pgerr.New(pgerrcode.CantChangeRuntimeParam, "parameter %q cannot be changed", d.Name)
	case "postmaster":
		return "", pgerr.New(pgerrcode.CantChangeRuntimeParam, "parameter %q cannot be changed without restarting the server", d.Name)
	case "sighup":
		return "", pgerr.New(pgerrcode.CantChangeRuntimeParam, "parameter %q cannot be changed now", d.Name)
	case "backend", "superuser-backend":
		if !starting {
			return "", pgerr.New(pgerrcode.CantChangeRuntimeParam, "parameter %q cannot be set after connection start", d.Name)
		}
	case "superuser":
		if !s.Superuser {
			return "", pgerr.New(pgerrcode.InsufficientPrivilege, "permission denied to set parameter %q", d.Name)
		}
	}
	v, err := d.Parse(value)
	if err == nil && d.Name == "DateStyle" {
		cur, _ := s.Get("DateStyle")
		v = MergeDateStyle(v, cur)
	}
	return v, err
}

// checkCustom refuses names that are none, and misspelt settings of our own prefixes, as PostgreSQL does for reserved
// ones.
func checkCustom(name string) error {
	wrong := pgerr.New(pgerrcode.InvalidName, "invalid configuration parameter name %q", name)
	parts := strings.Split(name, ".")
	for _, part := range parts {
		if !isIdentifier(part) {
			return wrong.Detail("Custom parameter names must be two or more simple identifiers separated by dots.")
		}
	}
	switch strings.ToLower(parts[0]) {
	case "hnsw", "ivfflat", "ivfpq", "vecdb":
		return wrong.Detail("%q is a reserved prefix.", parts[0])
	}
	return nil
}

// isIdentifier says whether a name needs no quotes but for its capitals.
func isIdentifier(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_', c >= 0x80:
		case i > 0 && (c >= '0' && c <= '9' || c == '$'):
		default:
			return false
		}
	}
	return s != ""
}

// Reset goes back to the session's default.
func (s *Session) Reset(name string) error {
	d := Lookup(name)
	if d == nil && !strings.Contains(name, ".") {
		return unknown(name)
	}
	if d != nil && (d.Context == "internal" || d.Context == "postmaster" || d.Context == "sighup") {
		_, err := s.check(name, d.Default, false)
		return err
	}
	key := strings.ToLower(name)
	old, _ := s.Get(name)
	delete(s.values, key)
	delete(s.local, key)
	if _, known := s.Get(key); !known { // as SET would make it
		s.defaults[key] = ""
	}
	s.changed(name, old)
	return nil
}

// ResetAll goes back to the defaults of all settings.
func (s *Session) ResetAll() {
	before := s.reportedNow()
	for _, level := range []map[string]string{s.values, s.local} {
		maps.DeleteFunc(level, func(key, _ string) bool {
			d := Lookup(key)
			return d == nil || !d.Stays
		})
	}
	s.reportChanges(before)
}

// BeginLevel opens a level of settings: a transaction or savepoint.
func (s *Session) BeginLevel() {
	s.levels = append(s.levels, level{maps.Clone(s.values), maps.Clone(s.local), s.version})
}

// EndLevel closes the innermost level; keep says whether what was set within stays.
func (s *Session) EndLevel(keep bool) {
	n := len(s.levels) - 1
	if n < 0 {
		return
	}
	within := s.levels[n]
	s.levels = s.levels[:n]
	if within.version == s.version {
		return // nothing was set, so there is nothing to keep or undo
	}
	before := s.reportedNow()
	if !keep {
		s.values, s.local = within.values, within.local
	}
	if n == 0 {
		s.local = map[string]string{}
	}
	s.reportChanges(before)
}

func (s *Session) changed(name, old string) {
	s.version++
	d := Lookup(name)
	if d == nil || !d.Report || s.OnReport == nil {
		return
	}
	if v, _ := s.Get(name); v != old {
		s.OnReport(d.Name, v)
	}
}

func (s *Session) reportedNow() []string {
	out := make([]string, len(reported))
	for i, name := range reported {
		out[i], _ = s.Get(name)
	}
	return out
}

func (s *Session) reportChanges(before []string) {
	s.version++
	for i, name := range reported {
		if v, _ := s.Get(name); v != before[i] && s.OnReport != nil {
			s.OnReport(name, v)
		}
	}
}

// Reported returns the settings that clients are told at start, with their values.
func (s *Session) Reported() [][2]string {
	out := make([][2]string, 0, len(reported))
	for _, name := range reported {
		v, _ := s.Get(name)
		out = append(out, [2]string{name, v})
	}
	return out
}

// Custom lists the custom settings that have been set.
func (s *Session) Custom() []string {
	var out []string
	for k := range s.defaults {
		if Lookup(k) == nil {
			out = append(out, k)
		}
	}
	return out
}
