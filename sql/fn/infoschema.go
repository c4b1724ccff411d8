package fn

import "github.com/vecdb/vecdb/sql/types"

// expandArray is information_schema._pg_expandarray, which drivers call to list the columns of a key:
// each element x of an array with its number n, from 1.
func expandArray(_ *Call, args []types.Datum, emit func([]types.Datum) error) error {
	list, err := elements(args[0])
	if err != nil {
		return err
	}
	for i, x := range list {
		if err := emit([]types.Datum{x, types.IntDatum(int64(i + 1))}); err != nil {
			return err
		}
	}
	return nil
}
