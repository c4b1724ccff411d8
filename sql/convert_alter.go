package sql

import (
	pg_query "github.com/pganalyze/pg_query_go/v5"
)

// objectNode converts statements about objects that are not relations, and those about any object.
func (c *converter) objectNode(n *pg_query.Node) Node {
	switch v := n.Node.(type) {
	case *pg_query.Node_CreateSchemaStmt:
		s := &CreateSchema{
			Name: v.CreateSchemaStmt.Schemaname, Owner: role(v.CreateSchemaStmt.Authrole),
			IfNotExists: v.CreateSchemaStmt.IfNotExists,
		}
		for _, e := range v.CreateSchemaStmt.SchemaElts {
			s.Elements = append(s.Elements, c.node(e))
		}
		return s
	case *pg_query.Node_CreatedbStmt:
		return &CreateDatabase{Name: v.CreatedbStmt.Dbname, Options: c.options(v.CreatedbStmt.Options)}
	case *pg_query.Node_DropdbStmt:
		return &DropDatabase{
			Name: v.DropdbStmt.Dbname, MissingOK: v.DropdbStmt.MissingOk, Force: len(v.DropdbStmt.Options) > 0,
		}
	case *pg_query.Node_AlterDatabaseStmt:
		return &AlterDatabase{Name: v.AlterDatabaseStmt.Dbname, Options: c.options(v.AlterDatabaseStmt.Options)}
	case *pg_query.Node_AlterDatabaseSetStmt:
		return &AlterDatabase{Name: v.AlterDatabaseSetStmt.Dbname, Set: c.set(v.AlterDatabaseSetStmt.Setstmt)}
	case *pg_query.Node_CreateExtensionStmt:
		s := v.CreateExtensionStmt
		return &CreateExtension{Name: s.Extname, IfNotExists: s.IfNotExists, Options: c.options(s.Options)}
	case *pg_query.Node_AlterExtensionStmt:
		return &AlterExtension{Name: v.AlterExtensionStmt.Extname, Options: c.options(v.AlterExtensionStmt.Options)}
	case *pg_query.Node_CommentStmt:
		return c.comment(v.CommentStmt)
	case *pg_query.Node_RenameStmt:
		return c.rename(v.RenameStmt)
	case *pg_query.Node_AlterOwnerStmt:
		kind, ok := objectKinds[v.AlterOwnerStmt.ObjectType]
		if !ok {
			return &Unsupported{Feature: "ALTER " + kindName(v.AlterOwnerStmt.ObjectType)}
		}
		return &AlterOwner{Kind: kind, Name: str(v.AlterOwnerStmt.Object), Owner: role(v.AlterOwnerStmt.Newowner)}
	case *pg_query.Node_AlterObjectSchemaStmt:
		s := v.AlterObjectSchemaStmt
		kind, ok := objectKinds[s.ObjectType]
		if !ok {
			return &Unsupported{Feature: "ALTER " + kindName(s.ObjectType) + " SET SCHEMA"}
		}
		out := &AlterSchema{Kind: kind, Table: c.tableName(s.Relation), New: s.Newschema, MissingOK: s.MissingOk}
		if out.Table == nil {
			out.Table = qualified(objectName(s.Object))
		}
		return out
	}
	return c.roleNode(n)
}

// roleNode converts statements about roles and privileges.
func (c *converter) roleNode(n *pg_query.Node) Node {
	switch v := n.Node.(type) {
	case *pg_query.Node_CreateRoleStmt:
		kinds := map[pg_query.RoleStmtType]string{
			pg_query.RoleStmtType_ROLESTMT_ROLE: "ROLE", pg_query.RoleStmtType_ROLESTMT_USER: "USER",
			pg_query.RoleStmtType_ROLESTMT_GROUP: "GROUP",
		}
		s := v.CreateRoleStmt
		return &CreateRole{Name: s.Role, Kind: kinds[s.StmtType], Options: c.options(s.Options)}
	case *pg_query.Node_AlterRoleStmt:
		s := v.AlterRoleStmt
		return &AlterRole{Role: role(s.Role), Options: c.options(s.Options), Drop: s.Action < 0}
	case *pg_query.Node_AlterRoleSetStmt:
		s := v.AlterRoleSetStmt
		return &AlterRole{Role: role(s.Role), Set: c.set(s.Setstmt), Database: s.Database}
	case *pg_query.Node_DropRoleStmt:
		return &DropRole{Roles: c.roles(v.DropRoleStmt.Roles), MissingOK: v.DropRoleStmt.MissingOk}
	case *pg_query.Node_DropOwnedStmt:
		return &OwnedBy{Roles: c.roles(v.DropOwnedStmt.Roles), Cascade: cascade(v.DropOwnedStmt.Behavior)}
	case *pg_query.Node_ReassignOwnedStmt:
		return &OwnedBy{Roles: c.roles(v.ReassignOwnedStmt.Roles), New: role(v.ReassignOwnedStmt.Newrole)}
	case *pg_query.Node_GrantStmt:
		return c.grant(v.GrantStmt)
	case *pg_query.Node_GrantRoleStmt:
		s := &GrantRole{Grant: v.GrantRoleStmt.IsGrant, Grantees: c.roles(v.GrantRoleStmt.GranteeRoles)}
		for _, r := range v.GrantRoleStmt.GrantedRoles {
			s.Roles = append(s.Roles, r.GetAccessPriv().GetPrivName())
		}
		return s
	}
	return nil
}

func (c *converter) grant(v *pg_query.GrantStmt) Node {
	kind, ok := objectKinds[v.Objtype]
	verb := map[bool]string{true: "GRANT", false: "REVOKE"}[v.IsGrant]
	if !ok || v.Targtype == pg_query.GrantTargetType_ACL_TARGET_DEFAULTS {
		return &Unsupported{Feature: verb + " ON " + kindName(v.Objtype)}
	}
	s := &Grant{
		Grant: v.IsGrant, Kind: kind, Grantees: c.roles(v.Grantees), WithGrant: v.GrantOption,
		Cascade:     cascade(v.Behavior),
		AllInSchema: v.Targtype == pg_query.GrantTargetType_ACL_TARGET_ALL_IN_SCHEMA,
	}
	for _, o := range v.Objects {
		if r := o.GetRangeVar(); r != nil {
			s.Objects = append(s.Objects, c.tableName(r))
			continue
		}
		s.Objects = append(s.Objects, qualified(objectName(o)))
	}
	for _, p := range v.Privileges {
		a := p.GetAccessPriv()
		if len(a.Cols) > 0 {
			s.Columns = true
		}
		if a.PrivName != "" {
			s.Privileges = append(s.Privileges, upper(a.PrivName))
		}
	}
	return s
}

func upper(s string) string {
	b := []byte(s)
	for i, ch := range b {
		if ch >= 'a' && ch <= 'z' {
			b[i] = ch - 32
		}
	}
	return string(b)
}

func (c *converter) comment(v *pg_query.CommentStmt) Node {
	kind, ok := objectKinds[v.Objtype]
	if !ok {
		return &Unsupported{Feature: "COMMENT ON " + kindName(v.Objtype)}
	}
	s := &Comment{Kind: kind, Text: v.Comment, Null: v.Comment == ""}
	names := objectName(v.Object)
	if (kind == ObjColumn || kind == ObjConstraint) && len(names) > 1 {
		s.Column, names = names[len(names)-1], names[:len(names)-1]
	}
	s.Table = qualified(names)
	return s
}

func (c *converter) rename(v *pg_query.RenameStmt) Node {
	kind, ok := objectKinds[v.RenameType]
	if !ok {
		return &Unsupported{Feature: "ALTER " + kindName(v.RenameType) + " RENAME"}
	}
	s := &Rename{
		Kind: kind, Relation: objectKinds[v.RelationType], Table: c.tableName(v.Relation), Old: v.Subname,
		New: v.Newname, MissingOK: v.MissingOk,
	}
	if kind == ObjConstraint {
		s.Relation = ObjTable
	}
	if s.Table == nil {
		names := []string{v.Subname}
		if v.Object != nil {
			names = objectName(v.Object)
		}
		s.Table = qualified(names)
	}
	return s
}

// alterKinds are the actions of ALTER TABLE that we have.
var alterKinds = map[pg_query.AlterTableType]AlterKind{
	pg_query.AlterTableType_AT_AddColumn:          AlterAddColumn,
	pg_query.AlterTableType_AT_DropColumn:         AlterDropColumn,
	pg_query.AlterTableType_AT_ColumnDefault:      AlterSetDefault,
	pg_query.AlterTableType_AT_SetNotNull:         AlterSetNotNull,
	pg_query.AlterTableType_AT_DropNotNull:        AlterDropNotNull,
	pg_query.AlterTableType_AT_AlterColumnType:    AlterType,
	pg_query.AlterTableType_AT_AddConstraint:      AlterAddConstraint,
	pg_query.AlterTableType_AT_DropConstraint:     AlterDropConstraint,
	pg_query.AlterTableType_AT_ValidateConstraint: AlterValidateConstraint,
	pg_query.AlterTableType_AT_AlterConstraint:    AlterConstraint,
	pg_query.AlterTableType_AT_ChangeOwner:        AlterOwnerTo,
	pg_query.AlterTableType_AT_SetRelOptions:      AlterSetOptions,
	pg_query.AlterTableType_AT_ResetRelOptions:    AlterResetOptions,
	pg_query.AlterTableType_AT_AddIdentity:        AlterAddIdentity,
	pg_query.AlterTableType_AT_SetIdentity:        AlterSetIdentity,
	pg_query.AlterTableType_AT_DropIdentity:       AlterDropIdentity,
	pg_query.AlterTableType_AT_DropExpression:     AlterDropExpression,
	pg_query.AlterTableType_AT_SetStatistics:      AlterSetStatistics,
	pg_query.AlterTableType_AT_SetStorage:         AlterSetStorage,
	pg_query.AlterTableType_AT_SetCompression:     AlterSetCompression,
	pg_query.AlterTableType_AT_SetAccessMethod:    AlterSetMethod,
	pg_query.AlterTableType_AT_SetLogged:          AlterNothing,
	pg_query.AlterTableType_AT_SetUnLogged:        AlterNothing,
	pg_query.AlterTableType_AT_ClusterOn:          AlterClusterOn,
	pg_query.AlterTableType_AT_DropCluster:        AlterNothing,
	pg_query.AlterTableType_AT_DropOids:           AlterNothing,
	pg_query.AlterTableType_AT_SetTableSpace:      AlterNothing,
	pg_query.AlterTableType_AT_SetOptions:         AlterSetAttribute,
	pg_query.AlterTableType_AT_ResetOptions:       AlterResetAttribute,
	pg_query.AlterTableType_AT_EnableTrigAll:      AlterNothing,
	pg_query.AlterTableType_AT_DisableTrigAll:     AlterNothing,
	pg_query.AlterTableType_AT_EnableTrigUser:     AlterNothing,
	pg_query.AlterTableType_AT_DisableTrigUser:    AlterNothing,
	pg_query.AlterTableType_AT_ReplicaIdentity:    AlterReplicaIdentity,
}

func (c *converter) alterTable(v *pg_query.AlterTableStmt) Node {
	kind, ok := objectKinds[v.Objtype]
	if !ok {
		return &Unsupported{Feature: "ALTER " + kindName(v.Objtype)}
	}
	s := &AlterTable{Kind: kind, Table: c.tableName(v.Relation), MissingOK: v.MissingOk}
	for _, n := range v.Cmds {
		cmd := n.GetAlterTableCmd()
		k, ok := alterKinds[cmd.Subtype]
		if !ok {
			return &Unsupported{Feature: "ALTER " + string(kind) + " " + alterFeature(cmd.Subtype)}
		}
		if cmd.Subtype == pg_query.AlterTableType_AT_SetTableSpace {
			c.tablespace(cmd.Name)
		}
		s.Cmds = append(s.Cmds, c.alterCmd(k, cmd))
	}
	return s
}

func (c *converter) alterCmd(k AlterKind, v *pg_query.AlterTableCmd) AlterCmd {
	out := AlterCmd{
		Kind: k, Name: v.Name, MissingOK: v.MissingOk, Cascade: cascade(v.Behavior), Owner: role(v.Newowner),
	}
	if v.Def == nil {
		return out
	}
	switch d := v.Def.Node.(type) {
	case *pg_query.Node_ColumnDef:
		if k == AlterType {
			out.Expr = c.expr(d.ColumnDef.RawDefault)
			d.ColumnDef.RawDefault = nil
		}
		out.Column = c.columnDef(d.ColumnDef)
	case *pg_query.Node_Constraint:
		if list := c.constraint(nil, d.Constraint); len(list) > 0 {
			out.Constraint = list[0]
		}
	case *pg_query.Node_ReplicaIdentityStmt:
		out.Name = d.ReplicaIdentityStmt.Name
	case *pg_query.Node_List:
		out.Options = c.options(d.List.Items)
	case *pg_query.Node_String_, *pg_query.Node_Integer:
		out.Value = c.valueText(v.Def)
	default:
		if k == AlterSetDefault {
			out.Expr = c.expr(v.Def)
		}
	}
	return out
}

// alterFeature spells AT_EnableRowSecurity as ENABLE ROW SECURITY.
func alterFeature(t pg_query.AlterTableType) string {
	name := t.String()
	out := make([]byte, 0, len(name)+4)
	for i := len("AT_"); i < len(name); i++ {
		if name[i] >= 'A' && name[i] <= 'Z' && len(out) > 0 {
			out = append(out, ' ')
		}
		out = append(out, name[i])
	}
	return upper(string(out))
}
