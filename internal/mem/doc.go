// Package mem counts the memory of the process in a tree of accounts: process, session, statement,
// operator. Read account.go; package arrowmem beside it lets Arrow's buffers draw on an account.
//
// Whoever is about to keep memory that grows with the data asks Grow first and calls Shrink when it is
// gone. Grow refuses with an error that wraps ErrBudget when the account or one above it would pass its
// limit; an operator then spills, a statement fails with 53200, and nothing else is hurt. Close gives
// back everything at once, so that an operator that ends early leaks no budget. Pages of mapped files
// are not counted here: the system takes them back when it needs to.
//
// Accounts take from their parent in portions, so that counting costs an uncontended lock and no trip
// to the root; a parent's Used therefore includes what its children hold in reserve. All methods are safe for
// concurrent use, and a nil *Account counts nothing and never refuses.
package mem
