// Package arrowmem lets Arrow's buffers draw on a memory account. Read allocator.go.
//
// Arrow's allocators cannot refuse, so an Allocator that is past its budget still allocates, counts what
// it gave, and says so from Err from then on. Who uses one looks at Err once for each record batch, and
// thus passes the budget by one batch at most. The memory itself is Go's and is freed by the garbage
// collector; Free only counts. An Allocator is safe for concurrent use.
package arrowmem
