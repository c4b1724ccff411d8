package index

import "errors"

var (
	// ErrCorrupt is wrapped with the file's name when an index file's content is not what was written.
	ErrCorrupt = errors.New("index file is corrupt")
	// ErrTooFewRows says that there are no rows to train from. The caller leaves the rows unindexed
	// and searches them exactly.
	ErrTooFewRows = errors.New("not enough rows to train the index")
	// ErrStale says that a segment was built over another model than the one it is to be searched with.
	ErrStale = errors.New("index segment belongs to another model")
	// ErrDims says that a vector has another number of dimensions than the index.
	ErrDims = errors.New("different vector dimensions")
	// ErrVersion says that a file was written by a newer program.
	ErrVersion = errors.New("index file has a newer format")
)
