package pgcatalog_test

import "testing"

// What psql asks for \d of a table is answered as PostgreSQL answers it.
func TestPsqlDescribe(t *testing.T) {
	db := fixture(t)
	db.Rows(`SELECT n.nspname, c.relname FROM pg_catalog.pg_class c
		LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relname OPERATOR(pg_catalog.~) '^(parent.*|shown)$' COLLATE pg_catalog.default
		AND pg_catalog.pg_table_is_visible(c.oid) ORDER BY 1, 2`,
		"public|parent",
		"public|parent_code_key",
		"public|parent_id_seq",
		"public|parent_lower",
		"public|parent_pkey",
		"public|parent_tags",
		"public|shown",
	)
	db.Rows(`SELECT c.relchecks, c.relkind, c.relhasindex, c.relhasrules, c.relhastriggers, c.relrowsecurity,
		c.relforcerowsecurity, false AS relhasoids, c.relispartition, '',
		c.reltablespace, CASE WHEN c.reloftype = 0 THEN '' ELSE c.reloftype::pg_catalog.regtype::pg_catalog.text END,
		c.relpersistence, c.relreplident, am.amname
		FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_class tc ON (c.reltoastrelid = tc.oid)
		LEFT JOIN pg_catalog.pg_am am ON (c.relam = am.oid)
		WHERE c.oid = 'parent'::regclass`,
		"2|r|t|f|t|f|f|f|f||0||p|d|heap",
	)
	db.Rows(`SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
		(SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid, true) FROM pg_catalog.pg_attrdef d
		WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.atthasdef),
		a.attnotnull, (SELECT c.collname FROM pg_catalog.pg_collation c, pg_catalog.pg_type t
		WHERE c.oid = a.attcollation AND t.oid = a.atttypid AND a.attcollation <> t.typcollation) AS attcollation,
		a.attidentity, a.attgenerated, a.attstorage, CASE WHEN a.attstattarget=-1 THEN NULL ELSE a.attstattarget END
		AS attstattarget, pg_catalog.col_description(a.attrelid, a.attnum)
		FROM pg_catalog.pg_attribute a WHERE a.attrelid = 'parent'::regclass AND a.attnum > 0 AND NOT a.attisdropped
		ORDER BY a.attnum`,
		"id|integer|<null>|t|<null>|a||p|<null>|<null>",
		"code|character varying(8)|<null>|t|<null>|||x|<null>|its code",
		"price|numeric(8,2)|1.5|f|<null>|||m|<null>|<null>",
		"tags|text[]|<null>|f|<null>|||x|<null>|<null>",
		"made|timestamp with time zone|now()|f|<null>|||p|<null>|<null>",
		"v|vector(3)|<null>|f|<null>|||e|<null>|<null>",
		"twice|integer|7|f|<null>||s|p|<null>|<null>",
	)
	db.Rows(`SELECT c2.relname, i.indisprimary, i.indisunique, i.indisclustered, i.indisvalid,
		pg_catalog.pg_get_indexdef(i.indexrelid, 0, true),
		pg_catalog.pg_get_constraintdef(con.oid, true), contype, condeferrable, condeferred, i.indisreplident,
		c2.reltablespace
		FROM pg_catalog.pg_class c, pg_catalog.pg_class c2, pg_catalog.pg_index i
		LEFT JOIN pg_catalog.pg_constraint con ON (conrelid = i.indrelid AND conindid = i.indexrelid
		AND contype IN ('p','u','x'))
		WHERE c.oid in ('parent'::regclass, 'other.child'::regclass) AND c.oid = i.indrelid AND i.indexrelid = c2.oid
		ORDER BY i.indisprimary DESC, c2.relname`,
		"child_pkey|t|t|f|t|CREATE UNIQUE INDEX child_pkey ON other.child USING btree (a) INCLUDE (c)|"+
			"PRIMARY KEY (a) INCLUDE (c)|p|f|f|f|0",
		"parent_pkey|t|t|f|t|CREATE UNIQUE INDEX parent_pkey ON parent USING btree (id)|PRIMARY KEY (id)|p|f|f|f|0",
		"child_b_c_key|f|t|f|t|CREATE UNIQUE INDEX child_b_c_key ON other.child USING btree (b, "+
			"c) NULLS NOT DISTINCT|UNIQUE NULLS NOT DISTINCT (b, c)|u|f|f|f|0",
		"parent_code_key|f|t|f|t|CREATE UNIQUE INDEX parent_code_key ON parent USING btree (code)|UNIQUE (code)|u|f|f|f|0",
		"parent_lower|f|f|f|t|CREATE INDEX parent_lower ON parent USING btree (lower(code::text) DESC, "+
			"made NULLS FIRST) WHERE price > 2::numeric|<null>|<null>|<null>|<null>|f|0",
		"parent_tags|f|f|f|t|CREATE INDEX parent_tags ON parent USING btree (tags) WITH (fillfactor='70')|<null>|"+
			"<null>|<null>|<null>|f|0",
	)
	db.Rows(`SELECT r.conname, pg_catalog.pg_get_constraintdef(r.oid, true) FROM pg_catalog.pg_constraint r
		WHERE r.conrelid = 'parent'::regclass AND r.contype = 'c' ORDER BY 1`,
		"parent_price_check|CHECK (price > 0::numeric)",
		"whole|CHECK (code::text <> ''::text AND price < 1000::numeric)",
	)
	db.Rows(`SELECT true as sametable, conname, pg_catalog.pg_get_constraintdef(r.oid, true) as condef,
		conrelid::pg_catalog.regclass AS ontable
		FROM pg_catalog.pg_constraint r WHERE r.conrelid = 'other.child'::regclass AND r.contype = 'f'
		AND conparentid = 0 ORDER BY conname`,
		"t|child_b_fkey|FOREIGN KEY (b) REFERENCES parent(id) ON DELETE CASCADE|other.child",
	)
	db.Rows(`SELECT conname, conrelid::pg_catalog.regclass AS ontable,
		pg_catalog.pg_get_constraintdef(oid, true) AS condef FROM pg_catalog.pg_constraint c
		WHERE confrelid IN (SELECT pg_catalog.pg_partition_ancestors('parent'::regclass) UNION ALL
		VALUES ('parent'::pg_catalog.regclass)) AND contype = 'f' AND conparentid = 0 ORDER BY conname`,
		"child_b_fkey|other.child|FOREIGN KEY (b) REFERENCES parent(id) ON DELETE CASCADE",
	)
	db.Rows(`SELECT pol.polname, pol.polpermissive, pg_catalog.pg_get_expr(pol.polqual, pol.polrelid)
		FROM pg_catalog.pg_policy pol WHERE pol.polrelid = 'parent'::regclass ORDER BY 1`)
	db.Rows(`SELECT oid, stxrelid::pg_catalog.regclass, stxnamespace::pg_catalog.regnamespace::pg_catalog.text AS
		nsp, stxname FROM pg_catalog.pg_statistic_ext WHERE stxrelid = 'parent'::regclass ORDER BY nsp, stxname`)
	db.Rows(`SELECT pubname FROM pg_catalog.pg_publication p
		JOIN pg_catalog.pg_publication_rel pr ON p.oid = pr.prpubid WHERE pr.prrelid = 'parent'::regclass ORDER BY 1`)
	db.Rows(`SELECT c.oid::pg_catalog.regclass FROM pg_catalog.pg_class c, pg_catalog.pg_inherits i
		WHERE c.oid = i.inhparent AND i.inhrelid = 'parent'::regclass AND c.relkind != 'p' AND c.relkind != 'I'
		ORDER BY inhseqno`)
	db.Rows(`SELECT pg_catalog.pg_get_viewdef('shown'::regclass, true),
		pg_catalog.pg_get_viewdef('other.nested'::regclass, true)`,
		` SELECT p.id,
    p.code,
    c.a
   FROM parent p
     LEFT JOIN other.child c ON c.b = p.id
  WHERE p.price > 1::numeric;| SELECT id,
    ( SELECT count(*) AS count
           FROM other.child) AS n
   FROM shown;`,
	)
	db.Rows(`SELECT r.rulename, trim(trailing ';' from pg_catalog.pg_get_ruledef(r.oid, true))
		FROM pg_catalog.pg_rewrite r WHERE r.ev_class = 'shown'::regclass AND r.rulename != '_RETURN' ORDER BY 1`)
	db.Rows(`SELECT pg_catalog.format_type(seqtypid, NULL), seqstart, seqmin, seqmax, seqincrement,
		CASE WHEN seqcycle THEN 'yes' ELSE 'no' END, seqcache FROM pg_catalog.pg_sequence
		WHERE seqrelid = 'counter'::regclass`,
		"smallint|5|5|100|5|yes|1",
	)
	db.Rows(`SELECT pg_catalog.quote_ident(nspname) || '.' || pg_catalog.quote_ident(relname) || '.' ||
		pg_catalog.quote_ident(attname), d.deptype FROM pg_catalog.pg_class c
		INNER JOIN pg_catalog.pg_depend d ON c.oid=d.refobjid
		INNER JOIN pg_catalog.pg_namespace n ON n.oid=c.relnamespace
		INNER JOIN pg_catalog.pg_attribute a ON (a.attrelid=c.oid AND a.attnum=d.refobjsubid)
		WHERE d.classid='pg_catalog.pg_class'::pg_catalog.regclass
		AND d.refclassid='pg_catalog.pg_class'::pg_catalog.regclass
		AND d.objid in ('counter'::regclass, 'parent_id_seq'::regclass, 'other.child_a_seq'::regclass)
		AND d.deptype IN ('a', 'i') order by 1`,
		"other.child.a|a",
		"public.parent.id|i",
		"public.parent.price|a",
	)
	db.Rows(`SELECT i.indisunique, i.indisprimary, i.indisclustered, i.indisvalid, (NOT i.indimmediate)
		AND EXISTS (SELECT 1 FROM pg_catalog.pg_constraint
		WHERE conrelid = i.indrelid AND conindid = i.indexrelid AND contype IN ('p','u','x') AND condeferrable),
		false, false, i.indisreplident, i.indnullsnotdistinct, a.amname, c2.relname,
		pg_catalog.pg_get_expr(i.indpred, i.indrelid, true)
		FROM pg_catalog.pg_index i, pg_catalog.pg_class c, pg_catalog.pg_class c2, pg_catalog.pg_am a
		WHERE i.indexrelid = c.oid AND c.oid = 'parent_lower'::regclass AND c.relam = a.oid AND i.indrelid = c2.oid`,
		"f|f|f|t|f|f|f|f|f|btree|parent|price > 2::numeric",
	)
	db.Rows(`SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
		CASE WHEN a.attnum <= (SELECT i.indnkeyatts FROM pg_catalog.pg_index i
		WHERE i.indexrelid = a.attrelid) THEN 'yes' ELSE 'no' END AS is_key,
		pg_catalog.pg_get_indexdef(a.attrelid, a.attnum, TRUE) AS indexdef FROM pg_catalog.pg_attribute a
		WHERE a.attrelid in ('parent_lower'::regclass, 'other.child_pkey'::regclass) AND a.attnum > 0
		AND NOT a.attisdropped ORDER BY a.attrelid::regclass::text, a.attnum`,
		"a|integer|yes|a",
		"c|text|no|c",
		"lower|text|yes|lower(code::text)",
		"made|timestamp with time zone|yes|made",
	)
}

// What psql asks for its lists (\dt, \dn, \dp, \dd ...) is answered as PostgreSQL answers it.
func TestPsqlLists(t *testing.T) {
	db := fixture(t)
	db.Rows(`SELECT n.nspname as "Schema", c.relname as "Name",
		CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'i' THEN
		'index' WHEN 'S' THEN 'sequence'
		WHEN 't' THEN 'TOAST table' WHEN 'f' THEN 'foreign table' WHEN 'p' THEN 'partitioned table' WHEN 'I' THEN
		'partitioned index' END as "Type",
		pg_catalog.pg_get_userbyid(c.relowner) as "Owner", c2.relname as "Table",
		CASE c.relpersistence WHEN 'p' THEN 'permanent' WHEN 't' THEN 'temporary' WHEN 'u' THEN 'unlogged' END as
		"Persistence",
		am.amname, pg_catalog.obj_description(c.oid, 'pg_class') as "Description"
		FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam
		LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid LEFT JOIN pg_catalog.pg_class c2 ON i.indrelid = c2.oid
		WHERE c.relkind IN ('r','p','v','m','S','s','f','i','I','') AND n.nspname <> 'pg_catalog'
		AND n.nspname !~ '^pg_toast' AND n.nspname !~ '^pg_temp' AND n.nspname <> 'information_schema' ORDER BY 1,2`,
		"other|child|table|postgres|<null>|permanent|heap|<null>",
		"other|child_a_seq|sequence|postgres|<null>|permanent|<null>|<null>",
		"other|child_b_c_key|index|postgres|child|permanent|btree|<null>",
		"other|child_pkey|index|postgres|child|permanent|btree|<null>",
		"other|nested|view|postgres|<null>|permanent|<null>|<null>",
		"public|counter|sequence|postgres|<null>|permanent|<null>|a sequence",
		"public|parent|table|postgres|<null>|permanent|heap|the parent",
		"public|parent_code_key|index|postgres|parent|permanent|btree|<null>",
		"public|parent_id_seq|sequence|postgres|<null>|permanent|<null>|<null>",
		"public|parent_lower|index|postgres|parent|permanent|btree|an index",
		"public|parent_pkey|index|postgres|parent|permanent|btree|<null>",
		"public|parent_tags|index|postgres|parent|permanent|btree|<null>",
		"public|shown|view|postgres|<null>|permanent|<null>|a view",
	)
	db.Rows(`SELECT n.nspname AS "Name", pg_catalog.pg_get_userbyid(n.nspowner) AS "Owner",
		pg_catalog.array_to_string(n.nspacl, E'\n') AS "Access privileges",
		pg_catalog.obj_description(n.oid, 'pg_namespace') AS "Description"
		FROM pg_catalog.pg_namespace n WHERE n.nspname !~ '^pg_'
		AND n.nspname not in ('information_schema', 'public') ORDER BY 1`,
		"other|postgres|postgres=UC/postgres\n=U/postgres|a schema",
	)
	db.Rows(`SELECT n.nspname as "Schema", c.relname as "Name",
		CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'S' THEN 'sequence' END as "Type",
		CASE WHEN pg_catalog.cardinality(c.relacl) = 0 THEN '(none)' ELSE pg_catalog.array_to_string(c.relacl,
		E'\n') END AS "Access privileges",
		pg_catalog.array_to_string(ARRAY(SELECT attname || E':\n  ' || pg_catalog.array_to_string(attacl, E'\n  ')
		FROM pg_catalog.pg_attribute a WHERE attrelid = c.oid AND NOT attisdropped AND attacl IS NOT NULL),
		E'\n') AS "Column privileges"
		FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relkind IN ('r','v','m','S','f','p') AND n.nspname in ('public', 'other') ORDER BY 1, 2`,
		"other|child|table|<null>|",
		"other|child_a_seq|sequence|<null>|",
		"other|nested|view|<null>|",
		"public|counter|sequence|postgres=rwU/postgres\n=U/postgres|",
		"public|parent|table|postgres=arwdDxt/postgres\n=ar/postgres|",
		"public|parent_id_seq|sequence|<null>|",
		"public|shown|view|<null>|",
	)
	db.Rows(`SELECT DISTINCT tt.nspname AS "Schema", tt.name AS "Name", tt.object AS "Object",
		d.description AS "Description" FROM (
		SELECT pgc.oid as oid, pgc.tableoid AS tableoid, n.nspname as nspname,
		CAST(pgc.conname AS pg_catalog.text) as name, CAST('table constraint' AS pg_catalog.text) as object
		FROM (select oid, 2606::oid as tableoid, conname, conrelid from pg_catalog.pg_constraint) pgc
		JOIN pg_catalog.pg_class c ON c.oid = pgc.conrelid LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname <> 'pg_catalog' AND n.nspname <> 'information_schema' AND pg_catalog.pg_table_is_visible(c.oid)
		) AS tt JOIN pg_catalog.pg_description d ON (tt.oid = d.objoid AND tt.tableoid = d.classoid
		AND d.objsubid = 0) ORDER BY 1, 2, 3`,
		"public|whole|table constraint|a check",
	)
	db.Rows(`SELECT e.extname AS "Name", e.extversion AS "Version", n.nspname AS "Schema",
		c.description AS "Description" FROM pg_catalog.pg_extension e
		LEFT JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
		LEFT JOIN pg_catalog.pg_description c ON c.objoid = e.oid
		AND c.classoid = 'pg_catalog.pg_extension'::pg_catalog.regclass where e.extname = 'vector' ORDER BY 1`,
		"vector|0.8.5|public|vector data type and ivfflat and hnsw access methods",
	)
	db.Rows(`SELECT n.nspname as "Schema", p.proname as "Name",
		pg_catalog.pg_get_function_result(p.oid) as "Result data type",
		pg_catalog.pg_get_function_arguments(p.oid) as "Argument data types",
		CASE p.prokind WHEN 'a' THEN 'agg' WHEN 'w' THEN 'window' WHEN 'p' THEN 'proc' ELSE 'func' END as "Type"
		FROM pg_catalog.pg_proc p LEFT JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
		WHERE p.proname in ('cosine_distance', 'lpad', 'generate_series', 'array_agg', 'row_number', 'format')
		AND pg_catalog.pg_function_is_visible(p.oid) and n.nspname in ('pg_catalog', 'public')
		ORDER BY 1, 2, 4`,
		"pg_catalog|array_agg|anyarray|anyarray|agg",
		"pg_catalog|array_agg|anyarray|anynonarray|agg",
		"pg_catalog|format|text|text|func",
		`pg_catalog|format|text|text, VARIADIC "any"|func`,
		"pg_catalog|generate_series|SETOF bigint|bigint, bigint|func",
		"pg_catalog|generate_series|SETOF bigint|bigint, bigint, bigint|func",
		"pg_catalog|generate_series|SETOF integer|integer, integer|func",
		"pg_catalog|generate_series|SETOF integer|integer, integer, integer|func",
		"pg_catalog|generate_series|SETOF numeric|numeric, numeric|func",
		"pg_catalog|generate_series|SETOF numeric|numeric, numeric, numeric|func",
		"pg_catalog|generate_series|SETOF timestamp with time zone|timestamp with time zone, "+
			"timestamp with time zone, interval|func",
		"pg_catalog|generate_series|SETOF timestamp with time zone|timestamp with time zone, "+
			"timestamp with time zone, interval, text|func",
		"pg_catalog|generate_series|SETOF timestamp without time zone|timestamp without time zone, "+
			"timestamp without time zone, interval|func",
		"pg_catalog|lpad|text|text, integer|func",
		"pg_catalog|lpad|text|text, integer, text|func",
		"pg_catalog|row_number|bigint||window",
		"public|cosine_distance|double precision|halfvec, halfvec|func",
		"public|cosine_distance|double precision|sparsevec, sparsevec|func",
		"public|cosine_distance|double precision|vector, vector|func",
	)
	db.Rows(`SELECT n.nspname as "Schema", o.oprname AS "Name",
		CASE WHEN o.oprkind='l' THEN NULL ELSE pg_catalog.format_type(o.oprleft, NULL) END AS "Left arg type",
		CASE WHEN o.oprkind='r' THEN NULL ELSE pg_catalog.format_type(o.oprright, NULL) END AS "Right arg type",
		pg_catalog.format_type(o.oprresult, NULL) AS "Result type"
		FROM pg_catalog.pg_operator o LEFT JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
		WHERE o.oprname in ('<=>', '||/', '->>') and pg_catalog.format_type(o.oprleft, NULL) !~ 'halfvec|sparsevec'
		ORDER BY 1, 2, 3, 4`,
		"pg_catalog|->>|json|integer|text",
		"pg_catalog|->>|json|text|text",
		"pg_catalog|->>|jsonb|integer|text",
		"pg_catalog|->>|jsonb|text|text",
		"pg_catalog|||/|<null>|double precision|double precision",
		"public|<=>|vector|vector|double precision",
	)
	db.Rows(`SELECT n.nspname as "Schema", pg_catalog.format_type(t.oid, NULL) AS "Name" FROM pg_catalog.pg_type t
		LEFT JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
		WHERE (t.typrelid = 0 OR (SELECT c.relkind = 'c' FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid))
		AND NOT EXISTS(SELECT 1 FROM pg_catalog.pg_type el WHERE el.oid = t.typelem AND el.typarray = t.oid)
		AND t.typname in ('int4', 'vector', 'text', 'timestamptz') ORDER BY 1, 2`,
		"pg_catalog|integer",
		"pg_catalog|text",
		"pg_catalog|timestamp with time zone",
		"public|vector",
	)
	db.Rows(`SELECT pg_catalog.format_type(castsource, NULL) AS "Source type",
		pg_catalog.format_type(casttarget, NULL) AS "Target type",
		CASE WHEN c.castmethod = 'b' THEN '(binary coercible)' WHEN c.castmethod = 'i' THEN '(with inout)' ELSE
		p.proname END AS "Function",
		CASE WHEN c.castcontext = 'e' THEN 'no' WHEN c.castcontext = 'a' THEN 'in assignment' ELSE 'yes' END AS
		"Implicit?" FROM pg_catalog.pg_cast c LEFT JOIN pg_catalog.pg_proc p ON c.castfunc = p.oid
		LEFT JOIN pg_catalog.pg_type ts ON c.castsource = ts.oid
		LEFT JOIN pg_catalog.pg_type tt ON c.casttarget = tt.oid
		WHERE ts.typname in ('vector', 'date', 'bool') and tt.typname not in ('halfvec', 'sparsevec') ORDER BY 1, 2`,
		"boolean|character|text|in assignment",
		"boolean|character varying|text|in assignment",
		"boolean|integer|int4|no",
		"boolean|text|text|in assignment",
		"date|timestamp with time zone|timestamptz|yes",
		"date|timestamp without time zone|timestamp|yes",
		"vector|real[]|vector_to_float4|yes",
		"vector|vector|vector|yes",
	)
	db.Rows(`SELECT n.nspname AS "Schema", c.collname AS "Name", c.collisdeterministic
		FROM pg_catalog.pg_collation c, pg_catalog.pg_namespace n
		WHERE n.oid = c.collnamespace AND c.collname in ('C', 'POSIX', 'default') ORDER BY 1, 2`,
		"pg_catalog|C|t",
		"pg_catalog|POSIX|t",
		"pg_catalog|default|t",
	)
	db.Rows(`SELECT amname AS "Name", CASE amtype WHEN 'i' THEN 'Index' WHEN 't' THEN 'Table' END AS "Type"
		FROM pg_catalog.pg_am where amname in ('heap', 'btree', 'hash') ORDER BY 1`,
		"btree|Index",
		"hash|Index",
		"heap|Table",
	)
	db.Rows(`SELECT am.amname AS "AM", pg_catalog.format_type(c.opcintype, NULL) AS "Input type",
		c.opcname AS "Operator class", c.opcdefault AS "Default?" FROM pg_catalog.pg_opclass c
		LEFT JOIN pg_catalog.pg_am am on am.oid = c.opcmethod
		where am.amname = 'btree' and c.opcintype in ('int4'::regtype, 'text'::regtype, 'date'::regtype,
		'vector'::regtype) ORDER BY 1, 2, 3`,
		"btree|date|date_ops|t",
		"btree|integer|int4_ops|t",
		"btree|text|text_ops|t",
		"btree|text|text_pattern_ops|f",
		"btree|text|varchar_ops|f",
		"btree|text|varchar_pattern_ops|f",
		"btree|vector|vector_ops|t",
	)
}
