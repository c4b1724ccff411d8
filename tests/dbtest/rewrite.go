package dbtest

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// rewritten puts the answer of the reference server where the source of the running test has the wanted one, and says
// whether it could. arg is the place of the wanted answer among the arguments of the method. It is a literal of the
// call, a parameter of the function that calls (whose own call then has the literal), or the literal that follows the
// query's in a table.
func rewritten(method string, arg int, query, want, got string) bool {
	if !rewriting() {
		return false
	}
	frames := callers()
	for {
		frame, more := frames.Next()
		src := sourceOf(frame.File)
		if src == nil {
			return false
		}
		call := src.call(frame.Line, method)
		if call == nil || arg >= len(call.Args) {
			return src.table(query, want, got)
		}
		last := call.Args[arg]
		if _, ok := literal(last); ok {
			return src.replace(last, quote(got))
		}
		name, ok := last.(*ast.Ident)
		if !ok || !more {
			return src.table(query, want, got)
		}
		if method, arg = src.parameter(call, name.Name); arg < 0 {
			return src.table(query, want, got)
		}
		if method == "" { // a function without a name, that a helper has returned, say
			return replacedAt(frames, arg, want, got)
		}
	}
}

// replacedAt replaces an argument of the call that the next frame is at, whatever it calls.
func replacedAt(frames *runtime.Frames, arg int, want, got string) bool {
	frame, _ := frames.Next()
	src := sourceOf(frame.File)
	if src == nil {
		return false
	}
	done := false
	ast.Inspect(src.file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if ok && !done && src.line(call.Pos()) <= frame.Line && frame.Line <= src.line(call.End()) && arg < len(call.Args) {
			if w, ok := literal(call.Args[arg]); ok && w == want {
				done = src.replace(call.Args[arg], quote(got))
			}
		}
		return !done
	})
	return done
}

// rewrittenRows is rewritten for arguments from the place on, one a line.
func rewrittenRows(method string, from int, got []string) bool {
	if !rewriting() {
		return false
	}
	frames := callers()
	frame, _ := frames.Next()
	src := sourceOf(frame.File)
	if src == nil {
		return false
	}
	call := src.call(frame.Line, method)
	if call == nil || len(call.Args) < from {
		return false
	}
	var out strings.Builder
	for _, row := range got {
		if row != "" || len(got) > 1 {
			out.WriteString(",\n" + quote(row))
		}
	}
	if out.Len() > 0 {
		out.WriteString(",\n")
	}
	return src.put(call.Args[from-1].End(), call.Rparen, out.String())
}

func rewriting() bool { return os.Getenv("VECDB_DSN") != "" && os.Getenv("VECDB_REWRITE") != "" }

// callers returns the frames outside of this package's own files.
func callers() *runtime.Frames {
	pcs := make([]uintptr, 32)
	_, self, _, _ := runtime.Caller(0)
	for skip := 2; ; skip++ {
		_, file, _, ok := runtime.Caller(skip)
		if ok && filepath.Dir(file) == filepath.Dir(self) && !strings.HasSuffix(file, "_test.go") {
			continue
		}
		return runtime.CallersFrames(pcs[:runtime.Callers(skip+1, pcs)])
	}
}

// source is a file of tests, as it was when the process began, and what shall stand in it.
type source struct {
	path  string
	text  []byte
	fset  *token.FileSet
	file  *ast.File
	edits map[[2]int]string // from offset up to offset
}

var sources = struct {
	sync.Mutex
	of map[string]*source
}{of: map[string]*source{}}

// sourceOf returns nil for what is not a test's file.
func sourceOf(path string) *source {
	sources.Lock()
	defer sources.Unlock()
	if s, ok := sources.of[path]; ok {
		return s
	}
	sources.of[path] = nil
	if !strings.HasSuffix(path, "_test.go") {
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	s := &source{path: path, text: text, fset: token.NewFileSet(), edits: map[[2]int]string{}}
	if s.file, err = parser.ParseFile(s.fset, path, text, parser.SkipObjectResolution); err != nil {
		return nil
	}
	sources.of[path] = s
	return s
}

// call finds the innermost call of a function or method of that name on a line.
func (s *source) call(line int, name string) (found *ast.CallExpr) {
	ast.Inspect(s.file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if ok && s.line(call.Pos()) <= line && line <= s.line(call.End()) && called(call) == name {
			found = call
		}
		return true
	})
	return found
}

func (s *source) line(p token.Pos) int { return s.fset.Position(p).Line }

func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// parameter says which parameter of the function around a call has that name, and the name by which the function is
// called, "" when it has none. The place is -1 when there is no such parameter.
func (s *source) parameter(call *ast.CallExpr, name string) (function string, place int) {
	place = -1
	look := func(named string, of *ast.FuncType, body *ast.BlockStmt) {
		if body == nil || call.Pos() < body.Pos() || body.End() < call.End() {
			return
		}
		k := 0
		for _, field := range of.Params.List {
			for _, n := range field.Names {
				if n.Name == name {
					function, place = named, k
				}
				k++
			}
		}
	}
	named := map[*ast.FuncLit]string{}
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			look(n.Name.Name, n.Type, n.Body)
		case *ast.FuncLit:
			look(named[n], n.Type, n.Body)
		case *ast.AssignStmt:
			for k, value := range n.Rhs {
				f, isFunc := value.(*ast.FuncLit)
				if id, isName := n.Lhs[min(k, len(n.Lhs)-1)].(*ast.Ident); isFunc && isName {
					named[f] = id.Name
				}
			}
		}
		return true
	})
	return function, place
}

// table replaces a wanted answer that follows its query in a composite literal.
func (s *source) table(query, want, got string) (done bool) {
	ast.Inspect(s.file, func(n ast.Node) bool {
		row, ok := n.(*ast.CompositeLit)
		if !ok || done {
			return !done
		}
		for _, e := range row.Elts { // of a map from queries
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				q, isQuery := literal(kv.Key)
				w, isWant := literal(kv.Value)
				if isQuery && isWant && q == query && w == want {
					done = s.replace(kv, quote(got))
				}
			}
		}
		for k := 1; k < len(row.Elts); k++ {
			q, isQuery := literal(row.Elts[k-1])
			w, isWant := literal(row.Elts[k])
			if isQuery && isWant && q == query && w == want {
				done = s.replace(row.Elts[k], quote(got))
			}
		}
		return true
	})
	return done
}

// literal is the value of a constant string.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.KeyValueExpr:
		return literal(e.Value)
	case *ast.BasicLit:
		value, err := strconv.Unquote(e.Value)
		return value, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		x, isX := literal(e.X)
		y, isY := literal(e.Y)
		return x + y, isX && isY && e.Op == token.ADD
	}
	return "", false
}

func quote(s string) string {
	if strings.ContainsAny(s, `"\`) && strconv.CanBackquote(s) {
		return "`" + s + "`"
	}
	return strconv.Quote(s)
}

func (s *source) replace(e ast.Expr, with string) bool {
	if kv, ok := e.(*ast.KeyValueExpr); ok {
		e = kv.Value
	}
	return s.put(e.Pos(), e.End(), with)
}

// put keeps an edit and writes the file with all edits there are; at the end of the process the file has the last.
func (s *source) put(from, upTo token.Pos, with string) bool {
	sources.Lock()
	defer sources.Unlock()
	s.edits[[2]int{s.fset.Position(from).Offset, s.fset.Position(upTo).Offset}] = with
	places := make([][2]int, 0, len(s.edits))
	for place := range s.edits {
		places = append(places, place)
	}
	slices.SortFunc(places, func(a, b [2]int) int { return cmp.Compare(a[0], b[0]) })
	var out []byte
	at := 0
	for _, place := range places {
		out = append(append(out, s.text[at:place[0]]...), s.edits[place]...)
		at = place[1]
	}
	out = append(out, s.text[at:]...)
	formatted, err := format.Source(out)
	if err == nil {
		err = os.WriteFile(s.path, formatted, 0o644)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "rewrite %s: %v\n", s.path, err)
	}
	return err == nil
}
