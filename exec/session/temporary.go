package session

import (
	"context"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/storage"
)

// tempSchema makes the session's temporary schema when it is first needed.
func (s *Session) tempSchema() (schema.OID, error) {
	if s.temp != 0 && s.tx.txn.Catalog().NamespaceByOID(s.temp) != nil {
		return s.temp, nil
	}
	oid, err := s.tx.txn.NewOID()
	if err != nil {
		return 0, err
	}
	ns := &schema.Namespace{OID: oid, DB: s.db.OID, Name: "pg_temp_" + itoa(int(s.pid)), Owner: s.role.OID, Temp: true}
	if err := s.tx.txn.Put(ns); err != nil {
		return 0, err
	}
	s.temp = oid
	return oid, nil
}

// dropTemp drops the temporary schema with all in it. What it cannot drop now, the next start will.
func (s *Session) dropTemp() {
	if s.temp == 0 || s.tx.txn != nil {
		return
	}
	txn := s.srv.Store.Begin(storage.TxnOptions{})
	if err := DropNamespace(txn, s.temp); err == nil {
		_, _ = txn.Commit(context.Background())
	} else {
		txn.Rollback()
	}
	s.temp = 0
	s.view = nil
}

// discardTemp drops what is in the temporary schema.
func (s *Session) discardTemp() error {
	if s.temp == 0 {
		return nil
	}
	s.tx.wrote = true
	err := emptyNamespace(s.tx.txn, s.temp)
	s.freshView()
	return err
}

// DropNamespace drops a schema with the relations in it.
func DropNamespace(txn *storage.Txn, oid schema.OID) error {
	if err := emptyNamespace(txn, oid); err != nil {
		return err
	}
	if ns := txn.Catalog().NamespaceByOID(oid); ns != nil {
		return txn.Drop(ns)
	}
	return nil
}

// emptyNamespace drops the relations in a schema.
func emptyNamespace(txn *storage.Txn, oid schema.OID) error {
	c := txn.Catalog()
	for _, t := range c.TablesIn(oid) {
		for _, x := range c.IndexesOf(t.OID) {
			if err := txn.Drop(x); err != nil {
				return err
			}
		}
		if err := txn.Drop(t); err != nil {
			return err
		}
	}
	return nil
}

// endTemp does before a commit what ON COMMIT of temporary tables says.
func (s *Session) endTemp(ctx context.Context) error {
	if s.temp == 0 {
		return nil
	}
	var emptied []*schema.Table
	var dropped []*sql.TableName
	c := s.tx.txn.Catalog()
	for _, t := range c.TablesIn(s.temp) {
		switch {
		case t.OnCommit == 'x':
			dropped = append(dropped, &sql.TableName{Schema: c.NamespaceName(t), Name: t.Name})
		case t.OnCommit == 'd' && s.tx.txn.Wrote(t.OID):
			emptied = append(emptied, t)
		}
	}
	for _, t := range emptied {
		for _, d := range c.Dependents(t.OID) {
			if r, ok := d.Object.(*schema.Table); ok && d.Constraint != 0 && r.OnCommit != 'd' {
				return pgerr.New(pgerrcode.FeatureNotSupported, "unsupported ON COMMIT and foreign key combination").
					Detail("Table %q references %q, but they do not have the same ON COMMIT setting.", r.Name, t.Name)
			}
		}
		if err := s.tx.txn.Truncate(t.OID); err != nil {
			return translate(err)
		}
	}
	if dropped == nil {
		return nil
	}
	return translate(s.attempt(func() error {
		_, err := s.defineOnce(ctx, &sql.Drop{Kind: sql.ObjTable, Names: dropped, Cascade: true}, arguments{})
		return err
	}))
}
