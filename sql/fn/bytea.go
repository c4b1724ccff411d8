package fn

import (
	"crypto/md5"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// A bytea is a string of raw bytes here.
var byteaKernels = []entry{
	{"length(bytea)", map1(byteCount)},
	{"octet_length(bytea)", map1(byteCount)},
	{"bit_length(bytea)", map1(func(s string) int64 { return 8 * int64(len(s)) })},
	{"substr(bytea,int4)", map2(func(s string, from int64) string { return cutBytes(s, from-1, positionMax) })},
	{"substring(bytea,int4)", map2(func(s string, from int64) string { return cutBytes(s, from-1, positionMax) })},
	{"substr(bytea,int4,int4)", try3(substringBytes)},
	{"substring(bytea,int4,int4)", try3(substringBytes)},
	{"overlay(bytea,bytea,int4,int4)", overlay(byteCount, cutBytes, joinText)},
	{"overlay(bytea,bytea,int4)", overlay(byteCount, cutBytes, joinText)},
	{"position(bytea,bytea)", map2(func(s, sub string) int64 { return int64(strings.Index(s, sub)) + 1 })},
	{"btrim(bytea,bytea)", map2(func(s, set string) string { return trimBytes(s, set, true, true) })},
	{"ltrim(bytea,bytea)", map2(func(s, set string) string { return trimBytes(s, set, true, false) })},
	{"rtrim(bytea,bytea)", map2(func(s, set string) string { return trimBytes(s, set, false, true) })},
	{"get_byte", try2(getByte)},
	{"set_byte", try3(setByte)},
	{"get_bit(bytea,int8)", try2(getBit)},
	{"set_bit(bytea,int8,int4)", try3(setBit)},
	{"bit_count(bytea)", map1(countBits)},
	{"md5(text)", map1(md5Hex)},
	{"md5(bytea)", map1(md5Hex)},
	{"sha224", map1(func(s string) string { h := sha256.Sum224([]byte(s)); return string(h[:]) })},
	{"sha256", map1(func(s string) string { h := sha256.Sum256([]byte(s)); return string(h[:]) })},
	{"sha384", map1(func(s string) string { h := sha512.Sum384([]byte(s)); return string(h[:]) })},
	{"sha512", map1(func(s string) string { h := sha512.Sum512([]byte(s)); return string(h[:]) })},
	{"encode", try2(encode)},
	{"decode", try2(decode)},
}

func md5Hex(s string) string {
	h := md5.Sum([]byte(s))
	return hex.EncodeToString(h[:])
}

func cutBytes(s string, from, to int64) string {
	from, to = max(from, 0), min(to, int64(len(s)))
	if to <= from {
		return ""
	}
	return s[from:to]
}

func substringBytes(s string, from, count int64) (string, error) {
	if count < 0 {
		return "", pgerr.New(pgerrcode.SubstringError, "negative substring length not allowed")
	}
	return cutBytes(s, from-1, from-1+count), nil
}

func trimBytes(s, set string, atLeft, atRight bool) string {
	for atLeft && s != "" && strings.IndexByte(set, s[0]) >= 0 {
		s = s[1:]
	}
	for atRight && s != "" && strings.IndexByte(set, s[len(s)-1]) >= 0 {
		s = s[:len(s)-1]
	}
	return s
}

func checkIndex(i int64, count int) error {
	if i < 0 || i >= int64(count) {
		return pgerr.New(pgerrcode.ArraySubscriptError, "index %d out of valid range, 0..%d", i, count-1)
	}
	return nil
}

func getByte(s string, i int64) (int64, error) {
	if err := checkIndex(i, len(s)); err != nil {
		return 0, err
	}
	return int64(s[i]), nil
}

func setByte(s string, i, v int64) (string, error) {
	if err := checkIndex(i, len(s)); err != nil {
		return "", err
	}
	b := []byte(s)
	b[i] = byte(v)
	return string(b), nil
}

func getBit(s string, i int64) (int64, error) {
	if err := checkIndex(i, 8*len(s)); err != nil {
		return 0, err
	}
	return int64(s[i/8] >> (i % 8) & 1), nil
}

func setBit(s string, i, v int64) (string, error) {
	if err := checkIndex(i, 8*len(s)); err != nil {
		return "", err
	}
	if v != 0 && v != 1 {
		return "", errParameter("new bit must be 0 or 1")
	}
	b := []byte(s)
	b[i/8] = b[i/8]&^(1<<(i%8)) | byte(v)<<(i%8)
	return string(b), nil
}

func errEncoding(name string) error { return errParameter("unrecognized encoding: %q", name) }

// base64Line is the length of a line of encode(..., 'base64').
const base64Line = 76

const base64Symbols = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

func encode(s, format string) (string, error) {
	switch strings.ToLower(format) {
	case "hex":
		return hex.EncodeToString([]byte(s)), nil
	case "base64":
		text := base64.StdEncoding.EncodeToString([]byte(s))
		var b strings.Builder
		for len(text) >= base64Line {
			b.WriteString(text[:base64Line] + "\n")
			text = text[base64Line:]
		}
		return b.String() + text, nil
	case "escape":
		var b strings.Builder
		for i := range len(s) {
			switch c := s[i]; {
			case c == 0 || c >= 0x80:
				b.Write([]byte{'\\', '0' + c>>6, '0' + c>>3&7, '0' + c&7})
			case c == '\\':
				b.WriteString(`\\`)
			default:
				b.WriteByte(c)
			}
		}
		return b.String(), nil
	}
	return "", errEncoding(format)
}

func decode(text, format string) (string, error) {
	switch strings.ToLower(format) {
	case "hex":
		return types.DecodeHex(text)
	case "base64":
		return decodeBase64(text)
	case "escape":
		return types.DecodeEscape(text)
	}
	return "", errEncoding(format)
}

// decodeBase64 reads groups of four symbols between which there may be white space. The first = tells how many bytes
// its group has, and each one after it: the symbols there count no more.
func decodeBase64(text string) (string, error) {
	out := make([]byte, 0, len(text)/4*3)
	group, symbols, kept := 0, 0, 3
	for i := range len(text) {
		c := text[i]
		if c == ' ' || c == '\n' || c == '\t' || c == '\r' {
			continue
		}
		v := strings.IndexByte(base64Symbols, c)
		switch {
		case c == '=' && kept == 3 && symbols < 2:
			return "", errParameter(`unexpected "=" while decoding base64 sequence`)
		case c == '=':
			if v = 0; kept == 3 {
				kept = symbols - 1
			}
		case v < 0:
			_, n := utf8.DecodeRuneInString(text[i:])
			return "", errParameter("invalid symbol \"%s\" found while decoding base64 sequence", text[i:i+n])
		}
		group = group<<6 | v
		if symbols++; symbols == 4 {
			out = append(out, []byte{byte(group >> 16), byte(group >> 8), byte(group)}[:kept]...)
			group, symbols = 0, 0
		}
	}
	if symbols > 0 {
		return "", errParameter("invalid base64 end sequence").
			Hint("Input data is missing padding, is truncated, or is otherwise corrupted.")
	}
	return string(out), nil
}
