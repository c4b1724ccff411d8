// Package batch is the form in which rows move through execution: columns of plain Go slices with a
// null mask, gathered in a batch with a selection. Read batch.go.
//
// A batch belongs to the operator that returned it and is valid until that operator's next call;
// whoever keeps rows copies them (CopyRow, AppendFrom). Strings are the exception: the bytes of a
// string column are never overwritten, they live as long as the statement's snapshot (they may point
// into a mapped file), so copying the string header is enough within one statement, and
// strings.Clone is needed to keep one beyond it. Batches are not safe for concurrent use.
package batch
