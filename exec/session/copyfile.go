package session

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"unicode"
	"unicode/utf8"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/wire/backend"
)

// copyFileBytes is the buffer between COPY and a file.
const copyFileBytes = 256 << 10

// copyFile is COPY between a table or query and a file of the server's machine: a portal that gives no rows, around
// the one that speaks with the client.
type copyFile struct {
	backend.Portal
	path string
	from bool
	done bool
}

// mayCopyFile refuses COPY of files to who could not read them otherwise.
func (s *Session) mayCopyFile(n *sql.Copy) error {
	if s.role.Super {
		return nil
	}
	way, role := "to", "pg_write_server_files"
	if n.From {
		way, role = "from", "pg_read_server_files"
	}
	return pgerr.New(pgerrcode.InsufficientPrivilege, "permission denied to COPY %s a file", way).
		Detail("Only roles with privileges of the \"%s\" role may COPY %s a file.", role, way).
		Hint("Anyone can COPY to stdout or from stdin. psql's \\copy command also works for anyone.")
}

// ofFile makes the portal that runs COPY with a file in the place of the client.
func (s *Session) ofFile(n *sql.Copy, inner backend.Portal) (backend.Portal, error) {
	if !n.From && !filepath.IsAbs(n.File) {
		return nil, pgerr.New(pgerrcode.InvalidName, "relative path not allowed for COPY to file")
	}
	return &copyFile{Portal: inner, path: n.File, from: n.From}, nil
}

// Kind implements backend.Portal.
func (p *copyFile) Kind() backend.Kind { return backend.Plain }

// Fields implements backend.Portal.
func (p *copyFile) Fields() []backend.Field { return nil }

// Copy implements backend.Portal.
func (p *copyFile) Copy() backend.CopyInfo { return backend.CopyInfo{} }

// Start implements backend.Portal.
func (p *copyFile) Start() error {
	if p.done {
		return pgerr.New(pgerrcode.ObjectNotInPrerequisiteState, "portal cannot be run")
	}
	return nil
}

// Next implements backend.Portal.
func (p *copyFile) Next(ctx context.Context, _ int) (*batch.Batch, error) {
	p.done = true
	if p.from {
		return nil, p.read(ctx)
	}
	return nil, p.write(ctx)
}

func (p *copyFile) commitAtEnd() {
	if inner, ok := p.Portal.(interface{ commitAtEnd() }); ok {
		inner.commitAtEnd()
	}
}

func (p *copyFile) close() error {
	if inner, ok := p.Portal.(interface{ close() error }); ok {
		return inner.close()
	}
	return nil
}

func (p *copyFile) read(ctx context.Context) (err error) {
	f, err := os.Open(p.path)
	if err != nil {
		return p.failed("open", "reading", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if st, err := f.Stat(); err == nil && st.IsDir() {
		return pgerr.New(pgerrcode.WrongObjectType, "%q is a directory", p.path)
	}
	_, err = p.RunCopyIn(ctx, bufio.NewReaderSize(readOf{p, f}, copyFileBytes))
	return err
}

func (p *copyFile) write(ctx context.Context) error {
	f, err := os.OpenFile(p.path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return p.failed("open", "writing", err)
	}
	w := bufio.NewWriterSize(f, copyFileBytes)
	if _, err = p.RunCopyOut(ctx, w); err == nil {
		err = w.Flush()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	var pe *pgerr.Error
	if err != nil && !errors.As(err, &pe) && ctx.Err() == nil {
		return fileError("could not write to COPY file", err)
	}
	return err
}

// readOf words the errors of reading the file of COPY.
type readOf struct {
	p *copyFile
	r io.Reader
}

func (r readOf) Read(b []byte) (int, error) {
	n, err := r.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fileError("could not read from COPY file", err)
	}
	return n, err
}

// failed words an error of opening the file.
func (p *copyFile) failed(what, why string, err error) error {
	e := fileError("could not "+what+" file \""+p.path+"\" for "+why, err)
	if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) {
		return e
	}
	way := "TO instructs the server to write a file."
	if p.from {
		way = "FROM instructs the server to read a file."
	}
	return e.Hint("COPY %s You may want a client-side facility such as psql's \\copy.", way)
}

// fileErrors are the SQLSTATEs of the errors of files.
var fileErrors = []struct {
	err  error
	code string
}{
	{fs.ErrNotExist, pgerrcode.UndefinedFile},
	{syscall.ENOTDIR, pgerrcode.UndefinedFile},
	{syscall.EISDIR, pgerrcode.WrongObjectType},
	{fs.ErrPermission, pgerrcode.InsufficientPrivilege},
	{fs.ErrExist, pgerrcode.DuplicateFile},
	{syscall.ENOSPC, pgerrcode.DiskFull},
	{syscall.EMFILE, pgerrcode.InsufficientResources},
	{syscall.ENFILE, pgerrcode.InsufficientResources},
}

// fileError adds the reason of a file's error to what failed, as strerror words it.
func fileError(what string, err error) *pgerr.Error {
	code, reason := pgerrcode.IOError, err.Error()
	for _, known := range fileErrors {
		if errors.Is(err, known.err) {
			code = known.code
			break
		}
	}
	var no syscall.Errno
	if errors.As(err, &no) {
		reason = no.Error()
		if r, n := utf8.DecodeRuneInString(reason); n > 0 {
			reason = string(unicode.ToUpper(r)) + reason[n:]
		}
	}
	return pgerr.New(code, "%s: %s", what, reason).Wrap(err)
}
