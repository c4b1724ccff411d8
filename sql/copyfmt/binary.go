package copyfmt

import (
	"encoding/binary"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
)

// binarySignature begins binary data; flags and the length of an extension follow, four bytes each.
const binarySignature = "PGCOPY\n\xff\r\n\x00"

// Bits of the flags.
const (
	binaryWithOIDs = 1 << 16
	// binaryCritical are the flags that a reader must know to go on.
	binaryCritical = 0xffff << 16
)

// binaryTrailer is the field count that ends binary data.
const binaryTrailer = -1

func (r *Reader) binaryHeader() error {
	ok, err := r.in.need(len(binarySignature))
	if err != nil {
		return err
	}
	if !ok || string(r.in.rest()[:len(binarySignature)]) != binarySignature {
		return r.bad(nil, "COPY file signature not recognized")
	}
	r.in.skip(len(binarySignature))
	flags, ok, err := r.int32()
	switch {
	case err != nil:
		return err
	case !ok:
		return r.bad(nil, "invalid COPY file header (missing flags)")
	case flags&binaryWithOIDs != 0:
		return r.bad(nil, "invalid COPY file header (WITH OIDS)")
	case uint32(flags)&binaryCritical != 0:
		return r.bad(nil, "unrecognized critical flags in COPY file header")
	}
	extension, ok, err := r.int32()
	switch {
	case err != nil:
		return err
	case !ok || extension < 0:
		return r.bad(nil, "invalid COPY file header (missing length)")
	}
	for left := int(extension); left > 0; {
		ok, err := r.in.need(1)
		if err != nil {
			return err
		}
		if !ok {
			return r.bad(nil, "invalid COPY file header (wrong length)")
		}
		n := min(left, len(r.in.rest()))
		r.in.skip(n)
		left -= n
	}
	return nil
}

// int32 reads a number; false at the end of the data.
func (r *Reader) int32() (int32, bool, error) {
	ok, err := r.in.need(4)
	if !ok {
		return 0, false, err
	}
	v := int32(binary.BigEndian.Uint32(r.in.rest()))
	r.in.skip(4)
	return v, true, nil
}

// binaryRow reads a row. First its whole length is made to be in the buffer, so that its fields stay
// where they are.
func (r *Reader) binaryRow() (bool, error) {
	r.line++
	ok, err := r.in.need(2)
	if !ok {
		return false, err // the end of the stream may stand for the trailer
	}
	count := int(int16(binary.BigEndian.Uint16(r.in.rest())))
	if count == binaryTrailer {
		r.in.skip(2)
		more, err := r.in.need(1)
		if err == nil && more {
			err = r.bad(nil, "received copy data after EOF marker")
		}
		return false, err
	}
	if count != len(r.cols) {
		return false, r.bad(nil, "row field count is %d, expected %d", count, len(r.cols))
	}
	length := 2
	for i := range count {
		size, err := r.fieldSize(i, length)
		if err != nil {
			return false, err
		}
		length += 4 + max(size, 0)
		if ok, err := r.in.need(length); err != nil || !ok {
			return false, r.cut(i, err)
		}
	}
	r.fields = r.fields[:0]
	row := r.in.rest()[2:length]
	for range count {
		size := int(int32(binary.BigEndian.Uint32(row)))
		row = row[4:]
		if size < 0 {
			r.fields = append(r.fields, field{null: true})
			continue
		}
		r.fields = append(r.fields, field{b: row[:size:size]})
		row = row[size:]
	}
	r.in.skip(length)
	return true, nil
}

// fieldSize reads the size of column i's field, which starts at offset of the row; -1 is null.
func (r *Reader) fieldSize(i, offset int) (int, error) {
	if ok, err := r.in.need(offset + 4); err != nil || !ok {
		return 0, r.cut(i, err)
	}
	size := int(int32(binary.BigEndian.Uint32(r.in.rest()[offset:])))
	switch {
	case size < -1:
		return 0, r.badField(i, "invalid field size")
	case size > rowBytesMax-offset:
		err := pgerr.New(pgerrcode.ProgramLimitExceeded, "out of memory").
			Detail("Cannot enlarge string buffer containing 0 bytes by %d more bytes.", size)
		return 0, at(err, r.fieldWhere(i))
	}
	return size, nil
}

// cut is the error of a row that ends too early, within column i.
func (r *Reader) cut(i int, err error) error {
	if err != nil {
		return err
	}
	return r.badField(i, "unexpected EOF in COPY data")
}

func (r *Reader) badField(i int, message string) error {
	return at(pgerr.New(pgerrcode.BadCopyFileFormat, "%s", message), r.fieldWhere(i))
}

func (r *Reader) fieldWhere(i int) string { return r.Where(r.line) + ", column " + r.cols[i].Name }
