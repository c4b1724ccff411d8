// Package pgerr is the one error type that reaches a client: a message with PostgreSQL's SQLSTATE
// and the other fields of an ErrorResponse. It is a leaf: everything above storage builds its errors
// here with New, everything that must know a code asks Code. Codes are the constants of
// github.com/jackc/pgerrcode.
//
// Read error.go. An *Error is built once, before it is returned, and is then read-only, so it may be
// read by many goroutines.
package pgerr
