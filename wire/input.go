package wire

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
)

// input frames what a client sends. It reads ahead into a borrowed buffer, and holds none while the
// connection is idle and nothing is there to be read.
type input struct {
	nc      net.Conn
	raw     syscall.RawConn // nil: the connection cannot be waited for without a buffer
	buffers *buffers

	block *[blockBytes]byte // borrowed, or nil
	buf   []byte            // block, or larger while a larger message is read
	r, w  int               // buf[r:w] is not consumed yet

	// waiting is called before each read that may block.
	waiting func() error
	// woken is called when a read's deadline has passed: nil to go on reading.
	woken func() error

	once    func(fd uintptr) bool // readOnce, made once since each bound method is an allocation
	onceN   int
	onceErr error
}

// attach reads from nc from now on. There must be nothing left unread.
func (in *input) attach(nc net.Conn) {
	in.nc, in.raw = nc, nil
	if sc, ok := nc.(syscall.Conn); ok && canReadRaw {
		in.raw, _ = sc.SyscallConn() // nil on error: then reads keep their buffer
	}
	in.once = in.readOnce
}

// buffered is the number of bytes that are read and not consumed.
func (in *input) buffered() int { return in.w - in.r }

// take consumes n bytes, waiting for them if need be. They are good until the next call.
func (in *input) take(n int) ([]byte, error) {
	for in.buffered() < n {
		if err := in.waiting(); err != nil {
			return nil, err
		}
		if err := in.more(n); err != nil {
			if !errors.Is(err, os.ErrDeadlineExceeded) {
				return nil, err
			}
			if err := in.woken(); err != nil {
				return nil, err
			}
		}
	}
	b := in.buf[in.r : in.r+n : in.r+n]
	in.r += n
	return b, nil
}

// more reads once, with room for at least one byte of the n that are wanted.
func (in *input) more(n int) error {
	if in.buffered() == 0 {
		if len(in.buf) > heldBytesMax {
			in.release()
		}
		in.r, in.w = 0, 0
		if in.buf == nil && in.raw != nil {
			return in.first()
		}
	}
	in.room(n)
	m, err := in.nc.Read(in.buf[in.w:])
	in.w += m
	if m > 0 {
		return nil
	}
	if err == nil {
		return io.ErrNoProgress
	}
	return in.ended(err)
}

// ended tells an end between messages from one within.
func (in *input) ended(err error) error {
	if errors.Is(err, io.EOF) && in.buffered() > 0 {
		return io.ErrUnexpectedEOF
	}
	return err
}

// first waits until there is something to read, and only then borrows a buffer for it.
func (in *input) first() error {
	in.onceN, in.onceErr = 0, nil
	if err := in.raw.Read(in.once); err != nil {
		return err
	}
	if in.onceErr != nil {
		return &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", in.onceErr)}
	}
	if in.onceN <= 0 {
		return io.EOF
	}
	in.w = in.onceN
	return nil
}

// readOnce reads without blocking; false means that there is nothing yet.
func (in *input) readOnce(fd uintptr) bool {
	in.block = in.buffers.block()
	in.buf = in.block[:]
	n, err := readRaw(fd, in.buf)
	if n <= 0 {
		in.release()
	}
	if wouldBlock(err) {
		return false
	}
	in.onceN, in.onceErr = n, err
	return true
}

// room makes room for more bytes of the n that are wanted. A buffer grows as bytes come: who announces a
// large message has to send it before it costs as much memory.
func (in *input) room(n int) {
	if in.buf == nil {
		in.block = in.buffers.block()
		in.buf = in.block[:]
	}
	if in.r > 0 && len(in.buf)-in.r < n {
		in.w = copy(in.buf, in.buf[in.r:in.w])
		in.r = 0
	}
	if in.w < len(in.buf) {
		return
	}
	grown := make([]byte, min(n, 4*len(in.buf)))
	in.w = copy(grown, in.buf[in.r:in.w])
	in.r = 0
	in.giveBack()
	in.buf = grown
}

// release lets the buffer go when everything in it is consumed.
func (in *input) release() {
	if in.buffered() == 0 {
		in.giveBack()
		in.buf, in.r, in.w = nil, 0, 0
	}
}

func (in *input) giveBack() {
	if in.block != nil {
		in.buffers.blocks.Put(in.block)
		in.block = nil
	}
}

// message consumes one message: its type byte and its body. The body is good until the next call.
func (in *input) message(bytesMax int) (byte, []byte, error) {
	head, err := in.take(5)
	if err != nil {
		return 0, nil, err
	}
	typ, size := head[0], int(int32(binary.BigEndian.Uint32(head[1:])))-4
	k := &kinds[typ]
	if k.name == "" {
		return 0, nil, fatal(protocolViolation("invalid frontend message type %d", typ))
	}
	if k.small {
		bytesMax = min(bytesMax, smallBytesMax)
	}
	if size < 0 || size > bytesMax {
		return 0, nil, fatal(protocolViolation("invalid message length %d of %s message", size+4, k.name))
	}
	body, err := in.take(size)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return typ, body, err
}
