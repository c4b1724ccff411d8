// Package kill ends a running server by SIGKILL while clients load, update and build indexes, starts it
// again, and looks at what is there: every acknowledged statement, no half one, indexes that agree with
// the table, no stray file. What a process takes with it when it is killed is less than what a power cut
// takes; package crash has that. Here the whole server runs, over the wire.
//
// Read kill_test.go (a round), work_test.go (what the clients do and note down), verify_test.go. The flag
// -rounds says how often; a failure prints the seed that makes the clients do the same again, though not at
// the same moments.
package kill
