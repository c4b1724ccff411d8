package session

import (
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/exec/settings"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/storage/catalog"
)

// identity is who a session is. Which roles these are is kept in the settings session_authorization and role, so that
// they follow transactions and savepoints; what stands here is made from them.
type identity struct {
	login *schema.Role // who connected
	user  *schema.Role // session_user: the login, but for SET SESSION AUTHORIZATION
	role  *schema.Role // current_user: the user, but for SET ROLE
	at    uint64       // the version of the settings that it was made of
}

const noRole = "none"

// identify makes the identity of what the settings say now.
func (s *Session) identify(c *catalog.Catalog) {
	if s.at == s.set.Version() {
		return
	}
	named := func(setting string, otherwise *schema.Role) *schema.Role {
		name, _ := s.set.Get(setting)
		if name == otherwise.Name || name == noRole {
			return otherwise
		}
		if r := c.RoleNamed(name); r != nil {
			return r
		}
		return otherwise
	}
	s.user = named("session_authorization", s.login)
	s.role = named("role", s.user)
	s.set.Superuser = s.role.Super
	s.set.Force("is_superuser", onOff(s.role.Super))
	s.at = s.set.Version()
}

// renewRoles takes the roles as they are in a newer catalog. One that was dropped stays as it was.
func (s *Session) renewRoles(c *catalog.Catalog) {
	for _, r := range []**schema.Role{&s.login, &s.user, &s.role} {
		if now := c.Role((*r).OID); now != nil {
			*r = now
		}
	}
	s.set.Superuser = s.role.Super
}

// endLevel ends a level of settings, of a transaction or savepoint.
func (s *Session) endLevel(keep bool) {
	s.set.EndLevel(keep)
	s.identify(s.srv.Store.Catalog())
}

// setRole is SET ROLE.
func (s *Session) setRole(n *sql.Set) error {
	name := s.set.ResetValue("role")
	if n.Kind == sql.SetValue {
		name = n.Args[0].Text
	}
	return s.becomeRole(s.catalogView().cat, name, n.Local)
}

// becomeRole acts as a role that the session's user may act as.
func (s *Session) becomeRole(c *catalog.Catalog, name string, local bool) error {
	if name != noRole {
		r := c.RoleNamed(name)
		if r == nil {
			return pgerr.New(pgerrcode.InvalidParameterValue, "role %q does not exist", name)
		}
		if !s.user.Super && !schema.IsMember(s.user, r.OID, c.Role) {
			return pgerr.New(pgerrcode.InsufficientPrivilege, "permission denied to set role %q", r.Name)
		}
	}
	s.set.Put("role", name, local)
	s.identify(c)
	return nil
}

// setAuthorization is SET SESSION AUTHORIZATION. The role that was set before is no longer.
func (s *Session) setAuthorization(n *sql.Set) error {
	c := s.catalogView().cat
	r := s.login
	if n.Kind == sql.SetValue && n.Args[0].Text != settings.DefaultWord {
		if r = c.RoleNamed(n.Args[0].Text); r == nil {
			return pgerr.New(pgerrcode.InvalidParameterValue, "role %q does not exist", n.Args[0].Text)
		}
		if !s.login.Super && r.OID != s.login.OID {
			return pgerr.New(pgerrcode.InsufficientPrivilege, "permission denied to set session authorization %q", r.Name)
		}
	}
	s.set.Put("session_authorization", r.Name, n.Local)
	s.set.Put("role", noRole, n.Local)
	s.identify(c)
	return nil
}
