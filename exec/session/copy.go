package session

import (
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/wire/backend"
)

func (s *Session) copyPortal(*sql.Copy) (backend.Portal, error) { return nil, pgerr.Unsupported("COPY") }
