package sql

// Tag implements Node.
func (s *CreateTable) Tag() string {
	switch {
	case s.Query == nil:
		return "CREATE TABLE"
	case s.Into:
		return "SELECT INTO"
	}
	return "CREATE TABLE AS"
}

// Tag implements Node.
func (*CreateIndex) Tag() string { return "CREATE INDEX" }

// Tag implements Node.
func (*CreateView) Tag() string { return "CREATE VIEW" }

// Tag implements Node.
func (*CreateSequence) Tag() string { return "CREATE SEQUENCE" }

// Tag implements Node.
func (*AlterSequence) Tag() string { return "ALTER SEQUENCE" }

// Tag implements Node.
func (*CreateSchema) Tag() string { return "CREATE SCHEMA" }

// Tag implements Node.
func (*CreateDatabase) Tag() string { return "CREATE DATABASE" }

// Tag implements Node.
func (*DropDatabase) Tag() string { return "DROP DATABASE" }

// Tag implements Node.
func (*AlterDatabase) Tag() string { return "ALTER DATABASE" }

// Tag implements Node.
func (*CreateRole) Tag() string { return "CREATE ROLE" }

// Tag implements Node.
func (*AlterRole) Tag() string { return "ALTER ROLE" }

// Tag implements Node.
func (*DropRole) Tag() string { return "DROP ROLE" }

// Tag implements Node.
func (*CreateExtension) Tag() string { return "CREATE EXTENSION" }

// Tag implements Node.
func (*AlterExtension) Tag() string { return "ALTER EXTENSION" }

// Tag implements Node.
func (s *Drop) Tag() string { return "DROP " + string(s.Kind) }

// Tag implements Node.
func (*Truncate) Tag() string { return "TRUNCATE TABLE" }

// Tag implements Node.
func (*Comment) Tag() string { return "COMMENT" }

// Tag implements Node.
func (s *AlterTable) Tag() string { return "ALTER " + string(s.Kind) }

// Tag implements Node.
func (s *Rename) Tag() string {
	if s.Kind == ObjColumn || s.Kind == ObjConstraint {
		return "ALTER " + string(s.Relation)
	}
	return "ALTER " + string(s.Kind)
}

// Tag implements Node.
func (s *AlterOwner) Tag() string { return "ALTER " + string(s.Kind) }

// Tag implements Node.
func (s *AlterSchema) Tag() string { return "ALTER " + string(s.Kind) }

// Tag implements Node.
func (s *Grant) Tag() string { return grantTag(s.Grant, "") }

// Tag implements Node.
func (s *GrantRole) Tag() string { return grantTag(s.Grant, " ROLE") }

func grantTag(grant bool, suffix string) string {
	if grant {
		return "GRANT" + suffix
	}
	return "REVOKE" + suffix
}

// Tag implements Node.
func (s *OwnedBy) Tag() string {
	if s.New != nil {
		return "REASSIGN OWNED"
	}
	return "DROP OWNED"
}
