package testutil

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/vecdb/vecdb/internal/guard"
	"github.com/vecdb/vecdb/internal/invariants"
)

// readyMax is how long a server may take until it says that it is ready, and to end after SIGTERM. It
// only ends a test that hangs; nothing is measured with it.
const readyMax = 60 * time.Second

// readyLine is what the server prints when it accepts connections: the psql command, with the port.
var readyLine = regexp.MustCompile(`psql\b.*?(?:\s-p\s*|--port[= ]|:)(\d+)`)

// ErrNoServer is returned by Build and Start in a module without the command: tests skip.
var ErrNoServer = errors.New("there is no cmd/vecdb to build")

// build is the one built server of this process.
var build struct {
	once sync.Once
	path string
	err  error
}

// Build compiles cmd/vecdb once in this process and returns the binary's path. RemoveBuild removes it.
func Build() (string, error) {
	build.once.Do(func() { build.path, build.err = buildServer() })
	return build.path, build.err
}

// RemoveBuild removes what Build made; TestMain calls it last.
func RemoveBuild() {
	if build.path != "" {
		_ = os.RemoveAll(filepath.Dir(build.path)) // a temporary folder: what is left of it harms nobody
	}
}

// ModuleRoot is the folder of go.mod, found upward from the working folder.
func ModuleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("no go.mod above the working folder")
		}
		dir = up
	}
}

func buildServer() (string, error) {
	root, err := ModuleRoot()
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(filepath.Join(root, "cmd", "vecdb", "main.go")); errors.Is(err, fs.ErrNotExist) {
		return "", ErrNoServer
	}
	if err := touchSources(root); err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "vecdb-test-")
	if err != nil {
		return "", err
	}
	args := []string{"build", "-o", filepath.Join(dir, "vecdb")}
	if raceEnabled {
		args = append(args, "-race")
	}
	if invariants.Enabled {
		args = append(args, "-tags", "invariants")
	}
	cmd := exec.Command("go", append(args, "./cmd/vecdb")...)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return filepath.Join(dir, "vecdb"), nil
}

// touchSources looks at each source file. The go command remembers the files a test looked at, and so
// does not answer from its cache of test results after one has changed.
func touchSources(root string) error {
	return filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && p != root {
			return fs.SkipDir
		}
		switch filepath.Ext(p) {
		case ".go", ".c", ".h", ".s", ".mod", ".tsv", ".arrow":
			_, err = os.Stat(p)
		}
		return err
	})
}

// Options of Start. The zero value is a server in a new temporary folder.
type Options struct {
	Dir  string   // data folder; a new one, removed by Stop and Kill, when empty
	Args []string // after those that Start gives
	Env  []string // NAME=value, beside the process's own
}

// Server is a running vecdb.
type Server struct {
	Port int

	cmd     *exec.Cmd
	ended   chan struct{} // closed when the process is gone
	waitErr error         // valid after ended
	tempDir string        // to be removed, "" if the caller gave the folder

	mu     sync.Mutex
	output bytes.Buffer
}

// Start runs the built server and returns when it accepts connections.
func Start(o Options) (*Server, error) {
	path, err := Build()
	if err != nil {
		return nil, err
	}
	s := &Server{ended: make(chan struct{})}
	if o.Dir == "" {
		if s.tempDir, err = os.MkdirTemp("", "vecdb-data-"); err != nil {
			return nil, err
		}
		o.Dir = filepath.Join(s.tempDir, "data")
	}
	s.cmd = exec.Command(path, append([]string{"serve", "--data", o.Dir, "--listen", "127.0.0.1:0"}, o.Args...)...)
	s.cmd.Env = append(os.Environ(), o.Env...)
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	s.cmd.Stdout, s.cmd.Stderr = w, w
	err = s.cmd.Start()
	_ = w.Close() // the child has its own
	if err != nil {
		_ = r.Close()
		return nil, err
	}
	ready := make(chan int, 1)
	guard.Go("server output", s.finished, func() error { return s.read(r, ready) })
	select {
	case s.Port = <-ready:
		return s, nil
	case <-s.ended:
		return nil, fmt.Errorf("the server ended before it was ready: %w\n%s", s.waitErr, s.Output())
	case <-time.After(readyMax):
		s.Kill()
		return nil, fmt.Errorf("the server was not ready after %v\n%s", readyMax, s.Output())
	}
}

// read keeps what the server prints, sends the port once it is told, and returns when the server is gone.
func (s *Server) read(r io.ReadCloser, ready chan<- int) error {
	defer func() { _ = r.Close() }()
	lines := bufio.NewReader(r)
	told := false
	for {
		line, err := lines.ReadString('\n')
		s.mu.Lock()
		s.output.WriteString(line)
		s.mu.Unlock()
		if m := readyLine.FindStringSubmatch(line); m != nil && !told {
			told = true
			var port int
			if _, err := fmt.Sscan(m[1], &port); err != nil {
				return err
			}
			ready <- port
		}
		if err != nil {
			return s.cmd.Wait()
		}
	}
}

// finished is called when the process is gone and its output read.
func (s *Server) finished(err error) {
	s.waitErr = err
	close(s.ended)
}

// DSN connects to a database of the server as its first superuser.
func (s *Server) DSN(database string) string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/%s?sslmode=disable", s.Port, database)
}

// Output is what the server has printed so far.
func (s *Server) Output() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.output.String()
}

// Stop ends the server by SIGTERM and returns what it ended with, nil for exit code 0.
func (s *Server) Stop() error {
	defer s.clean()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-s.ended:
		return s.waitErr
	case <-time.After(readyMax):
		s.Kill()
		return fmt.Errorf("the server did not end within %v of SIGTERM\n%s", readyMax, s.Output())
	}
}

// Kill ends the server by SIGKILL, as a power cut would end the process, and waits until it is gone.
func (s *Server) Kill() {
	defer s.clean()
	_ = s.cmd.Process.Kill() // fails only if it is gone already
	<-s.ended
}

// clean removes the temporary folder, if there is one.
func (s *Server) clean() {
	if s.tempDir != "" {
		_ = os.RemoveAll(s.tempDir) // temporary: what is left of it harms nobody
	}
}
