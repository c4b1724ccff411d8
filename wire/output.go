package wire

import (
	"encoding/binary"
	"net"

	"github.com/jackc/pgx/v5/pgproto3"
)

// output gathers messages and writes them when the client waits for them, or when they have grown past
// a limit. An error of the network sticks: what is sent after it is dropped.
type output struct {
	nc      net.Conn
	buffers *buffers
	limit   int

	block *[blockBytes]byte // borrowed, or nil
	page  *[]byte           // borrowed, or nil
	buf   []byte            // in block, page, or larger than both
	due   bool              // the client waits for what is gathered
	err   error
}

// start makes sure that there is a buffer.
func (o *output) start() {
	if o.buf == nil {
		o.block = o.buffers.block()
		o.buf = o.block[:0]
	}
}

// reserve exchanges the block for a page when about n bytes will come.
func (o *output) reserve(n int) {
	o.start()
	if o.page != nil || len(o.buf)+n <= cap(o.buf) {
		return
	}
	o.page = o.buffers.page(o.limit + pageSlack)
	o.buf = append((*o.page)[:0], o.buf...)
}

// send adds a message.
func (o *output) send(m pgproto3.BackendMessage) {
	o.start()
	b, err := m.Encode(o.buf)
	if err != nil { // longer than the protocol can carry; nothing was added
		o.err = err
		return
	}
	o.buf = b
	o.bound()
}

// Messages without a body.
const (
	parseComplete    = "1\x00\x00\x00\x04"
	bindComplete     = "2\x00\x00\x00\x04"
	closeComplete    = "3\x00\x00\x00\x04"
	noData           = "n\x00\x00\x00\x04"
	portalSuspended  = "s\x00\x00\x00\x04"
	emptyQuery       = "I\x00\x00\x00\x04"
	copyDone         = "c\x00\x00\x00\x04"
	readyHead        = "Z\x00\x00\x00\x05"
	lengthBytes      = 4
	commandCompleteT = 'C'
	copyDataT        = 'd'
)

// constant adds one of the messages without a body.
func (o *output) constant(m string) {
	o.start()
	o.buf = append(o.buf, m...)
	o.bound()
}

// ready adds ReadyForQuery and makes the output due.
func (o *output) ready(status byte) {
	o.start()
	o.buf = append(append(o.buf, readyHead...), status)
	o.due = true
	o.bound()
}

// commandComplete adds a CommandComplete.
func (o *output) commandComplete(tag string) {
	o.start()
	o.buf = binary.BigEndian.AppendUint32(append(o.buf, commandCompleteT), uint32(lengthBytes+len(tag)+1))
	o.buf = append(append(o.buf, tag...), 0)
	o.bound()
}

// copyData adds a CopyData. Long data go out in pieces of the limit, so that they are not held twice.
func (o *output) copyData(p []byte) {
	o.reserve(1 + lengthBytes + len(p))
	o.buf = binary.BigEndian.AppendUint32(append(o.buf, copyDataT), uint32(lengthBytes+len(p)))
	for len(p) > o.limit {
		o.buf = append(o.buf, p[:o.limit]...)
		p = p[o.limit:]
		o.write()
	}
	o.buf = append(o.buf, p...)
	o.bound()
}

// bound writes when more has gathered than the limit.
func (o *output) bound() {
	if len(o.buf) >= o.limit {
		o.write()
	}
}

// flush writes what the client waits for.
func (o *output) flush() error {
	if o.due {
		o.write()
	}
	return o.err
}

// write writes everything.
func (o *output) write() {
	o.due = false
	if o.err == nil && len(o.buf) > 0 {
		_, o.err = o.nc.Write(o.buf)
	}
	o.buf = o.buf[:0]
	if cap(o.buf) > heldBytesMax {
		o.release()
	}
}

// release lets the buffers go when nothing is in them.
func (o *output) release() {
	if len(o.buf) > 0 {
		return
	}
	if o.block != nil {
		o.buffers.blocks.Put(o.block)
	}
	if o.page != nil {
		o.buffers.pages.Put(o.page)
	}
	o.block, o.page, o.buf = nil, nil, nil
}
