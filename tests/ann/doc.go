// Package ann tests approximate searches from the outside: SQL goes in, and what comes back is held against
// distances computed here. Read model_test.go, then the tests by topic: recall_test.go, writes_test.go, forms_test.go,
// life_test.go.
//
// The package has no code of its own.
package ann
