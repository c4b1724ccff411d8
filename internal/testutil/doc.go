// Package testutil starts the vecdb binary for tests that speak to it over the wire. Read server.go.
//
// A test binary builds the server once (Build), from the sources it is in, with the race detector and the tag
// invariants when the test has them, and starts as many as it likes, each in a folder of its own on a
// port that the system picks. A Server is ended with Stop, as an operator would, or with Kill, as a power
// cut would, and can be started again on the same folder. What the server printed is in Output.
//
// Nothing here is used outside of tests. A Server may be used by several goroutines, Build too.
package testutil
