package ddl

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
)

// role finds a role by name or by CURRENT_USER and its kin.
func (c *Context) role(n *sql.RoleName) (*schema.Role, error) {
	switch n.Special {
	case "current_user", "session_user", "current_role":
		return c.Role, nil
	case "public":
		return nil, pgerr.New(pgerrcode.UndefinedObject, "role %q does not exist", "public").At(n.Pos())
	}
	r := c.catalog().RoleNamed(n.Name)
	if r == nil {
		return nil, pgerr.New(pgerrcode.UndefinedObject, "role %q does not exist", n.Name).At(n.Pos())
	}
	return r, nil
}

func (c *Context) mayAdminister() error {
	if c.Role.Super || c.Role.CreateRole {
		return nil
	}
	return pgerr.New(pgerrcode.InsufficientPrivilege, "permission denied to create role").
		Detail("Only roles with the CREATEROLE attribute may create roles.")
}

func (c *Context) createRole(n *sql.CreateRole) error {
	if err := c.mayAdminister(); err != nil {
		return err
	}
	if err := checkRoleName(n.Name); err != nil {
		return err
	}
	if c.catalog().RoleNamed(n.Name) != nil {
		return duplicateObject(&schema.Role{Name: n.Name})
	}
	r := &schema.Role{OID: c.newOID(), Name: n.Name, Login: n.Kind == "USER"}
	if err := c.roleOptions(r, n.Options); err != nil {
		return err
	}
	return c.Txn.Put(r)
}

func checkRoleName(name string) error {
	if strings.HasPrefix(name, "pg_") {
		return pgerr.New(pgerrcode.ReservedName, "role name %q is reserved", name).
			Detail(`Role names starting with "pg_" are reserved.`)
	}
	return nil
}

// mayRename refuses who may not rename a role.
func (c *Context) mayRename(r *schema.Role) error {
	refused := pgerr.New(pgerrcode.InsufficientPrivilege, "permission denied to rename role")
	switch {
	case r.OID == c.Role.OID:
		return pgerr.New(pgerrcode.FeatureNotSupported, "session user cannot be renamed")
	case c.Role.Super:
		return nil
	case r.Super:
		return refused.Detail("Only roles with the SUPERUSER attribute may rename roles with the SUPERUSER attribute.")
	case !c.Role.CreateRole:
		return refused.Detail("Only roles with the CREATEROLE attribute and the ADMIN option on role %q may rename this role.", r.Name)
	}
	return nil
}

// mayGive refuses to make a role an owner unless the current one could act as it.
func (c *Context) mayGive(to *schema.Role) error {
	if c.Role.Super || schema.IsMember(c.Role, to.OID, c.catalog().Role) {
		return nil
	}
	return pgerr.New(pgerrcode.InsufficientPrivilege, "must be able to SET ROLE %q", to.Name)
}

func (c *Context) alterRole(n *sql.AlterRole) error {
	if n.Role == nil || n.Database != "" {
		return pgerr.Unsupported("ALTER ROLE ALL and ALTER ROLE ... IN DATABASE")
	}
	old, err := c.role(n.Role)
	if err != nil {
		return err
	}
	if err := c.mayAlterRole(old, n); err != nil {
		return err
	}
	r := *old
	r.MemberOf = slices.Clone(old.MemberOf)
	if n.Set != nil {
		if r.Settings, err = c.changeSettings(old.Settings, n.Set); err != nil {
			return err
		}
		return c.Txn.Put(&r)
	}
	for _, o := range n.Options {
		if o.Name == "rolemembers" { // ALTER GROUP ADD/DROP USER
			return c.changeMembers(&r, o.List, !n.Drop)
		}
	}
	if err := c.roleOptions(&r, n.Options); err != nil {
		return err
	}
	return c.Txn.Put(&r)
}

// mayAlterRole lets everyone change the own password and settings, CREATEROLE roles that are not
// superusers, and superusers all.
func (c *Context) mayAlterRole(r *schema.Role, n *sql.AlterRole) error {
	if c.Role.Super {
		return nil
	}
	own := r.OID == c.Role.OID && (n.Set != nil || len(n.Options) == 1 && n.Options[0].Name == "password")
	if own || c.Role.CreateRole && !r.Super {
		return nil
	}
	refused := pgerr.New(pgerrcode.InsufficientPrivilege, "permission denied to alter role")
	if r.Super {
		return refused.Detail("Only roles with the SUPERUSER attribute may alter roles with the SUPERUSER attribute.")
	}
	return refused.Detail("Only roles with the CREATEROLE attribute and the ADMIN option on role %q may alter this role.", r.Name)
}

// roleFlags are the attributes that are plain truth values.
var roleFlags = map[string]func(r *schema.Role, on bool){
	"superuser":     func(r *schema.Role, on bool) { r.Super = on },
	"inherit":       func(r *schema.Role, on bool) { r.NoInherit = !on },
	"createrole":    func(r *schema.Role, on bool) { r.CreateRole = on },
	"createdb":      func(r *schema.Role, on bool) { r.CreateDB = on },
	"canlogin":      func(r *schema.Role, on bool) { r.Login = on },
	"isreplication": func(r *schema.Role, on bool) { r.Replication = on },
	"bypassrls":     func(r *schema.Role, on bool) { r.BypassRLS = on },
}

// superFlags are those that only a superuser gives.
var superFlags = map[string]string{"superuser": "SUPERUSER", "bypassrls": "BYPASSRLS", "isreplication": "REPLICATION"}

func (c *Context) roleOptions(r *schema.Role, opts []sql.Option) error {
	seen := map[string]bool{}
	for _, o := range opts {
		if seen[o.Name] {
			return pgerr.New(pgerrcode.SyntaxError, "conflicting or redundant options").At(o.Pos())
		}
		seen[o.Name] = true
		if set := roleFlags[o.Name]; set != nil {
			on := o.Value == "1" || o.Value == "true" || o.Value == "t"
			if word := superFlags[o.Name]; word != "" && on && !c.Role.Super {
				return pgerr.New(pgerrcode.InsufficientPrivilege, "permission denied to create role").
					Detail("Only roles with the %s attribute may create roles with the %s attribute.", word, word)
			}
			set(r, on)
			continue
		}
		if err := c.roleOption(r, o); err != nil {
			return err
		}
	}
	return nil
}

func (c *Context) roleOption(r *schema.Role, o sql.Option) (err error) {
	switch o.Name {
	case "password":
		if !o.Set { // PASSWORD NULL
			r.Verifier = ""
			return nil
		}
		if o.Value == "" {
			c.notice("empty string is not a valid password, clearing password")
			r.Verifier = ""
			return nil
		}
		r.Verifier, err = c.Password(o.Value)
		return err
	case "connectionlimit":
		r.ConnLimit, err = connLimit(o)
		return err
	case "validUntil", "validuntil":
		r.ValidUntil, err = c.Timestamp(o.Value)
		return err
	case "addroleto":
		for _, name := range o.List {
			of := c.catalog().RoleNamed(name)
			if of == nil {
				return pgerr.New(pgerrcode.UndefinedObject, "role %q does not exist", name)
			}
			r.MemberOf = append(r.MemberOf, of.OID)
		}
	case "sysid":
		c.notice("SYSID can no longer be specified")
	case "rolemembers", "adminmembers":
		return pgerr.Unsupported("CREATE ROLE ... ROLE")
	default:
		return pgerr.New(pgerrcode.SyntaxError, "option %q not recognized", o.Name).At(o.Pos())
	}
	return nil
}

// connLimit reads CONNECTION LIMIT.
func connLimit(o sql.Option) (schema.ConnLimit, error) {
	n, err := strconv.Atoi(o.Value)
	if err != nil || n < -1 {
		return 0, pgerr.New(pgerrcode.InvalidParameterValue, "invalid connection limit: %s", o.Value)
	}
	return schema.MakeConnLimit(n), nil
}

// changeMembers adds or removes members of a role.
func (c *Context) changeMembers(of *schema.Role, names []string, add bool) error {
	for _, name := range names {
		m := c.catalog().RoleNamed(name)
		if m == nil {
			return pgerr.New(pgerrcode.UndefinedObject, "role %q does not exist", name)
		}
		n := *m
		n.MemberOf = slices.DeleteFunc(slices.Clone(m.MemberOf), func(o schema.OID) bool { return o == of.OID })
		if add {
			n.MemberOf = append(n.MemberOf, of.OID)
		}
		if err := c.Txn.Put(&n); err != nil {
			return err
		}
	}
	return nil
}

func (c *Context) grantRole(n *sql.GrantRole) error {
	if err := c.mayAdminister(); err != nil {
		return err
	}
	for _, name := range n.Roles {
		of := c.catalog().RoleNamed(name)
		if of == nil {
			return pgerr.New(pgerrcode.UndefinedObject, "role %q does not exist", name)
		}
		for _, g := range n.Grantees {
			m, err := c.role(g)
			if err != nil {
				return err
			}
			if of.Super && !c.Role.Super {
				return pgerr.New(pgerrcode.InsufficientPrivilege, "permission denied to grant role %q", of.Name).
					Detail("Only roles with the SUPERUSER attribute may grant roles with the SUPERUSER attribute.")
			}
			if n.Grant && schema.IsMember(of, m.OID, c.catalog().Role) {
				return pgerr.New(pgerrcode.InvalidGrantOperation, "role %q is a member of role %q", of.Name, m.Name)
			}
			if member := slices.Contains(m.MemberOf, of.OID); member == n.Grant {
				c.tellMembership(of, m, n.Grant)
			}
			if err := c.changeMembers(of, []string{m.Name}, n.Grant); err != nil {
				return err
			}
		}
	}
	return nil
}

// tellMembership says that a GRANT or REVOKE of a role changes nothing.
func (c *Context) tellMembership(of, m *schema.Role, grant bool) {
	if grant {
		c.notice("role %q has already been granted membership in role %q by role %q", m.Name, of.Name, c.Role.Name)
		return
	}
	e := pgerr.New(pgerrcode.Warning, "role %q has not been granted membership in role %q by role %q", m.Name, of.Name, c.Role.Name)
	e.Severity = "WARNING"
	if c.Notice != nil {
		c.Notice(e)
	}
}

func (c *Context) dropRole(n *sql.DropRole) error {
	if !c.Role.Super && !c.Role.CreateRole {
		return pgerr.New(pgerrcode.InsufficientPrivilege, "permission denied to drop role").
			Detail("Only roles with the CREATEROLE attribute and the ADMIN option on the target roles may drop roles.")
	}
	for _, name := range n.Roles {
		r := c.catalog().RoleNamed(name.Name)
		if name.Special != "" {
			return pgerr.New(pgerrcode.InvalidParameterValue, "cannot use special role specifier in DROP ROLE")
		}
		if r == nil {
			if n.MissingOK {
				c.notice("role %q does not exist, skipping", name.Name)
				continue
			}
			return pgerr.New(pgerrcode.UndefinedObject, "role %q does not exist", name.Name)
		}
		if r.OID == c.Role.OID {
			return pgerr.New(pgerrcode.ObjectInUse, "current user cannot be dropped")
		}
		if r.Super && !c.Role.Super {
			return pgerr.New(pgerrcode.InsufficientPrivilege, "permission denied to drop role").
				Detail("Only roles with the SUPERUSER attribute may drop roles with the SUPERUSER attribute.")
		}
		if lines := c.ownedObjects(r); len(lines) > 0 || r.OID == schema.BootstrapRoleOID {
			if r.OID == schema.BootstrapRoleOID {
				return pgerr.New(pgerrcode.DependentObjectsStillExist, "cannot drop role %s because it is required by the database system", r.Name)
			}
			return pgerr.New(pgerrcode.DependentObjectsStillExist, "role %q cannot be dropped because some objects depend on it", r.Name).
				Detail("%s", strings.Join(lines, "\n"))
		}
		if err := c.Txn.Drop(r); err != nil {
			return err
		}
	}
	return nil
}

// ownedObjects lists what a role owns, or has privileges on.
func (c *Context) ownedObjects(r *schema.Role) []string {
	var lines []string
	for _, d := range c.catalog().Databases() {
		if d.Owner == r.OID {
			lines = append(lines, "owner of database "+d.Name)
		}
		if named(d.ACL, r) {
			lines = append(lines, "privileges for database "+d.Name)
		}
	}
	for _, ns := range c.catalog().Namespaces(0) {
		if ns.Owner == r.OID {
			lines = append(lines, "owner of schema "+ns.Name)
		}
		if named(ns.ACL, r) {
			lines = append(lines, "privileges for schema "+ns.Name)
		}
	}
	for _, t := range c.catalog().Tables(0) {
		if t.Owner == r.OID {
			lines = append(lines, "owner of "+kindWords[t.Kind]+" "+t.Name)
		}
		if named(t.ACL, r) {
			lines = append(lines, "privileges for "+kindWords[t.Kind]+" "+t.Name)
		}
	}
	return lines
}

// named says whether an ACL gives a role something.
func named(acl []string, r *schema.Role) bool {
	return slices.ContainsFunc(acl, func(item string) bool { return strings.HasPrefix(item, r.Name+"=") })
}

// ownedBy is DROP OWNED and REASSIGN OWNED.
func (c *Context) ownedBy(ctx context.Context, n *sql.OwnedBy) error {
	var to *schema.Role
	if n.New != nil {
		var err error
		if to, err = c.role(n.New); err != nil {
			return err
		}
	}
	for _, name := range n.Roles {
		r, err := c.role(name)
		if err != nil {
			return err
		}
		if !c.Role.Super && r.OID != c.Role.OID {
			return pgerr.New(pgerrcode.InsufficientPrivilege, "permission denied to reassign objects")
		}
		if to != nil {
			err = c.reassign(r, to)
		} else {
			err = c.dropOwned(ctx, r, n.Cascade)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// reassign gives what a role owns in this database, and the databases that it owns, to another.
func (c *Context) reassign(r, to *schema.Role) error {
	if err := c.mayGive(to); err != nil {
		return err
	}
	for _, t := range c.catalog().Tables(c.DB.OID) {
		if t.Owner == r.OID {
			if err := c.giveTable(t, to); err != nil {
				return err
			}
		}
	}
	for _, ns := range c.catalog().Namespaces(c.DB.OID) {
		if ns.Owner == r.OID && ns.DB == c.DB.OID {
			m := *ns
			m.Owner = to.OID
			if err := c.Txn.Put(&m); err != nil {
				return err
			}
		}
	}
	for _, d := range c.catalog().Databases() {
		if d.Owner == r.OID {
			m := *d
			m.Owner = to.OID
			if err := c.Txn.Put(&m); err != nil {
				return err
			}
		}
	}
	return nil
}

// dropOwned drops what a role owns in this database and takes what it was granted.
func (c *Context) dropOwned(ctx context.Context, r *schema.Role, cascade bool) error {
	var roots []target
	for _, t := range c.catalog().Tables(c.DB.OID) {
		if t.Owner == r.OID && (t.Sequence == nil || t.Sequence.OwnerTable == 0) {
			roots = append(roots, target{oid: t.OID})
		}
	}
	for _, ns := range c.catalog().Namespaces(c.DB.OID) {
		if ns.Owner == r.OID && ns.DB == c.DB.OID && !ns.Temp && ns.Name != "public" {
			roots = append(roots, target{oid: ns.OID})
		}
	}
	if err := c.dropAll(ctx, roots, cascade); err != nil {
		return err
	}
	return c.changeACLs(func(acl []string) ([]string, bool) {
		kept := slices.DeleteFunc(slices.Clone(acl), func(item string) bool { return strings.HasPrefix(item, r.Name+"=") })
		return kept, len(kept) < len(acl)
	})
}
