package bind

import (
	"slices"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// candidate is a function or operator with the argument types it would be called with: VARIADIC spread
// out, defaults left off.
type candidate struct {
	f        *fn.Func
	op       *fn.Operator
	args     []types.OID
	variadic bool // args were made by spreading
	defaults int  // declared arguments that the call leaves out
}

// selectCandidate applies the rules of manual 10.2 and 10.3 to candidates that all accept the
// arguments. Nil means ambiguous.
func (b *binder) selectCandidate(args []types.OID, list []candidate) *candidate {
	if len(list) == 1 {
		return &list[0]
	}
	unknowns := 0
	for _, a := range args {
		if a == types.UnknownOID {
			unknowns++
		}
	}
	list = keepBest(list, func(c *candidate) int {
		n := 0
		for i, a := range args {
			if a != types.UnknownOID && c.args[i] == a {
				n++
			}
		}
		return n
	})
	if len(list) == 1 {
		return &list[0]
	}
	list = keepBest(list, func(c *candidate) int {
		n := 0
		for i, a := range args {
			if a == types.UnknownOID {
				continue
			}
			if c.args[i] == a || b.preferred(c.args[i]) && b.category(c.args[i]) == b.category(a) {
				n++
			}
		}
		return n
	})
	if len(list) == 1 {
		return &list[0]
	}
	if unknowns == 0 {
		return nil
	}
	if list = b.byUnknownCategory(args, list); len(list) == 1 {
		return &list[0]
	}
	return b.assumeKnown(args, list, unknowns)
}

// keepBest keeps the candidates with the highest score.
func keepBest(list []candidate, score func(*candidate) int) []candidate {
	best := -1
	out := make([]candidate, 0, len(list))
	for i := range list {
		s := score(&list[i])
		if s > best {
			best, out = s, out[:0]
		}
		if s == best {
			out = append(out, list[i])
		}
	}
	return out
}

// byUnknownCategory narrows by the type categories that the candidates have for unknown arguments:
// the string category wins, else the one category all agree on.
func (b *binder) byUnknownCategory(args []types.OID, list []candidate) []candidate {
	slots := make([]byte, len(args))
	wantPreferred := make([]bool, len(args))
	for i, a := range args {
		if a != types.UnknownOID {
			continue
		}
		cat, preferred, conflict := byte(0), false, false
		for _, c := range list {
			cc, cp := b.category(c.args[i]), b.preferred(c.args[i])
			switch {
			case cat == 0:
				cat, preferred = cc, cp
			case cc == cat:
				preferred = preferred || cp
			case cc == catString:
				cat, preferred = cc, cp
			case cat != catString:
				conflict = true
			}
		}
		if conflict && cat != catString {
			return list
		}
		slots[i], wantPreferred[i] = cat, preferred
	}
	var out []candidate
	for _, c := range list {
		ok := true
		for i := range args {
			if slots[i] == 0 {
				continue
			}
			if b.category(c.args[i]) != slots[i] || wantPreferred[i] && !b.preferred(c.args[i]) {
				ok = false
				break
			}
		}
		if ok {
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		return list
	}
	return out
}

// assumeKnown takes the unknown arguments for the one type that all known ones have.
func (b *binder) assumeKnown(args []types.OID, list []candidate, unknowns int) *candidate {
	if unknowns == len(args) {
		return nil
	}
	known := types.OID(0)
	for _, a := range args {
		if a == types.UnknownOID {
			continue
		}
		if known != 0 && known != a {
			return nil
		}
		known = a
	}
	all := slices.Repeat([]types.OID{known}, len(args))
	var found *candidate
	for i := range list {
		ok := b.consistent(all, list[i].args)
		for _, a := range list[i].args {
			ok = ok && b.canCoerce(known, a, fn.Implicit)
		}
		if !ok || !b.consistent(all, list[i].args) {
			continue
		}
		if found != nil {
			return nil
		}
		found = &list[i]
	}
	return found
}

// matches keeps the candidates that accept the arguments by implicit casts.
func (b *binder) matches(args []types.OID, list []candidate) []candidate {
	var out []candidate
	for _, c := range list {
		ok := true
		for i, a := range args {
			if !b.canCoerce(a, c.args[i], fn.Implicit) {
				ok = false
				break
			}
		}
		if ok && b.consistent(args, c.args) {
			out = append(out, c)
		}
	}
	return out
}

// consistent says whether the polymorphic types of a signature can stand for the arguments together.
func (b *binder) consistent(args, declared []types.OID) bool {
	p := polyState{b: b}
	for i, d := range declared {
		if p.see(d, args[i]) != nil {
			return false
		}
	}
	if !p.any {
		return true
	}
	if p.array != 0 && p.elem != 0 && b.elemOf(p.array) != p.elem {
		return false
	}
	for i, d := range declared {
		switch {
		case args[i] == types.UnknownOID || p.compat == 0:
		case d == oidCompat || d == oidCompatNon:
			if !b.canCoerce(args[i], p.compat, fn.Implicit) {
				return false
			}
		case d == oidCompatArray:
			if !b.canCoerce(b.elemOf(args[i]), p.compat, fn.Implicit) {
				return false
			}
		}
	}
	return true
}

// operator resolves an operator; left 0 means prefix.
func (b *binder) operator(schemaName, name string, left, right types.OID, at int) (*fn.Operator, error) {
	shown := name
	if schemaName != "" {
		if err := b.checkNames([]string{schemaName, name}, at); err != nil {
			return nil, err
		}
		shown = schemaName + "." + name
	}
	visible := func(op *fn.Operator) bool {
		return (!op.Extension || b.extension()) && (schemaName == "" || op.Extension != (schemaName == "pg_catalog"))
	}
	if op := exactOperator(name, left, right); op != nil && visible(op) {
		return op, nil
	}
	if op, ok := b.Cache.operator(name, left, right); ok && visible(op) {
		return op, nil
	}
	args := []types.OID{left, right}
	if left == 0 {
		args = args[1:]
	}
	var list []candidate
	for _, op := range fn.OperatorsByName(name) {
		if !visible(op) || (op.Left == 0) != (left == 0) {
			continue
		}
		c := candidate{op: op, f: op.Func, args: []types.OID{op.Left, op.Right}}
		if left == 0 {
			c.args = c.args[1:]
		}
		list = append(list, c)
	}
	list = b.matches(args, list)
	if len(list) == 0 {
		return nil, b.noOperator(shown, left, right, at, false)
	}
	c := b.selectCandidate(args, list)
	if c == nil {
		return nil, b.noOperator(shown, left, right, at, true)
	}
	if schemaName == "" {
		b.Cache.putOperator(name, left, right, c.op)
	}
	return c.op, nil
}

// exactOperator finds the operator for exactly these types; an unknown operand counts as the type of
// the other one.
func exactOperator(name string, left, right types.OID) *fn.Operator {
	if left == types.UnknownOID && right != 0 {
		left = right
	} else if right == types.UnknownOID && left != 0 {
		right = left
	}
	if left == types.UnknownOID || right == types.UnknownOID {
		return nil
	}
	return fn.FindOperator(name, left, right)
}

func (b *binder) noOperator(name string, left, right types.OID, at int, ambiguous bool) error {
	shown := name + " " + b.typeName(right)
	if left != 0 {
		shown = b.typeName(left) + " " + shown
	}
	if ambiguous {
		return pgerr.New(pgerrcode.AmbiguousFunction, "operator is not unique: %s", shown).
			Hint("Could not choose a best candidate operator. You might need to add explicit type casts.").At(at)
	}
	hint := "No operator matches the given name and argument types. You might need to add explicit type casts."
	if left == 0 {
		hint = "No operator matches the given name and argument type. You might need to add an explicit type cast."
	}
	return pgerr.New(pgerrcode.UndefinedFunction, "operator does not exist: %s", shown).Hint("%s", hint).At(at)
}

// callShape is what resolution must know of a call beside its argument types.
type callShape struct {
	path     []string // the name, qualified or not
	names    []string // of named arguments, "" for positional ones; nil when all are positional
	variadic bool     // written VARIADIC
}

// function resolves a call. The candidate's args are the types that the arguments must be coerced to.
func (b *binder) function(call callShape, args []types.OID, at int) (*candidate, error) {
	list := b.candidates(call, args)
	if c := exactOf(list, args); c != nil {
		return c, nil
	}
	return b.best(call, list, args, at)
}

// exactOf finds the candidate for exactly these types.
func exactOf(list []candidate, args []types.OID) *candidate {
	for i := range list {
		if exact(&list[i], args) {
			return &list[i]
		}
	}
	return nil
}

// best chooses among candidates none of which is for exactly these types.
func (b *binder) best(call callShape, list []candidate, args []types.OID, at int) (*candidate, error) {
	matching := b.matches(args, list)
	if len(matching) == 0 {
		return nil, b.noFunction(call, args, at)
	}
	matching = dropWorse(matching)
	if c := b.selectCandidate(args, matching); c != nil {
		return c, nil
	}
	return nil, pgerr.New(pgerrcode.AmbiguousFunction, "function %s is not unique", b.signature(call, args)).
		Hint("Could not choose a best candidate function. You might need to add explicit type casts.").At(at)
}

func exact(c *candidate, args []types.OID) bool {
	for i, a := range args {
		if c.args[i] != a {
			return false
		}
	}
	return !c.variadic || len(args) > 0
}

// dropWorse drops candidates that need spreading or defaults when another of the same argument types
// does not.
func dropWorse(list []candidate) []candidate {
	out := list[:0:0]
	for i, c := range list {
		worse := false
		for j, other := range list {
			if i != j && sameArgs(c.args, other.args) &&
				(c.variadic && !other.variadic || c.variadic == other.variadic && c.defaults > other.defaults) {
				worse = true
			}
		}
		if !worse {
			out = append(out, c)
		}
	}
	return out
}

func sameArgs(x, y []types.OID) bool {
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if x[i] != y[i] {
			return false
		}
	}
	return true
}

// candidates lists the functions of the name that can take the number (and names) of the arguments.
func (b *binder) candidates(call callShape, args []types.OID) []candidate {
	var list []candidate
	n := len(args)
	k := len(call.path) - 1
	for _, f := range fn.FuncsByName(call.path[k]) {
		if !b.visibleFunc(f) || k > 0 && !livesIn(f, call.path[k-1]) {
			continue
		}
		declared := len(f.Args)
		switch {
		case call.names != nil:
			if c, ok := byName(f, call.names); ok {
				list = append(list, c)
			}
		case f.Variadic != 0 && !call.variadic && n >= declared:
			list = append(list, spread(f, n))
		case n == declared:
			list = append(list, candidate{f: f, args: f.Args})
		case n < declared && n >= declared-f.Defaults:
			list = append(list, candidate{f: f, args: f.Args[:n], defaults: declared - n})
		}
	}
	return list
}

// spread is a VARIADIC function called with n arguments.
func spread(f *fn.Func, n int) candidate {
	c := candidate{f: f, variadic: true, args: make([]types.OID, n)}
	copy(c.args, f.Args[:len(f.Args)-1])
	for i := len(f.Args) - 1; i < n; i++ {
		c.args[i] = f.Variadic
	}
	return c
}

// byName matches named arguments to the declared ones. The candidate's args are in the order written.
func byName(f *fn.Func, names []string) (candidate, bool) {
	c := candidate{f: f, args: make([]types.OID, len(names))}
	given := make([]bool, len(f.Args))
	for i, name := range names {
		j := i
		if name != "" {
			j = argIndex(f, name)
		}
		if j < 0 || j >= len(f.Args) || given[j] {
			return c, false
		}
		given[j] = true
		c.args[i] = f.Args[j]
	}
	for j, ok := range given {
		if !ok && j < len(f.Args)-f.Defaults {
			return c, false
		}
	}
	c.defaults = len(f.Args) - len(names)
	return c, true
}

func argIndex(f *fn.Func, name string) int {
	for j, n := range f.ArgNames {
		if n == name {
			return j
		}
	}
	return -1
}

func (b *binder) signature(call callShape, args []types.OID) string {
	var sb strings.Builder
	sb.WriteString(strings.Join(call.path, ".") + "(")
	for i, a := range args {
		if i > 0 {
			sb.WriteString(", ")
		}
		if call.names != nil && call.names[i] != "" {
			sb.WriteString(call.names[i] + " => ")
		}
		sb.WriteString(b.typeName(a))
	}
	return sb.String() + ")"
}

func (b *binder) noFunction(call callShape, args []types.OID, at int) error {
	return pgerr.New(pgerrcode.UndefinedFunction, "function %s does not exist", b.signature(call, args)).
		Hint("No function matches the given name and argument types. You might need to add explicit type casts.").At(at)
}

// polymorphic settles what the polymorphic types of a signature stand for. declared is changed in
// place to the actual types; the result type is returned.
func (b *binder) polymorphic(actual, declared []types.OID, ret types.OID) (types.OID, error) {
	p := polyState{b: b}
	for i, d := range declared {
		if err := p.see(d, actual[i]); err != nil {
			return 0, err
		}
	}
	if !p.any && !isPolymorphic(ret) {
		return ret, nil
	}
	if err := p.settle(); err != nil {
		return 0, err
	}
	for i, d := range declared {
		if r := p.actual(d); r != 0 {
			declared[i] = r
		}
	}
	if r := p.actual(ret); r != 0 {
		return r, nil
	}
	if isPolymorphic(ret) {
		return 0, pgerr.New(pgerrcode.DatatypeMismatch, "could not determine polymorphic type because input has type unknown")
	}
	return ret, nil
}

// polyState gathers what the arguments say of anyelement and anycompatible.
type polyState struct {
	b           *binder
	any         bool // a polymorphic argument was seen
	elem, array types.OID
	compat      types.OID // common type of the anycompatible arguments
	compatSeen  bool
}

func (p *polyState) see(declared, actual types.OID) error {
	if !isPolymorphic(declared) {
		return nil
	}
	p.any = true
	if actual == types.UnknownOID {
		p.compatSeen = p.compatSeen || isCompat(declared)
		return nil
	}
	b := p.b
	switch declared {
	case types.AnyArrayOID:
		if p.array != 0 && p.array != actual {
			return pgerr.New(pgerrcode.DatatypeMismatch, "arguments declared %q are not all alike", "anyarray").
				Detail("%s versus %s", b.typeName(p.array), b.typeName(actual))
		}
		p.array = actual
	case oidCompat, oidCompatNon:
		return p.addCompat(actual)
	case oidCompatArray:
		return p.addCompat(b.elemOf(actual))
	default:
		if p.elem != 0 && p.elem != actual {
			return pgerr.New(pgerrcode.DatatypeMismatch, "arguments declared %q are not all alike", "anyelement").
				Detail("%s versus %s", b.typeName(p.elem), b.typeName(actual))
		}
		p.elem = actual
	}
	return nil
}

func (p *polyState) addCompat(t types.OID) error {
	b := p.b
	switch {
	case p.compat == 0 || p.compat == t:
		p.compat = t
	case b.category(p.compat) != b.category(t):
		return pgerr.New(pgerrcode.DatatypeMismatch, "arguments of anycompatible family cannot be cast to a common type")
	case !b.preferred(p.compat) && b.canCoerce(p.compat, t, fn.Implicit) && !b.canCoerce(t, p.compat, fn.Implicit):
		p.compat = t
	}
	return nil
}

// settle derives the element type from the array type and back.
func (p *polyState) settle() error {
	b := p.b
	if p.array != 0 {
		elem := b.elemOf(p.array)
		if p.elem != 0 && p.elem != elem {
			return pgerr.New(pgerrcode.DatatypeMismatch,
				"argument declared %s is not consistent with argument declared %s", "anyarray", "anyelement").
				Detail("%s versus %s", b.typeName(p.array), b.typeName(p.elem))
		}
		p.elem = elem
	} else if p.elem != 0 {
		p.array = b.arrayOf(p.elem)
	}
	if p.compat == 0 && p.compatSeen {
		p.compat = types.TextOID
	}
	if p.elem == 0 && p.compat == 0 {
		return pgerr.New(pgerrcode.DatatypeMismatch, "could not determine polymorphic type because input has type unknown")
	}
	return nil
}

// actual is what a declared type stands for, or 0 when it is not polymorphic or not known.
func (p *polyState) actual(declared types.OID) types.OID {
	switch declared {
	case types.AnyArrayOID:
		return p.array
	case types.AnyElementOID, oidAnyNonArray, oidAnyEnum, oidAnyRange, oidAnyMulti:
		return p.elem
	case oidCompat, oidCompatNon, oidCompatRange, oidCompatMulti:
		return p.compat
	case oidCompatArray:
		if p.compat != 0 {
			return p.b.arrayOf(p.compat)
		}
	}
	return 0
}
