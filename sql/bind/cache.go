package bind

import (
	"sync"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/types"
)

// Cache keeps results of binding that depend on nothing but their key: parsed texts of defaults,
// checks and views, and resolved operators. It is safe for many goroutines; one serves a whole
// server. A nil Cache keeps nothing.
type Cache struct {
	mu      sync.RWMutex
	exprs   map[string]sql.Expr
	queries map[string]*sql.Select
	ops     map[opKey]*fn.Operator
}

type opKey struct {
	name        string
	left, right types.OID
}

// cacheMax bounds each of the cache's maps. A full one starts anew: what is in use comes back at once.
const cacheMax = 4096

// NewCache returns an empty cache.
func NewCache() *Cache {
	return &Cache{
		exprs: make(map[string]sql.Expr), queries: make(map[string]*sql.Select), ops: make(map[opKey]*fn.Operator),
	}
}

func get[K comparable, V any](c *Cache, pick func(*Cache) map[K]V, key K) (v V, ok bool) {
	if c == nil {
		return v, false
	}
	c.mu.RLock()
	v, ok = pick(c)[key]
	c.mu.RUnlock()
	return v, ok
}

func put[K comparable, V any](c *Cache, pick func(*Cache) map[K]V, key K, v V) {
	if c == nil {
		return
	}
	c.mu.Lock()
	m := pick(c)
	if len(m) >= cacheMax {
		clear(m)
	}
	m[key] = v
	c.mu.Unlock()
}

func (c *Cache) operator(name string, left, right types.OID) (*fn.Operator, bool) {
	return get(c, func(c *Cache) map[opKey]*fn.Operator { return c.ops }, opKey{name, left, right})
}

func (c *Cache) putOperator(name string, left, right types.OID, op *fn.Operator) {
	if left >= schemaTypeMin || right >= schemaTypeMin { // row types differ between databases
		return
	}
	put(c, func(c *Cache) map[opKey]*fn.Operator { return c.ops }, opKey{name, left, right}, op)
}

// schemaTypeMin is the first OID that is not the same in every database.
const schemaTypeMin types.OID = 16640

// expr parses the text of a stored expression.
func (c *Cache) expr(text string) (sql.Expr, error) {
	pick := func(c *Cache) map[string]sql.Expr { return c.exprs }
	if e, ok := get(c, pick, text); ok {
		return e, nil
	}
	e, err := sql.ParseExpr(text)
	if err != nil {
		return nil, err
	}
	put(c, pick, text, e)
	return e, nil
}

// query parses the text of a view.
func (c *Cache) query(text string) (*sql.Select, error) {
	pick := func(c *Cache) map[string]*sql.Select { return c.queries }
	if q, ok := get(c, pick, text); ok {
		return q, nil
	}
	stmts, err := sql.Parse(text)
	if err != nil {
		return nil, err
	}
	q, ok := (*sql.Select)(nil), false
	if len(stmts) == 1 {
		q, ok = stmts[0].Node.(*sql.Select)
	}
	if !ok {
		return nil, errAt(-1, "XX000", "stored view query is not a SELECT: %q", text)
	}
	put(c, pick, text, q)
	return q, nil
}
