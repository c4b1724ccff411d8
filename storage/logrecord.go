package storage

import (
	"encoding/binary"
	"fmt"
)

// logFormat is the first byte of a log record.
const logFormat = 1

// logRecord is what the log keeps of a commit: when it was and what it changed.
type logRecord struct {
	Time   int64 // µs since 1970
	Tables []tableChange
}

// tableChange counts what a commit did to a table.
type tableChange struct {
	Table OID
	Made  uint64 // row versions made
	Ended uint64 // row versions ended
}

func (r *logRecord) encode() []byte {
	b := []byte{logFormat}
	b = binary.AppendVarint(b, r.Time)
	b = binary.AppendUvarint(b, uint64(len(r.Tables)))
	for _, t := range r.Tables {
		b = binary.AppendUvarint(b, uint64(t.Table))
		b = binary.AppendUvarint(b, t.Made)
		b = binary.AppendUvarint(b, t.Ended)
	}
	return b
}

func decodeLog(b []byte) (r logRecord, err error) {
	if len(b) == 0 || b[0] != logFormat {
		return r, fmt.Errorf("%w: log record format", ErrCorrupt)
	}
	t, n := binary.Varint(b[1:])
	if n <= 0 {
		return r, fmt.Errorf("%w: log record", ErrCorrupt)
	}
	r.Time = t
	br := byteReader{rest: b[1+n:]}
	for count := br.uvarint(); count > 0 && !br.bad; count-- {
		r.Tables = append(r.Tables, tableChange{OID(br.uvarint()), br.uvarint(), br.uvarint()})
	}
	if br.bad || len(br.rest) != 0 {
		return r, fmt.Errorf("%w: log record", ErrCorrupt)
	}
	return r, nil
}
