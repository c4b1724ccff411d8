package exec

import (
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
)

// Rows whose keys do not fit in memory go to files by the hash of their key, to be treated file by file.
const (
	partFanout = 16
	// partLevelsMax bounds how often a file that is still too large is divided again: keys that are equal
	// stay together, whatever the hash.
	partLevelsMax = 5
)

// rowParts divides rows among files.
type rowParts struct {
	rt    *Runtime
	types []types.T
	keys  *keyTable // for hashing alone
	level int
	files [partFanout]*spillFile
	sel   [partFanout][]int32
}

func newRowParts(rt *Runtime, ts []types.T, keys *keyTable, level int) *rowParts {
	return &rowParts{rt: rt, types: ts, keys: keys, level: level}
}

// put notes that row r, whose key keyCols has, goes to a file. flush writes what was noted.
func (p *rowParts) put(keyCols []*batch.Column, r int) {
	i := p.keys.hashKey(keyCols, r, p.level) % partFanout
	p.sel[i] = append(p.sel[i], int32(r))
}

// flush writes the noted rows of one batch.
func (p *rowParts) flush(cols []*batch.Column, n int) error {
	for i, sel := range p.sel {
		if len(sel) == 0 {
			continue
		}
		if p.files[i] == nil {
			var err error
			if p.files[i], err = p.rt.newSpill(p.types); err != nil {
				return err
			}
		}
		if err := p.files[i].write(cols, sel, n); err != nil {
			return err
		}
		p.sel[i] = sel[:0]
	}
	return nil
}

// drop deletes the files that were not made pending.
func (p *rowParts) drop() {
	if p == nil {
		return
	}
	for i, f := range p.files {
		if f != nil {
			_ = f.remove(p.rt) // a temporary file that stays is removed at the next start
			p.files[i] = nil
		}
	}
}

// part is a file still to be treated, with the level at which it may be divided further.
type part struct {
	left, right *spillFile // set operations have two sides; others use left
	level       int
}

// pending lists the files that have rows.
func (p *rowParts) pending(list []part) []part {
	for i, f := range p.files {
		if f != nil {
			list = append(list, part{left: f, level: p.level + 1})
			p.files[i] = nil
		}
	}
	return list
}

// dropPending deletes the files of parts that nobody will treat.
func dropPending(rt *Runtime, list []part) {
	for i := range list {
		_ = list[i].remove(rt) // a temporary file that stays is removed at the next start
	}
}

// remove deletes the files.
func (p *part) remove(rt *Runtime) error {
	for _, f := range []*spillFile{p.left, p.right} {
		if f != nil {
			if err := f.remove(rt); err != nil {
				return err
			}
		}
	}
	return nil
}
