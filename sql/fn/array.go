package fn

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// arrayRow makes a kernel of a function whose first argument is an array that is not null.
func arrayRow(f func(c *Call, a types.Array, args []types.Datum) (types.Datum, error)) Kernel {
	return rows(func(c *Call, args []types.Datum) (types.Datum, error) {
		a, err := types.DecodeArray(args[0].S)
		if err != nil {
			return types.Datum{}, err
		}
		return f(c, a, args)
	})
}

// ofDimension makes array_length and its kin: NULL for a dimension that the array has not.
func ofDimension(f func(a types.Array, dim int) int) Kernel {
	return arrayRow(func(_ *Call, a types.Array, args []types.Datum) (types.Datum, error) {
		dim := args[1].I
		if dim < 1 || dim > int64(len(a.Dims)) {
			return types.NullDatum, nil
		}
		return types.IntDatum(int64(f(a, int(dim)-1))), nil
	})
}

var arrayKernels = []entry{
	{"array_length", ofDimension(func(a types.Array, d int) int { return a.Dims[d] })},
	{"array_lower", ofDimension(func(a types.Array, d int) int { return a.Lower[d] })},
	{"array_upper", ofDimension(func(a types.Array, d int) int { return a.Lower[d] + a.Dims[d] - 1 })},
	{"cardinality", arrayRow(func(_ *Call, a types.Array, _ []types.Datum) (types.Datum, error) {
		return types.IntDatum(int64(len(a.Items))), nil
	})},
	{"array_ndims", arrayRow(func(_ *Call, a types.Array, _ []types.Datum) (types.Datum, error) {
		return types.Datum{Null: len(a.Dims) == 0, I: int64(len(a.Dims))}, nil
	})},
	{"array_dims", arrayRow(arrayDimsText)},
	{"array_append", rows(arrayAppend)},
	{"array_prepend", rows(arrayPrepend)},
	{"array_cat", rows(arrayCat)},
	{"arraycontains", rows(arrayContains(0, 1))},
	{"arraycontained", rows(arrayContains(1, 0))},
	{"arrayoverlap", rows(arrayOverlap)},
	{"array_position", rows(arrayPosition)},
	{"array_positions", rows(arrayPositions)},
	{"array_remove", rows(arrayRemove)},
	{"array_replace", rows(arrayReplace)},
	{"trim_array", arrayRow(trimArray)},
	{"array_shuffle", arrayRow(shuffle)},
	{"array_sample", arrayRow(sample)},
	{"btarraycmp", rows(func(c *Call, a []types.Datum) (types.Datum, error) {
		return types.IntDatum(int64(cmp.Compare(comparer(c.Args[0].OID)(a[0], a[1]), 0))), nil
	})},
	{"array_fill(anyelement,_int4)", rows(arrayFill)},
	{"array_fill(anyelement,_int4,_int4)", rows(arrayFill)},
	{"array_to_string(anyarray,text)", rows(arrayToString)},
	{"array_to_string(anyarray,text,text)", rows(arrayToString)},
	{"string_to_array(text,text)", rows(stringToArray)},
	{"string_to_array(text,text,text)", rows(stringToArray)},
	{"array_larger", larger(1)},
	{"array_smaller", larger(-1)},
}

func larger(sign int) Kernel {
	return rows(func(c *Call, args []types.Datum) (types.Datum, error) {
		if sign*comparer(c.Args[0].OID)(args[0], args[1]) >= 0 {
			return args[0], nil
		}
		return args[1], nil
	})
}

func arrayDimsText(_ *Call, a types.Array, _ []types.Datum) (types.Datum, error) {
	if len(a.Dims) == 0 {
		return types.NullDatum, nil
	}
	var b strings.Builder
	for i, n := range a.Dims {
		b.WriteString("[" + strconv.Itoa(a.Lower[i]) + ":" + strconv.Itoa(a.Lower[i]+n-1) + "]")
	}
	return types.StringDatum(b.String()), nil
}

// decodeOr decodes an array argument; a null is an empty array of the element type.
func decodeOr(d types.Datum, elem types.OID) (types.Array, error) {
	if d.Null {
		return types.Array{Elem: elem}, nil
	}
	return types.DecodeArray(d.S)
}

func errManyDims() error {
	return pgerr.New(pgerrcode.DataException, "argument must be empty or one-dimensional array")
}

func arrayAppend(c *Call, args []types.Datum) (types.Datum, error) {
	a, err := decodeOr(args[0], c.Args[1].OID)
	if err != nil {
		return types.Datum{}, err
	}
	if len(a.Dims) > 1 {
		return types.Datum{}, errManyDims()
	}
	lower := 1
	if len(a.Dims) == 1 {
		lower = a.Lower[0]
	}
	a.Items = append(a.Items, args[1])
	a.Dims, a.Lower = []int{len(a.Items)}, []int{lower}
	return types.StringDatum(a.Encode()), nil
}

func arrayPrepend(c *Call, args []types.Datum) (types.Datum, error) {
	a, err := decodeOr(args[1], c.Args[0].OID)
	if err != nil {
		return types.Datum{}, err
	}
	if len(a.Dims) > 1 {
		return types.Datum{}, errManyDims()
	}
	lower := 1
	if len(a.Dims) == 1 {
		lower = a.Lower[0] // the bound stays, the elements move up
	}
	a.Items = append([]types.Datum{args[0]}, a.Items...)
	a.Dims, a.Lower = []int{len(a.Items)}, []int{lower}
	return types.StringDatum(a.Encode()), nil
}

// arrayCat joins two arrays of the same number of dimensions, or one with a slice of the other.
func arrayCat(_ *Call, args []types.Datum) (types.Datum, error) {
	switch {
	case args[0].Null && args[1].Null:
		return types.NullDatum, nil
	case args[0].Null:
		return args[1], nil
	case args[1].Null:
		return args[0], nil
	}
	a, err := types.DecodeArray(args[0].S)
	if err != nil {
		return types.Datum{}, err
	}
	b, err := types.DecodeArray(args[1].S)
	if err != nil {
		return types.Datum{}, err
	}
	switch {
	case len(a.Dims) == 0:
		return args[1], nil
	case len(b.Dims) == 0:
		return args[0], nil
	}
	out := types.Array{Elem: a.Elem, Items: append(a.Items, b.Items...)}
	switch len(a.Dims) - len(b.Dims) {
	case 0:
		if !sameDims(a.Dims[1:], b.Dims[1:]) {
			return types.Datum{}, errIncompatible("Arrays with differing element dimensions are not compatible for concatenation.")
		}
		out.Dims, out.Lower = append([]int(nil), a.Dims...), a.Lower
		out.Dims[0] += b.Dims[0]
	case 1:
		if !sameDims(a.Dims[1:], b.Dims) {
			return types.Datum{}, errIncompatible("Arrays with differing dimensions are not compatible for concatenation.")
		}
		out.Dims, out.Lower = append([]int(nil), a.Dims...), a.Lower
		out.Dims[0]++
	case -1:
		if !sameDims(a.Dims, b.Dims[1:]) {
			return types.Datum{}, errIncompatible("Arrays with differing dimensions are not compatible for concatenation.")
		}
		out.Dims, out.Lower = append([]int(nil), b.Dims...), b.Lower
		out.Dims[0]++
	default:
		return types.Datum{}, errIncompatible("Arrays of " + strconv.Itoa(len(a.Dims)) + " and " + strconv.Itoa(len(b.Dims)) +
			" dimensions are not compatible for concatenation.")
	}
	return types.StringDatum(out.Encode()), nil
}

func sameDims(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func errIncompatible(detail string) error {
	return pgerr.New(pgerrcode.ArraySubscriptError, "cannot concatenate incompatible arrays").Detail("%s", detail)
}

// arrayContains is @> for the arguments in the given order: nulls never match.
func arrayContains(outer, inner int) func(*Call, []types.Datum) (types.Datum, error) {
	return func(c *Call, args []types.Datum) (types.Datum, error) {
		a, err := elements(args[outer])
		if err != nil {
			return types.Datum{}, err
		}
		b, err := elements(args[inner])
		if err != nil {
			return types.Datum{}, err
		}
		same := comparer(elementOf(c.Args[0].OID))
		for _, want := range b {
			if want.Null || !hasItem(a, want, same) {
				return types.BoolDatum(false), nil
			}
		}
		return types.BoolDatum(true), nil
	}
}

func hasItem(list []types.Datum, want types.Datum, compare func(a, b types.Datum) int) bool {
	for _, d := range list {
		if !d.Null && compare(d, want) == 0 {
			return true
		}
	}
	return false
}

func arrayOverlap(c *Call, args []types.Datum) (types.Datum, error) {
	a, err := elements(args[0])
	if err != nil {
		return types.Datum{}, err
	}
	b, err := elements(args[1])
	if err != nil {
		return types.Datum{}, err
	}
	compare := comparer(elementOf(c.Args[0].OID))
	for _, d := range b {
		if !d.Null && hasItem(a, d, compare) {
			return types.BoolDatum(true), nil
		}
	}
	return types.BoolDatum(false), nil
}

// notDistinct compares with null equal to null.
func notDistinct(a, b types.Datum, compare func(a, b types.Datum) int) bool {
	if a.Null || b.Null {
		return a.Null == b.Null
	}
	return compare(a, b) == 0
}

func arrayPosition(c *Call, args []types.Datum) (types.Datum, error) {
	if args[0].Null {
		return types.NullDatum, nil
	}
	a, err := types.DecodeArray(args[0].S)
	if err != nil {
		return types.Datum{}, err
	}
	if len(a.Dims) > 1 {
		return types.Datum{}, pgerr.New(pgerrcode.FeatureNotSupported, "searching for elements in multidimensional arrays is not supported")
	}
	if len(a.Dims) == 0 {
		return types.NullDatum, nil
	}
	from := 0
	if len(args) > 2 {
		if args[2].Null {
			return types.Datum{}, pgerr.New(pgerrcode.NullValueNotAllowedDataException, "initial position must not be null")
		}
		from = max(0, int(args[2].I)-a.Lower[0])
	}
	compare := comparer(a.Elem)
	for i := from; i < len(a.Items); i++ {
		if notDistinct(a.Items[i], args[1], compare) {
			return types.IntDatum(int64(i + a.Lower[0])), nil
		}
	}
	return types.NullDatum, nil
}

func arrayPositions(_ *Call, args []types.Datum) (types.Datum, error) {
	if args[0].Null {
		return types.NullDatum, nil
	}
	a, err := types.DecodeArray(args[0].S)
	if err != nil {
		return types.Datum{}, err
	}
	if len(a.Dims) > 1 {
		return types.Datum{}, pgerr.New(pgerrcode.FeatureNotSupported, "searching for elements in multidimensional arrays is not supported")
	}
	compare := comparer(a.Elem)
	var list []types.Datum
	for i, d := range a.Items {
		if notDistinct(d, args[1], compare) {
			list = append(list, types.IntDatum(int64(i+a.Lower[0])))
		}
	}
	return makeArray(types.Int4OID, list), nil
}

func arrayRemove(_ *Call, args []types.Datum) (types.Datum, error) {
	if args[0].Null {
		return types.NullDatum, nil
	}
	a, err := types.DecodeArray(args[0].S)
	if err != nil {
		return types.Datum{}, err
	}
	if len(a.Dims) > 1 {
		return types.Datum{}, pgerr.New(pgerrcode.FeatureNotSupported, "removing elements from multidimensional arrays is not supported")
	}
	compare := comparer(a.Elem)
	out := types.Array{Elem: a.Elem}
	for _, d := range a.Items {
		if !notDistinct(d, args[1], compare) {
			out.Items = append(out.Items, d)
		}
	}
	if len(out.Items) > 0 {
		out.Dims, out.Lower = []int{len(out.Items)}, a.Lower
	}
	return types.StringDatum(out.Encode()), nil
}

func arrayReplace(_ *Call, args []types.Datum) (types.Datum, error) {
	if args[0].Null {
		return types.NullDatum, nil
	}
	a, err := types.DecodeArray(args[0].S)
	if err != nil {
		return types.Datum{}, err
	}
	compare := comparer(a.Elem)
	for i, d := range a.Items {
		if notDistinct(d, args[1], compare) {
			a.Items[i] = args[2]
		}
	}
	return types.StringDatum(a.Encode()), nil
}

func trimArray(_ *Call, a types.Array, args []types.Datum) (types.Datum, error) {
	n, count := args[1].I, 0
	if len(a.Dims) > 0 {
		count = a.Dims[0]
	}
	if n < 0 || n > int64(count) {
		return types.Datum{}, pgerr.New(pgerrcode.ArraySubscriptError, "number of elements to trim must be between 0 and %d", count)
	}
	if len(a.Dims) == 0 {
		return args[0], nil
	}
	keep := count - int(n)
	a.Items = a.Items[:len(a.Items)/count*keep]
	a.Dims[0] = keep
	for i := range a.Lower {
		a.Lower[i] = 1
	}
	if keep == 0 {
		a.Dims, a.Lower = nil, nil
	}
	return types.StringDatum(a.Encode()), nil
}

// The most elements and dimensions that an array may have.
const (
	arrayItemsMax = 1<<27 - 1
	arrayDimsMax  = 6
)

// shuffle and sample give the elements of the outermost dimension in random order, all or some of them.
func shuffle(c *Call, a types.Array, _ []types.Datum) (types.Datum, error) {
	if len(a.Dims) == 0 {
		return types.StringDatum(a.Encode()), nil
	}
	return randomPart(c, a, a.Dims[0], a.Lower[0])
}

func sample(c *Call, a types.Array, args []types.Datum) (types.Datum, error) {
	have := 0
	if len(a.Dims) > 0 {
		have = a.Dims[0]
	}
	if args[1].I < 0 || args[1].I > int64(have) {
		return types.Datum{}, errParameter("sample size must be between 0 and %d", have)
	}
	if args[1].I == 0 {
		return types.StringDatum(types.Array{Elem: a.Elem}.Encode()), nil
	}
	return randomPart(c, a, int(args[1].I), 1)
}

// randomPart is count of the outermost elements in random order (Fisher and Yates).
func randomPart(c *Call, a types.Array, count, lower int) (types.Datum, error) {
	have := a.Dims[0]
	width := len(a.Items) / have
	items := slices.Clone(a.Items)
	for i := range count {
		j := i + int(c.Env.Random()*float64(have-i))
		for k := range width {
			items[i*width+k], items[j*width+k] = items[j*width+k], items[i*width+k]
		}
	}
	a.Items, a.Dims, a.Lower = items[:count*width], slices.Clone(a.Dims), slices.Clone(a.Lower)
	a.Dims[0], a.Lower[0] = count, lower
	return types.StringDatum(a.Encode()), nil
}

func arrayFill(c *Call, args []types.Datum) (types.Datum, error) {
	if args[1].Null || len(args) > 2 && args[2].Null {
		return types.Datum{}, pgerr.New(pgerrcode.NullValueNotAllowedDataException, "dimension array or low bound array cannot be null")
	}
	dims, err := elements(args[1])
	if err != nil {
		return types.Datum{}, err
	}
	if dims, err := arrayDims(args[1]); err != nil || dims > 1 {
		return types.Datum{}, pgerr.New(pgerrcode.ArraySubscriptError, "wrong number of array subscripts").
			Detail("Dimension array must be one dimensional.")
	}
	if len(dims) > arrayDimsMax {
		return types.Datum{}, pgerr.New(pgerrcode.ProgramLimitExceeded,
			"number of array dimensions (%d) exceeds the maximum allowed (%d)", len(dims), arrayDimsMax)
	}
	a := types.Array{Elem: c.Args[0].OID}
	var lower []types.Datum
	if len(args) > 2 {
		if lower, err = elements(args[2]); err != nil {
			return types.Datum{}, err
		}
		if len(lower) != len(dims) {
			return types.Datum{}, pgerr.New(pgerrcode.ArraySubscriptError, "wrong number of array subscripts").
				Detail("Low bound array has different size than dimensions array.")
		}
	}
	total := int64(1)
	for i, d := range dims {
		if d.Null {
			return types.Datum{}, pgerr.New(pgerrcode.NullValueNotAllowedDataException, "dimension values cannot be null")
		}
		if total *= d.I; d.I < 0 || total > arrayItemsMax {
			return types.Datum{}, pgerr.New(pgerrcode.ProgramLimitExceeded, "array size exceeds the maximum allowed (%d)", arrayItemsMax)
		}
		a.Dims, a.Lower = append(a.Dims, int(d.I)), append(a.Lower, 1)
		if lower != nil {
			a.Lower[i] = int(lower[i].I)
		}
	}
	if total == 0 || len(dims) == 0 {
		return types.StringDatum(types.Array{Elem: a.Elem}.Encode()), nil
	}
	a.Items = make([]types.Datum, total)
	for i := range a.Items {
		a.Items[i] = args[0]
	}
	return types.StringDatum(a.Encode()), nil
}

func arrayToString(c *Call, args []types.Datum) (types.Datum, error) {
	if args[0].Null || args[1].Null {
		return types.NullDatum, nil
	}
	a, err := types.DecodeArray(args[0].S)
	if err != nil {
		return types.Datum{}, err
	}
	var b strings.Builder
	first := true
	for _, d := range a.Items {
		text := ""
		switch {
		case d.Null && (len(args) < 3 || args[2].Null):
			continue
		case d.Null:
			text = args[2].S
		default:
			if text, err = outputText(c.Env, a.Elem, d); err != nil {
				return types.Datum{}, err
			}
		}
		if !first {
			b.WriteString(args[1].S)
		}
		first = false
		b.WriteString(text)
	}
	return types.StringDatum(b.String()), nil
}

// splitText cuts a text at a separator: NULL separates every character, ” nothing. A part equal to
// the null text becomes NULL.
func splitText(args []types.Datum) []types.Datum {
	s, separator := args[0].S, args[1]
	var parts []string
	switch {
	case s == "":
	case separator.Null:
		for _, r := range s {
			parts = append(parts, string(r))
		}
	case separator.S == "":
		parts = []string{s}
	default:
		parts = strings.Split(s, separator.S)
	}
	list := make([]types.Datum, len(parts))
	for i, p := range parts {
		list[i] = types.Datum{S: p}
		if len(args) > 2 && !args[2].Null && p == args[2].S {
			list[i] = types.NullDatum
		}
	}
	return list
}

func stringToArray(_ *Call, args []types.Datum) (types.Datum, error) {
	if args[0].Null {
		return types.NullDatum, nil
	}
	return makeArray(textType, splitText(args)), nil
}

func stringToTable(_ *Call, args []types.Datum, emit func([]types.Datum) error) error {
	if args[0].Null {
		return nil
	}
	return emitAll(splitText(args), emit)
}

// emitAll emits one column.
func emitAll(list []types.Datum, emit func([]types.Datum) error) error {
	row := make([]types.Datum, 1)
	for _, d := range list {
		row[0] = d
		if err := emit(row); err != nil {
			return err
		}
	}
	return nil
}

func unnest(_ *Call, args []types.Datum, emit func([]types.Datum) error) error {
	list, err := elements(args[0])
	if err != nil {
		return err
	}
	return emitAll(list, emit)
}

func subscripts(_ *Call, args []types.Datum, emit func([]types.Datum) error) error {
	a, err := types.DecodeArray(args[0].S)
	if err != nil {
		return err
	}
	dim := args[1].I
	if dim < 1 || dim > int64(len(a.Dims)) {
		return nil
	}
	n, low := a.Dims[dim-1], a.Lower[dim-1]
	reverse := len(args) > 2 && args[2].Bool()
	row := make([]types.Datum, 1)
	for i := range n {
		v := low + i
		if reverse {
			v = low + n - 1 - i
		}
		row[0] = types.IntDatum(int64(v))
		if err := emit(row); err != nil {
			return err
		}
	}
	return nil
}

// arrayAggArrays is array_agg of arrays.
func arrayAggArrays(c AggCall) State {
	return &listState{width: 1, result: func(list []types.Datum) (types.Datum, error) {
		if len(list) == 0 {
			return types.NullDatum, nil
		}
		s, err := GatherArrays(elementOf(c.Args[0].OID), list)
		return types.StringDatum(s), err
	}}
}

// GatherArrays makes the arrays of a query's rows the slices of one with a dimension more. None may be null or empty.
func GatherArrays(elem types.OID, list []types.Datum) (string, error) {
	out := types.Array{Elem: elem}
	bad := func(text string) (string, error) { return "", pgerr.New(pgerrcode.ArraySubscriptError, "%s", text) }
	for i, d := range list {
		if d.Null {
			return "", pgerr.New(pgerrcode.NullValueNotAllowedDataException, "cannot accumulate null arrays")
		}
		a, err := types.DecodeArray(d.S)
		if err != nil {
			return "", err
		}
		switch {
		case len(a.Dims) == 0:
			return bad("cannot accumulate empty arrays")
		case len(a.Dims) == types.ArrayDimsMax:
			return "", types.ErrDimensions(len(a.Dims) + 1)
		case i == 0:
			out.Dims, out.Lower = append([]int{len(list)}, a.Dims...), append([]int{1}, a.Lower...)
		case !sameDims(out.Dims[1:], a.Dims):
			return bad("cannot accumulate arrays of different dimensionality")
		}
		out.Items = append(out.Items, a.Items...)
	}
	return out.Encode(), nil
}

// arrayDims is the number of dimensions of an array value.
func arrayDims(d types.Datum) (int, error) {
	a, err := types.DecodeArray(d.S)
	return len(a.Dims), err
}

// extremes makes min and max of a type by its order.
func extremes(typeName string) []aggEntry {
	pick := func(sign int) func(AggCall) State {
		return func(c AggCall) State {
			compare := comparer(c.Args[0].OID)
			if physicalOf(c.Args[0].OID) == intForm {
				return extreme(sign, func(a, b int64) int { return compare(types.IntDatum(a), types.IntDatum(b)) })
			}
			return extreme(sign, func(a, b string) int { return compare(types.StringDatum(a), types.StringDatum(b)) })
		}
	}
	return []aggEntry{{"min(" + typeName + ")", pick(-1)}, {"max(" + typeName + ")", pick(1)}}
}

func extreme[T value](sign int, compare func(a, b T) int) State {
	return &foldState[T]{fold: func(a, b T) (T, error) {
		if sign*compare(b, a) > 0 {
			return b, nil
		}
		return a, nil
	}}
}
