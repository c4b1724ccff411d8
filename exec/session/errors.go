package session

import (
	"errors"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/exec"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/storage"
)

// translate gives errors from below their SQLSTATE.
func translate(err error) error {
	var pe *pgerr.Error
	if err == nil || errors.As(err, &pe) {
		return err
	}
	if errors.Is(err, storage.ErrRetry) { // where the statement cannot begin anew
		return pgerr.New(pgerrcode.SerializationFailure, "could not serialize access due to concurrent update").Wrap(err)
	}
	return exec.Translate(err)
}

// sequenceError says which way a sequence ran out.
func sequenceError(err error, t *schema.Table) error {
	if errors.Is(err, storage.ErrSequenceLimit) {
		what, limit := "maximum", t.Sequence.Max
		if t.Sequence.Increment < 0 {
			what, limit = "minimum", t.Sequence.Min
		}
		return pgerr.New(pgerrcode.SequenceGeneratorLimitExceeded, "nextval: reached %s value of sequence %q (%d)", what, t.Name, limit)
	}
	return translate(err)
}
