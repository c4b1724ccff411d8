package ddl_test

// shape asks for what psql's \d shows of a table: its columns, constraints and indexes, each a row.
func shape(table string) string {
	return `select line from (
		select 1 as part, lpad(attnum::text, 5) as place, attname || ' ' || format_type(atttypid, atttypmod)
			|| case when attnotnull then ' not null' else '' end
			|| case attidentity when '' then '' else ' identity ' || attidentity::text end
			|| case attgenerated when '' then '' else ' generated' end
			|| coalesce(' default ' || pg_get_expr(adbin, adrelid), '') as line
		from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
		where attrelid = '` + table + `'::regclass and attnum > 0 and not attisdropped
		union all
		select 2, conname, conname || ' ' || pg_get_constraintdef(oid) from pg_constraint where conrelid = '` + table + `'::regclass
		union all
		select 3, c.relname, pg_get_indexdef(indexrelid) from pg_index join pg_class c on c.oid = indexrelid
		where indrelid = '` + table + `'::regclass
	) as lines order by part, place`
}
