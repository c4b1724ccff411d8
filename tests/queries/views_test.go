package queries_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// A view shows what its tables hold now, also through other views, and follows their renaming.
func TestViewsOverViews(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`
create table item (id int primary key, label text, price numeric, sold bool default false);
insert into item values (1, 'pen', 2, true), (2, 'ink', 7.5, false), (3, null, null, true);
create view cheap as select id, label, price from item where price < 5 or price is null;
create view named (no, title) as select id, coalesce(label, '?') from cheap;
create view totals as select sold, count(*) n, sum(price) total from item group by sold`)
	db.Rows("select * from named order by no",
		"1|pen",
		"3|?",
	)
	db.Rows("select t.sold, t.total, n.title from totals t left join named n on n.no = t.n order by 1",
		"f|7.5|pen",
		"t|2|<null>",
	)
	db.Must("insert into item values (4, 'cap', 1)")
	db.Rows("select * from named where no > 1 order by title desc",
		"4|cap",
		"3|?",
	)
	db.Must("alter table item rename to article; alter table article rename column label to text_")
	db.Rows("select * from named order by no",
		"1|pen",
		"3|?",
		"4|cap",
	)
	db.Rows("select label from cheap order by id",
		"pen",
		"<null>",
		"cap",
	)
	db.Must("alter view cheap rename to affordable")
	db.Is("select count(*) from named", "3")
	db.Is("select * from cheap", `42P01: relation "cheap" does not exist`)
	db.Must("alter table article add column extra int default 9")
	db.Is("select * from affordable where id = 1", "1|pen|2")
	db.Is("create or replace view affordable as select id, text_ as label, price, extra from article", "CREATE VIEW")
	db.Is("select count(*), max(extra) from affordable", "4|9")
	db.Is("create or replace view affordable as select id, text_ as label, price from article",
		"42P16: cannot drop columns from view")
	db.Is("create or replace view affordable as select id, text_ as other, price, extra from article",
		`42P16: cannot change name of view column "label" to "other" `+
			`HINT: Use ALTER VIEW ... RENAME COLUMN ... to change name of view column instead.`)
	db.Is("create or replace view affordable as select id::text, text_ as label, price, extra from article",
		`42P16: cannot change data type of view column "id" from integer to text`)
	db.Is("create view affordable as select 1", `42P07: relation "affordable" already exists`)
	db.Is("create view twice as select 1 a, 2 a", `42701: column "a" specified more than once`)
	db.Is("create view v (a, b, c) as select 1, 2", "42601: CREATE VIEW specifies more column names than columns")
	db.Is("create view v as select * from nowhere", `42P01: relation "nowhere" does not exist`)
}

// What a view stands on cannot go before it, unless CASCADE takes both.
func TestViewDependencies(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`
create table base (a int, b text, c int);
create view v1 as select a, b from base;
create view v2 as select a from v1`)
	db.Is("drop table base",
		`2BP01: cannot drop table base because other objects depend on it DETAIL: view v1 depends on table base
view v2 depends on view v1 HINT: Use DROP ... CASCADE to drop the dependent objects too.`)
	db.Is("drop view v1",
		"2BP01: cannot drop view v1 because other objects depend on it DETAIL: view v2 depends on view v1 "+
			"HINT: Use DROP ... CASCADE to drop the dependent objects too.")
	db.Is("alter table base drop column b",
		`2BP01: cannot drop column b of table base because other objects depend on it DETAIL: view v1 depends on column b of table base
view v2 depends on view v1 HINT: Use DROP ... CASCADE to drop the dependent objects too.`)
	db.Is("alter table base drop column c", "ALTER TABLE")
	db.Is("alter table base alter column a type bigint",
		`0A000: cannot alter type of a column used by a view or rule DETAIL: rule _RETURN on view v1 depends on column "a"`)
	db.Is("drop table v1", `42809: "v1" is not a table HINT: Use DROP VIEW to remove a view.`)
	db.Is("drop view base", `42809: "base" is not a view HINT: Use DROP TABLE to remove a table.`)
	db.Is("drop view nowhere", `42P01: view "nowhere" does not exist`)
	db.Is("drop view if exists nowhere", "DROP VIEW")
	db.Is("alter table base drop column b cascade", "ALTER TABLE")
	db.Is("select * from v2", `42P01: relation "v2" does not exist`)
	db.Is("create view v3 as select count(*) from base; drop table base cascade", "DROP TABLE")
	db.Is("select * from v3", `42P01: relation "v3" does not exist`)
}
