// Package metamorphic runs seeded lists of operations on the store under random options and compares
// everything it can read with a model: a map of rows for each version. Read model_test.go (the model),
// ops_test.go (the operations), store_test.go (the runs). A failure prints the seed and the command that
// replays it.
package metamorphic
