package copyfmt

import (
	"io"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
)

// Limits of the input.
const (
	// inputBytesFirst is the size of the buffer at first: some messages of a usual client.
	inputBytesFirst = 64 << 10
	// rowBytesMax bounds one line or one binary value: PostgreSQL's limit of a string buffer.
	rowBytesMax = 1<<30 - 1
	// emptyReadsMax bounds reads in a row that give nothing.
	emptyReadsMax = 100
)

// input is a buffer over the stream. What is not read yet is buf[pos:end]; filling may move it.
type input struct {
	r        io.Reader
	buf      []byte
	pos, end int
	eof      bool
	taken    int64 // bytes read before pos
}

// rest is what is buffered.
func (in *input) rest() []byte { return in.buf[in.pos:in.end] }

// skip marks n buffered bytes as read.
func (in *input) skip(n int) {
	in.pos += n
	in.taken += int64(n)
}

// fill reads more, or sets eof. Slices of the buffer are invalid afterwards.
func (in *input) fill() error {
	if in.pos > 0 {
		copy(in.buf, in.rest())
		in.end -= in.pos
		in.pos = 0
	}
	if in.end == len(in.buf) {
		if in.end >= rowBytesMax {
			return pgerr.New(pgerrcode.ProgramLimitExceeded, "a row of COPY data is longer than %d bytes", rowBytesMax)
		}
		grown := make([]byte, max(2*len(in.buf), inputBytesFirst))
		copy(grown, in.buf[:in.end])
		in.buf = grown
	}
	for range emptyReadsMax {
		n, err := in.r.Read(in.buf[in.end:])
		in.end += n
		if err == io.EOF {
			in.eof = true
			return nil
		}
		if err != nil || n > 0 {
			return err
		}
	}
	return io.ErrNoProgress
}

// need makes n bytes available, if the stream has them.
func (in *input) need(n int) (bool, error) {
	for in.end-in.pos < n {
		if in.eof {
			return false, nil
		}
		if err := in.fill(); err != nil {
			return false, err
		}
	}
	return true, nil
}
