package fn

import (
	"strconv"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// lsnKernels count with pg_lsn, whose 64 bits have no sign; distances between two are numerics.
var lsnKernels = []entry{
	{"pg_lsn_mi", try2(lsnDistance)},
	{"pg_wal_lsn_diff", try2(lsnDistance)},
	{"pg_lsn_pli", try2(lsnPlus)},
	{"numeric_pl_pg_lsn", try2(func(n string, lsn int64) (int64, error) { return lsnPlus(lsn, n) })},
	{"pg_lsn_mii", try2(lsnMinus)},
	{"pg_lsn(numeric)", try1(lsnOf)},
	{"pg_lsn_larger", map2(func(a, b int64) int64 { return int64(max(uint64(a), uint64(b))) })},
	{"pg_lsn_smaller", map2(func(a, b int64) int64 { return int64(min(uint64(a), uint64(b))) })},
	{"pg_lsn_cmp", map2(func(a, b int64) int64 { return int64(compareUnsigned(a, b)) })},
	{"xid(xid8)", map1(func(a int64) int64 { return int64(uint32(a)) })},
	{"xid8cmp", map2(func(a, b int64) int64 { return int64(compareUnsigned(a, b)) })},
}

func lsnNumeric(lsn int64) string { return strconv.FormatUint(uint64(lsn), 10) }

func lsnDistance(a, b int64) (string, error) { return types.NumericSub(lsnNumeric(a), lsnNumeric(b)) }

func lsnPlus(lsn int64, n string) (int64, error) {
	if types.NumericIsNaN(n) {
		return 0, pgerr.New(pgerrcode.FeatureNotSupported, "cannot add NaN to pg_lsn")
	}
	sum, err := types.NumericAdd(lsnNumeric(lsn), n)
	if err != nil {
		return 0, err
	}
	return lsnOf(sum)
}

func lsnMinus(lsn int64, n string) (int64, error) {
	if types.NumericIsNaN(n) {
		return 0, pgerr.New(pgerrcode.FeatureNotSupported, "cannot subtract NaN from pg_lsn")
	}
	return lsnPlus(lsn, types.NumericNeg(n))
}

// lsnOf rounds a number to a place in the log.
func lsnOf(n string) (int64, error) {
	switch {
	case types.NumericIsNaN(n):
		return 0, pgerr.New(pgerrcode.FeatureNotSupported, "cannot convert NaN to pg_lsn")
	case types.NumericIsInf(n):
		return 0, pgerr.New(pgerrcode.FeatureNotSupported, "cannot convert infinity to pg_lsn")
	}
	v, err := strconv.ParseUint(types.NumericRound(n, 0), 10, 64)
	if err != nil {
		return 0, pgerr.New(pgerrcode.InvalidParameterValue, "pg_lsn out of range")
	}
	return int64(v), nil
}
