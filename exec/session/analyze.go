package session

import (
	"context"

	"github.com/vecdb/vecdb/sql/schema"
)

// analyze makes the statistics of one table from a sample of its rows.
func (s *Session) analyze(ctx context.Context, t *schema.Table) error {
	s.tx.wrote = true
	s.tx.txn.StartStatement()
	return s.tx.txn.Analyze(ctx, t.OID)
}
