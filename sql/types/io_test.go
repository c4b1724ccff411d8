package types_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// postgresEnv names a connection string of a PostgreSQL 16 with pgvector. When it is set, the expected
// part of every case in testdata/io comes from that server: with -rewrite the files are made
// from it, without it they are checked. In both cases our own answers are then held against it.
const postgresEnv = "VECDB_TEST_POSTGRES"

// TestIO runs testdata/io. A case names a type, perhaps with a modifier, and settings; each line of its
// input is a literal. The commands are:
//
//	io     the text form of each value, or its error
//	send   the binary form in hexadecimal; it must read back as the same value
//	order  the literals sorted, equal ones on one line; by Compare and by AppendKey
//
// A literal is written with \n, \t, \s (blank) and \\ escapes, <empty> is the empty one.
func TestIO(t *testing.T) {
	oracle := connect(t)
	datadriven.Walk(t, "testdata/io", func(t *testing.T, path string) {
		var differences []string // datadriven stops at the first failed case
		defer func() {
			if len(differences) > 0 {
				t.Error("\n" + strings.Join(differences, ""))
			}
		}()
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			c := newCase(t, d)
			got := c.run(d.Cmd)
			if oracle == nil {
				return got
			}
			want := oracle.run(t, c, d.Cmd)
			if got != want {
				differences = append(differences,
					fmt.Sprintf("%s: %s %s differs from PostgreSQL:\n%s", d.Pos, d.Cmd, c.name, difference(got, want, c.literals)))
			}
			return want
		})
	})
}

// ioCase is one case: a type and its literals.
type ioCase struct {
	name     string // as in SQL: "numeric(5,2)"
	typ      *types.Type
	mod      int32
	env      types.Session
	settings map[string]string
	literals []string
}

func newCase(t *testing.T, d *datadriven.TestData) *ioCase {
	t.Helper()
	c := &ioCase{mod: -1, settings: map[string]string{}}
	for i, arg := range d.CmdArgs {
		if i == 0 {
			c.name = arg.Key
			if len(arg.Vals) > 0 { // datadriven reads name=(a,b) as a list
				c.name += "(" + strings.Join(arg.Vals, ",") + ")"
			}
			continue
		}
		c.settings[arg.Key] = strings.Join(arg.Vals, ", ")
	}
	c.resolve(t)
	unescape := strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\t`, "\t", `\s`, " ", "<empty>", "")
	for _, line := range strings.Split(d.Input, "\n") {
		c.literals = append(c.literals, unescape.Replace(line))
	}
	return c
}

// resolve finds the case's type and applies its settings to the session.
func (c *ioCase) resolve(t *testing.T) {
	t.Helper()
	base, args, sized := strings.Cut(strings.TrimSuffix(c.name, ")"), "(")
	if c.typ = types.ByName(base); c.typ == nil {
		t.Fatalf("no type %q", base)
	}
	if sized {
		c.mod = modifier(t, c.typ, args)
	}
	c.set(t)
}

// literal returns an f-test of a type's text input and output under settings, written "name=value": want is the text
// of the value, or its error. With a server what is wanted is held against it, too.
func literal(t *testing.T, name string, settings ...string) func(in, want string) {
	t.Helper()
	c := &ioCase{name: name, mod: -1, settings: map[string]string{}}
	for _, s := range settings {
		key, value, _ := strings.Cut(s, "=")
		c.settings[key] = value
	}
	c.resolve(t)
	oracle := connect(t)
	return func(in, want string) {
		t.Helper()
		c.literals = []string{in}
		if oracle != nil {
			if pg := strings.TrimSuffix(oracle.run(t, c, "io"), "\n"); pg != want {
				t.Errorf("%s %q: PostgreSQL %q", name, in, pg)
			}
		}
		if got := strings.TrimSuffix(c.run("io"), "\n"); got != want {
			t.Errorf("%s %q: %q, want %q", name, in, got, want)
		}
	}
}

func modifier(t *testing.T, typ *types.Type, args string) int32 {
	t.Helper()
	var list []int32
	for _, a := range strings.Split(args, ",") {
		var n int32
		if _, err := fmt.Sscan(a, &n); err != nil {
			t.Fatal(err)
		}
		list = append(list, n)
	}
	if typ.OID == types.IntervalOID {
		list = append([]int32{0x7fff}, list...)
	}
	if elem := types.Lookup(typ.Elem); elem != nil && typ.ModIn == nil {
		typ = elem
	}
	mod, err := typ.ModIn(list)
	if err != nil {
		t.Fatal(err)
	}
	return mod
}

// set applies the case's settings to the session.
func (c *ioCase) set(t *testing.T) {
	t.Helper()
	for name, value := range c.settings {
		switch name {
		case "datestyle":
			c.env.DateStyle, c.env.DateOrder, _ = strings.Cut(value, ", ")
		case "intervalstyle":
			c.env.IntervalStyle = value
		case "timezone":
			zone, err := types.ParseZone(value)
			if err != nil {
				t.Fatalf("%v: %v", c.settings, err)
			}
			c.env.TimeZone = zone
		case "extra_float_digits":
			_, _ = fmt.Sscan(value, &c.env.ExtraFloatDigits)
			c.env.ExtraFloatDigits--
		case "bytea_output":
			c.env.ByteaEscape = value == "escape"
		default:
			t.Fatalf("unknown setting %q", name)
		}
	}
}

func (c *ioCase) run(cmd string) string {
	var out strings.Builder
	switch cmd {
	case "io":
		for _, s := range c.literals {
			d, err := c.typ.Parse(s, c.mod, &c.env)
			if err != nil {
				out.WriteString(errorText(err) + "\n")
				continue
			}
			out.WriteString(escape(string(c.typ.Format(nil, d, &c.env))) + "\n")
		}
	case "send":
		for _, s := range c.literals {
			out.WriteString(c.send(s) + "\n")
		}
	case "order":
		out.WriteString(c.order())
	default:
		return "unknown command"
	}
	return out.String()
}

func escape(s string) string {
	if s == "" {
		return "<empty>"
	}
	s = strings.NewReplacer("\\", `\\`, "\n", `\n`, "\t", `\t`).Replace(s)
	if len(s) > shownBytesMax {
		s = fmt.Sprintf("%.*s... %d bytes, crc32 %08x", shownBytesMax/2, s, len(s), crc32.ChecksumIEEE([]byte(s)))
	}
	return s
}

// shownBytesMax is the length of an answer that stands in a file as it is.
const shownBytesMax = 300

func errorText(err error) string {
	var e *pgerr.Error
	if !errors.As(err, &e) {
		return "ERROR without a code: " + err.Error()
	}
	return describe(e.SQLState, e.Message, e.DetailMsg, e.HintMsg)
}

func describe(code, message, detail, hint string) string {
	s := "ERROR " + code + ": " + message
	if detail != "" {
		s += " DETAIL: " + detail
	}
	if hint != "" {
		s += " HINT: " + hint
	}
	return escape(s)
}

func (c *ioCase) send(s string) string {
	d, err := c.typ.Parse(s, c.mod, &c.env)
	if err != nil {
		return errorText(err)
	}
	b := c.typ.Send(nil, d, &c.env)
	back, err := c.typ.Recv(b, c.mod, &c.env)
	if err != nil {
		return "Recv: " + errorText(err)
	}
	if want, got := c.typ.Format(nil, d, &c.env), c.typ.Format(nil, back, &c.env); !bytes.Equal(want, got) {
		return fmt.Sprintf("Recv: %s, want %s", got, want)
	}
	return hex.EncodeToString(b)
}

// order sorts the literals by value and puts equal ones on a line. It reports when keys order otherwise.
func (c *ioCase) order() string {
	type value struct {
		text string
		d    types.Datum
		key  []byte
	}
	var values []value
	for _, s := range c.literals {
		d, err := c.typ.Parse(s, c.mod, &c.env)
		if err != nil {
			return errorText(err) + "\n"
		}
		if c.typ.AppendKey == nil {
			return "no order\n"
		}
		values = append(values, value{s, d, c.typ.AppendKey(nil, d)})
	}
	slices.SortStableFunc(values, func(a, b value) int { return c.typ.Compare(a.d, b.d) })
	var out strings.Builder
	for i, v := range values {
		if i > 0 {
			byValue, byKey := c.typ.Compare(values[i-1].d, v.d), bytes.Compare(values[i-1].key, v.key)
			if min(max(byValue, -1), 1) != byKey {
				fmt.Fprintf(&out, "KEYS of %s (%x) and %s (%x) order %d, values %d\n", values[i-1].text, values[i-1].key, v.text,
					v.key, byKey, byValue)
			}
			if byValue == 0 {
				out.WriteString(" = ")
			} else {
				out.WriteByte('\n')
			}
		}
		out.WriteString(escape(v.text))
	}
	return out.String() + "\n"
}

// difference shows the lines that differ with the literals they come from.
func difference(got, want string, literals []string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	var out strings.Builder
	for i := range max(len(g), len(w)) {
		a, b, in := "", "", ""
		if i < len(g) {
			a = g[i]
		}
		if i < len(w) {
			b = w[i]
		}
		if i < len(literals) {
			in = literals[i]
		}
		if a != b {
			fmt.Fprintf(&out, "  %q\n    ours       %s\n    PostgreSQL %s\n", in, a, b)
		}
	}
	return out.String()
}

// postgres is the server that cases are held against.
type postgres struct{ conn *pgconn.PgConn }

func connect(t *testing.T) *postgres {
	dsn := os.Getenv(postgresEnv)
	if dsn == "" {
		return nil
	}
	conn, err := pgconn.Connect(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	p := &postgres{conn: conn}
	if _, err := p.query("create extension if not exists vector"); err != nil {
		t.Fatal(err)
	}
	return p
}

// query returns the rows of the last statement, columns joined by tabs.
func (p *postgres) query(sql string) ([]string, error) {
	results, err := p.conn.Exec(context.Background(), sql).ReadAll()
	if err != nil {
		return nil, err
	}
	var rows []string
	for _, row := range results[len(results)-1].Rows {
		rows = append(rows, string(bytes.Join(row, []byte("\t"))))
	}
	return rows, nil
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// prepare makes the table that takes a case's literals.
func (p *postgres) prepare(t *testing.T, c *ioCase) {
	t.Helper()
	setup := "reset all; drop table if exists io_values; set timezone = 'UTC';"
	for name, value := range c.settings {
		setup += fmt.Sprintf("set %s = %s;", name, quote(value))
	}
	name := c.name
	if strings.HasPrefix(c.name, "_") {
		name = types.FormatType(types.T{OID: c.typ.OID, Mod: c.mod})
	}
	if c.typ.OID == types.CharOID {
		name = `"char"`
	}
	setup += fmt.Sprintf("create temp table io_values (n serial, v %s, t text)", name)
	if _, err := p.query(setup); err != nil {
		t.Fatalf("%s: %v", setup, err)
	}
}

func (p *postgres) run(t *testing.T, c *ioCase, cmd string) string {
	t.Helper()
	p.prepare(t, c)
	if cmd == "order" {
		return p.order(c)
	}
	result := "v"
	if cmd == "send" {
		result = fmt.Sprintf("encode(%s(v), 'hex')", types.FactsOf(c.typ.OID).Get("typsend"))
	}
	var out strings.Builder
	for _, s := range c.literals {
		rows, err := p.query(fmt.Sprintf("insert into io_values (v) values (%s) returning %s", quote(s), result))
		switch {
		case err != nil:
			out.WriteString(serverError(err) + "\n")
		case cmd == "send":
			out.WriteString(rows[0] + "\n")
		default:
			out.WriteString(escape(rows[0]) + "\n")
		}
	}
	return out.String()
}

func serverError(err error) string {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return err.Error()
	}
	return describe(e.Code, e.Message, e.Detail, e.Hint)
}

func serverContext(err error) string {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return "no error"
	}
	return e.Where
}

func (p *postgres) order(c *ioCase) string {
	for _, s := range c.literals {
		if _, err := p.query(fmt.Sprintf("insert into io_values (v, t) values (%s, %s)", quote(s), quote(s))); err != nil {
			return serverError(err) + "\n"
		}
	}
	rows, err := p.query(`select string_agg(t, e' = ' order by n)
		from (select n, t, dense_rank() over (order by v) r from io_values) s group by r order by r`)
	if err != nil {
		return serverError(err) + "\n"
	}
	for i := range rows {
		rows[i] = escape(rows[i])
	}
	return strings.Join(rows, "\n") + "\n"
}
