package pgcatalog

import (
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

const roleCols = "oid rolname rolsuper rolinherit rolcreaterole rolcreatedb rolcanlogin rolreplication rolconnlimit " +
	"rolpassword rolvaliduntil rolbypassrls"

// stars hides a password's presence in the views that everyone may read.
const stars = "********"

var accessEntries = []entry{
	{"pg_authid", roleCols, "", func(v *View, _ types.OID, emit emitFunc) {
		v.rolesOf("", func(r *schema.Role, pw types.Datum) { emitRole(r, pw, emit) })
	}},
	{"pg_roles", roleCols, "", func(v *View, _ types.OID, emit emitFunc) {
		v.rolesOf(stars, func(r *schema.Role, pw types.Datum) { emitRole(r, pw, emit) })
	}},
	{"pg_user", "usename usesysid usecreatedb usesuper userepl usebypassrls passwd valuntil", "", fillUsers(stars)},
	{"pg_shadow", "usename usesysid usecreatedb usesuper userepl usebypassrls passwd valuntil", "", fillUsers("")},
	{"pg_group", "groname grosysid grolist", "", func(v *View, _ types.OID, emit emitFunc) {
		for _, r := range v.Source.Roles() {
			if !r.Login {
				emit(str(r.Name), oid(r.OID), texts(types.OIDOID, nil))
			}
		}
	}},
	{
		"pg_auth_members", "oid roleid member grantor admin_option inherit_option set_option", "",
		func(v *View, _ types.OID, emit emitFunc) {
			for _, r := range v.Source.Roles() {
				for i, of := range r.MemberOf {
					emit(oid(r.OID<<8|types.OID(i)), oid(of), oid(r.OID), oid(10), yes(false), yes(!r.NoInherit), yes(true))
				}
			}
		},
	},
}

func emitRole(r *schema.Role, pw types.Datum, emit emitFunc) {
	emit(oid(r.OID), str(r.Name), yes(r.Super), yes(!r.NoInherit), yes(r.CreateRole), yes(r.CreateDB), yes(r.Login),
		yes(r.Replication), num(r.ConnLimit.Number()), pw, validUntil(r), yes(r.BypassRLS))
}

func fillUsers(password string) func(*View, types.OID, emitFunc) {
	return func(v *View, _ types.OID, emit emitFunc) {
		v.rolesOf(password, func(r *schema.Role, pw types.Datum) {
			if r.Login {
				emit(str(r.Name), oid(r.OID), yes(r.CreateDB), yes(r.Super), yes(r.Replication), yes(r.BypassRLS), pw, validUntil(r))
			}
		})
	}
}

func validUntil(r *schema.Role) types.Datum {
	if r.ValidUntil == "" {
		return null
	}
	d, err := types.Lookup(types.TimestamptzOID).Parse(r.ValidUntil, -1, &types.Session{})
	if err != nil {
		return null
	}
	return d
}
