package eval

import (
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
)

// compileRelabel passes the value through; only the sign of four-byte numbers may change.
func (c *compiler) compileRelabel(e *Relabel) (node, traits, error) {
	n, t, err := c.compile(e.Arg)
	if err != nil {
		return nil, 0, err
	}
	from, to := e.Arg.Type().OID, e.T.OID
	switch {
	case from == types.Int4OID && to != types.Int4OID && physical(to) == types.Int:
		return &signNode{arg: n, out: newResult(e.T)}, t &^ isLeaf, nil
	case to == types.Int4OID && from != types.Int4OID && physical(from) == types.Int:
		return &signNode{arg: n, signed: true, out: newResult(e.T)}, t &^ isLeaf, nil
	}
	return n, t, nil
}

// signNode reads the low four bytes as a signed or an unsigned number.
type signNode struct {
	arg    node
	signed bool
	out    result
}

func (n *signNode) eval(f *frame, sel []int32) (*batch.Column, error) {
	col, err := n.arg.eval(f, sel)
	if err != nil {
		return nil, err
	}
	out := n.out.start(f.n)
	n.out.copyNulls(col, sel, f.n)
	for k := range selected(sel, f.n) {
		i := at(sel, k)
		if n.signed {
			out.I[i] = int64(int32(col.I[i]))
		} else {
			out.I[i] = int64(uint32(col.I[i]))
		}
	}
	return out, nil
}

// ioCastNode converts through the text form.
type ioCastNode struct {
	arg      node
	from, to *types.Type
	mod      int32
	out      result
	buf      []byte
}

func (c *compiler) compileIOCast(e *IOCast) (node, traits, error) {
	from, err := typeOf(e.Arg.Type().OID)
	if err != nil {
		return nil, 0, err
	}
	to, err := typeOf(e.T.OID)
	if err != nil {
		return nil, 0, err
	}
	if from.Format == nil || to.Parse == nil {
		return nil, 0, errNoCast(from, to)
	}
	self := traits(0)
	if !immutableText(from.OID) || !immutableText(to.OID) || bySettings(e) {
		self = usesRuntime
	}
	args, t, err := c.args([]Expr{e.Arg}, self)
	if err != nil {
		return nil, 0, err
	}
	return &ioCastNode{arg: args[0], from: from, to: to, mod: e.T.Mod, out: newResult(e.T)}, t, nil
}

func (n *ioCastNode) eval(f *frame, sel []int32) (*batch.Column, error) {
	col, err := n.arg.eval(f, sel)
	if err != nil {
		return nil, err
	}
	out := n.out.start(f.n)
	session := sessionOf(f.rt)
	for k := range selected(sel, f.n) {
		i := at(sel, k)
		if col.Null(i) {
			n.out.nulls(f.n)[i] = true
			continue
		}
		text := ""
		if isText(n.from.OID) {
			text = col.S[i]
		} else {
			n.buf = n.from.Format(n.buf[:0], col.Datum(i), session)
			text = string(n.buf)
		}
		if isText(n.to.OID) && n.to.OID != types.NameOID && n.mod < 0 {
			out.S[i] = text
			continue
		}
		d, err := n.to.Parse(text, n.mod, session)
		if err != nil {
			return nil, err
		}
		out.SetDatum(i, d)
	}
	return out, nil
}

// modCastNode applies a typmod.
type modCastNode struct {
	arg      node
	apply    func(d types.Datum, mod int32, explicit bool) (types.Datum, error)
	mod      int32
	explicit bool
	out      result
}

func (c *compiler) compileModCast(e *ModCast) (node, traits, error) {
	typ, err := typeOf(e.T.OID)
	if err != nil {
		return nil, 0, err
	}
	if typ.ApplyMod == nil {
		return c.compile(e.Arg)
	}
	return c.unary(e.Arg, func(a node) node {
		return &modCastNode{arg: a, apply: typ.ApplyMod, mod: e.T.Mod, explicit: e.Explicit, out: newResult(e.T)}
	})
}

func (n *modCastNode) eval(f *frame, sel []int32) (*batch.Column, error) {
	col, err := n.arg.eval(f, sel)
	if err != nil {
		return nil, err
	}
	out := n.out.start(f.n)
	n.out.copyNulls(col, sel, f.n)
	for k := range selected(sel, f.n) {
		i := at(sel, k)
		if col.Null(i) {
			continue
		}
		d, err := n.apply(col.Datum(i), n.mod, n.explicit)
		if err != nil {
			return nil, err
		}
		out.SetDatum(i, d)
	}
	return out, nil
}
