//go:build unix

package wire

import (
	"errors"

	"golang.org/x/sys/unix"
)

// canReadRaw says that input can wait for a socket without holding a buffer.
const canReadRaw = true

// readRaw reads from a socket that does not block.
func readRaw(fd uintptr, b []byte) (int, error) {
	for {
		n, err := unix.Read(int(fd), b)
		if !errors.Is(err, unix.EINTR) {
			return n, err
		}
	}
}

func wouldBlock(err error) bool {
	return errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EWOULDBLOCK)
}
