// Package mem counts the bytes that parts of the process hold, so that one statement cannot end the server for all.
// Read account.go.
//
// Accounts form a tree: the process has one, every session a child of it, every statement a child of the session's.
// An operator says what it holds now by [Account.Resize] of its statement's account. Growing is refused with [ErrLimit] when
// the account or one above it would pass its limit; the caller gives up its statement, nothing else is disturbed.
//
// Counted are bytes that live as long as an operator or a session does: rows kept for a sort or a join, groups, cached
// plans. What lives for a batch is not counted, and neither are mapped pages, which the kernel takes back when it needs
// them. Figures are what the values take, not what the allocator does: leave room for it in the limit.
//
// Accounts are safe for many goroutines.
package mem
