// Package scram makes and reads the verifiers that PostgreSQL stores for SCRAM-SHA-256 passwords
// (RFC 5802, RFC 7677), and serves the exchange that proves one. A leaf: sessions make verifiers, the
// wire checks them. Read scram.go.
//
// An Exchange belongs to one connection. Everything else is safe for many goroutines.
package scram
