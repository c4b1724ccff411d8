package wire

import "sync"

// Sizes of the buffers that connections borrow. A connection has none while it is idle, two blocks while
// it serves small statements, and a page besides while it sends many rows.
const (
	blockBytes = 8 << 10
	// pageSlack is what a page has above Limits.OutputBytes, so that a row that ends just above the limit
	// does not make it grow.
	pageSlack = 16 << 10
	// heldBytesMax is the size above which a grown buffer is dropped after use, even between the
	// messages of a COPY.
	heldBytesMax = 1 << 20
)

// buffers lends memory to connections. It is safe for many goroutines.
type buffers struct {
	blocks sync.Pool // of *[blockBytes]byte
	pages  sync.Pool // of *[]byte with the same capacity each
}

func (b *buffers) block() *[blockBytes]byte {
	if v, ok := b.blocks.Get().(*[blockBytes]byte); ok {
		return v
	}
	return new([blockBytes]byte)
}

func (b *buffers) page(size int) *[]byte {
	if v, ok := b.pages.Get().(*[]byte); ok && cap(*v) >= size {
		return v
	}
	p := make([]byte, 0, size)
	return &p
}
