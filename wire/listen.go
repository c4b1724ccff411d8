package wire

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
)

// ListenUnix listens on PostgreSQL's socket for port in dir. A socket that a killed server has left is
// removed; one that answers is not. Closing the listener removes the socket. Everybody on this machine
// may connect, as in PostgreSQL.
func ListenUnix(dir, port string) (net.Listener, error) {
	path := filepath.Join(dir, ".s.PGSQL."+port)
	l, err := net.Listen("unix", path)
	if errors.Is(err, syscall.EADDRINUSE) {
		if nc, derr := net.Dial("unix", path); derr == nil {
			_ = nc.Close() // nothing was sent
			return nil, fmt.Errorf("listen on %s: another server uses it", path)
		}
		if rerr := os.Remove(path); rerr != nil && !errors.Is(rerr, fs.ErrNotExist) {
			return nil, fmt.Errorf("remove old socket: %w", rerr)
		}
		l, err = net.Listen("unix", path)
	}
	if err != nil {
		return nil, fmt.Errorf("listen on socket: %w", err)
	}
	if err := os.Chmod(path, 0o777); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}
