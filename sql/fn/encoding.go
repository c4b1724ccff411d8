package fn

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgerrcode"
	"golang.org/x/text/unicode/norm"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// Numbers of the encodings that we convert to and from; texts are always UTF-8.
const (
	encodingASCII  = 0
	encodingUTF8   = 6
	encodingLatin1 = 8
)

// encodingNames are PostgreSQL's encodings by number.
var encodingNames = [...]string{
	"SQL_ASCII", "EUC_JP", "EUC_CN", "EUC_KR", "EUC_TW", "EUC_JIS_2004", "UTF8", "MULE_INTERNAL", "LATIN1", "LATIN2", "LATIN3",
	"LATIN4", "LATIN5", "LATIN6", "LATIN7", "LATIN8", "LATIN9", "LATIN10", "WIN1256", "WIN1258", "WIN866", "WIN874", "KOI8R",
	"WIN1251", "WIN1252", "ISO_8859_5", "ISO_8859_6", "ISO_8859_7", "ISO_8859_8", "WIN1250", "WIN1253", "WIN1254", "WIN1255",
	"WIN1257", "KOI8U", "SJIS", "BIG5", "GBK", "UHC", "GB18030", "JOHAB", "SHIFT_JIS_2004",
}

// encodingAliases are further names of the encodings that we speak, in lower case without punctuation.
var encodingAliases = map[string]int64{"unicode": encodingUTF8, "iso88591": encodingLatin1}

// encodingMaxBytes is the longest character of the encodings that we speak.
var encodingMaxBytes = map[int64]int64{encodingASCII: 1, encodingUTF8: 4, encodingLatin1: 1}

var encodingKernels = []entry{
	{"convert_from", try2(func(s, source string) (string, error) { return convert(s, source, "UTF8") })},
	{"convert_to", try2(func(s, target string) (string, error) { return convert(s, "UTF8", target) })},
	{"convert", try3(convert)},
	{"length(bytea,name)", try2(func(s, encoding string) (int64, error) {
		if encodingNumber(encoding) < 0 {
			return 0, errParameter("invalid encoding name %q", encoding)
		}
		s, err := convert(s, encoding, "UTF8")
		return charCount(s), err
	})},
	{"pg_encoding_to_char", map1(func(n int64) string {
		if n < 0 || n >= int64(len(encodingNames)) {
			return ""
		}
		return encodingNames[n]
	})},
	{"pg_char_to_encoding", map1(encodingNumber)},
	{"pg_encoding_max_length", rows(func(_ *Call, args []types.Datum) (types.Datum, error) {
		n, ok := encodingMaxBytes[args[0].I]
		return types.Datum{I: n, Null: !ok}, nil
	})},
	{"normalize", try2(func(s, form string) (string, error) {
		f, err := normalForm(form)
		return f.String(s), err
	})},
	{"is_normalized", try2(func(s, form string) (bool, error) {
		f, err := normalForm(form)
		return f.IsNormalString(s), err
	})},
}

func normalForm(name string) (norm.Form, error) {
	i := slices.Index([]string{"nfc", "nfd", "nfkc", "nfkd"}, strings.ToLower(name))
	if i < 0 {
		return 0, errParameter("invalid normalization form: %s", name)
	}
	return [...]norm.Form{norm.NFC, norm.NFD, norm.NFKC, norm.NFKD}[i], nil
}

// encodingNumber is the number of an encoding, whose name is compared without case and punctuation; -1 when there
// is none.
func encodingNumber(name string) int64 {
	plain := func(s string) string { return strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(s)) }
	if n, ok := encodingAliases[plain(name)]; ok {
		return n
	}
	return int64(slices.IndexFunc(encodingNames[:], func(known string) bool { return plain(known) == plain(name) }))
}

// convert is s, which is in one encoding, in another.
func convert(s, source, target string) (string, error) {
	from, to := encodingNumber(source), encodingNumber(target)
	if from < 0 {
		return "", errParameter("invalid source encoding name %q", source)
	}
	if to < 0 {
		return "", errParameter("invalid destination encoding name %q", target)
	}
	for _, n := range []int64{from, to} {
		if encodingMaxBytes[n] == 0 {
			return "", pgerr.Unsupported("encoding %s", encodingNames[n])
		}
	}
	if from == encodingLatin1 {
		s = fromLatin1(s)
	}
	if err := checkUTF8(s); err != nil {
		return "", err
	}
	if to == encodingLatin1 {
		return toLatin1(s)
	}
	return s, nil
}

func fromLatin1(s string) string {
	b := make([]rune, len(s))
	for i := range len(s) {
		b[i] = rune(s[i])
	}
	return string(b)
}

func toLatin1(s string) (string, error) {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xff {
			return "", pgerr.New(pgerrcode.UntranslatableCharacter,
				"character with byte sequence %s in encoding %q has no equivalent in encoding %q", hexBytes(string(r)), "UTF8", "LATIN1")
		}
		b = append(b, byte(r))
	}
	return string(b), nil
}

// checkUTF8 refuses what is no UTF-8, and the character 0.
func checkUTF8(s string) error {
	for i, r := range s {
		if r == 0 || r == utf8.RuneError && !strings.HasPrefix(s[i:], string(utf8.RuneError)) {
			return pgerr.New(pgerrcode.CharacterNotInRepertoire, "invalid byte sequence for encoding %q: %s", "UTF8", hexBytes(s[i:i+sequenceLength(s[i:])]))
		}
	}
	return nil
}

// sequenceLength is how many bytes of s its first byte takes for one character.
func sequenceLength(s string) int {
	n := 1
	switch c := s[0]; {
	case c >= 0xf8:
	case c >= 0xf0:
		n = 4
	case c >= 0xe0:
		n = 3
	case c >= 0xc0:
		n = 2
	}
	return min(n, len(s))
}

// hexBytes is 0xc3 0xa4.
func hexBytes(s string) string {
	list := make([]string, len(s))
	for i := range len(s) {
		list[i] = fmt.Sprintf("0x%02x", s[i])
	}
	return strings.Join(list, " ")
}
