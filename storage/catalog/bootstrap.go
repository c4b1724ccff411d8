package catalog

import (
	"github.com/vecdb/vecdb/sql/schema"
)

// OIDs of objects in a new store besides those of package schema, as PostgreSQL has them.
const (
	template1OID OID = 1
	template0OID OID = 4

	// The namespace public of the templates; new databases get one of their own.
	template1PublicOID OID = 2201
	template0PublicOID OID = 2202

	// firstExtraRoleOID numbers the superusers that are made beside the first.
	firstExtraRoleOID OID = 16400
	// extraRolesMax bounds them, so that they stay below schema.FirstUserOID.
	extraRolesMax = 16
)

// BootstrapOptions say what a new store contains.
type BootstrapOptions struct {
	// Superusers are the roles that are made, the first with the fixed OID. Default: postgres.
	Superusers []string
	// Verifier is the SCRAM verifier of the first superuser; empty: no password.
	Verifier string
}

// Bootstrap returns the objects of a new store: the databases postgres, template1 and template0 with
// their public namespaces, the shared namespaces, and the superusers.
func Bootstrap(o BootstrapOptions) []any {
	names := o.Superusers
	if len(names) == 0 {
		names = []string{"postgres"}
	}
	names = names[:min(len(names), extraRolesMax)]
	var out []any
	seen := map[string]bool{}
	for i, s := range names {
		if seen[s] {
			continue
		}
		seen[s] = true
		r := &schema.Role{
			OID: schema.BootstrapRoleOID, Name: s, Super: true, Login: true, CreateDB: true,
			CreateRole: true, BypassRLS: true, Replication: true, Verifier: o.Verifier,
		}
		if i > 0 {
			r.OID, r.Verifier = firstExtraRoleOID+OID(i), ""
		}
		out = append(out, r)
	}
	const owner = schema.BootstrapRoleOID
	database := func(oid OID, s string, public OID, comment string, template, closed bool) {
		out = append(out,
			&schema.Database{
				OID: oid, Name: s, Owner: owner, Comment: comment, Template: template,
				NoConnect: closed, PublicSchema: public,
			},
			&schema.Namespace{
				OID: public, DB: oid, Name: "public", Owner: owner,
				Comment: "standard public schema",
			})
	}
	database(schema.PostgresDBOID, "postgres", schema.PublicOID,
		"default administrative connection database", false, false)
	database(template1OID, "template1", template1PublicOID, "default template for new databases", true, false)
	database(template0OID, "template0", template0PublicOID, "unmodifiable empty database", true, true)
	return append(out,
		&schema.Namespace{
			OID: schema.PgCatalogOID, Name: "pg_catalog", Owner: owner,
			Comment: "system catalog schema",
		},
		&schema.Namespace{OID: schema.InfoSchemaOID, Name: "information_schema", Owner: owner})
}
