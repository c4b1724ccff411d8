package bind

import (
	"strings"

	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/types"
)

// syntax prints a call of a function that was written with the grammar's own syntax for it; "" for one that has none
// such.
func (d *Deparser) syntax(e *eval.Call) string {
	arg := func(i int) string { return d.value(e.Args[i]) }
	rest := func(from int, words ...string) string {
		out := ""
		for i := from; i < len(e.Args); i++ {
			out += " " + words[i-from] + " " + arg(i)
		}
		return out
	}
	switch name := e.F.Name; name {
	case "timezone":
		return "(" + d.arg(e.Args[1], e) + " AT TIME ZONE " + d.arg(e.Args[0], e) + ")"
	case "extract":
		return "EXTRACT(" + QuoteIdent(constText(e.Args[0])) + " FROM " + arg(1) + ")"
	case "is_normalized":
		return "(" + d.arg(e.Args[0], e) + " IS " + d.form(e) + "NORMALIZED)"
	case "normalize":
		return "NORMALIZE(" + arg(0) + strings.TrimRight(flag(d.form(e) != "", ", ")+d.form(e), " ") + ")"
	case "overlaps":
		return "((" + arg(0) + ", " + arg(1) + ") OVERLAPS (" + arg(2) + ", " + arg(3) + "))"
	case "overlay":
		return "OVERLAY(" + arg(0) + rest(1, "PLACING", "FROM", "FOR") + ")"
	case "position":
		return "POSITION((" + arg(1) + ") IN (" + arg(0) + "))"
	case "substring":
		switch pattern := e.Args[1].Type().OID == types.TextOID; {
		case pattern && len(e.Args) == 3:
			return "SUBSTRING(" + arg(0) + rest(1, "SIMILAR", "ESCAPE") + ")"
		case pattern:
			return ""
		}
		return "SUBSTRING(" + arg(0) + rest(1, "FROM", "FOR") + ")"
	case "btrim", "ltrim", "rtrim":
		side := map[string]string{"b": "BOTH", "l": "LEADING", "r": "TRAILING"}[name[:1]]
		if len(e.Args) > 1 {
			side += " " + arg(1)
		}
		return "TRIM(" + side + " FROM " + arg(0) + ")"
	case "pg_collation_for":
		return "COLLATION FOR (" + arg(0) + ")"
	case "system_user":
		return "SYSTEM_USER"
	}
	return ""
}

// form is the normal form that a call names; the one that it need not name is its default.
func (d *Deparser) form(e *eval.Call) string {
	if len(e.Args)-e.Defaults < 2 {
		return ""
	}
	return strings.ToUpper(constText(e.Args[1])) + " "
}

func constText(e eval.Expr) string {
	k, _ := e.(*eval.Const)
	if k == nil {
		return ""
	}
	return k.D.S
}
