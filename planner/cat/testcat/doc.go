// Package testcat is a catalog in memory for tests of binding and planning: it is filled with CREATE
// TABLE, CREATE INDEX, CREATE VIEW, CREATE EXTENSION, GRANT-like switches and statistics given by hand.
//
// Read testcat.go (the catalog) and create.go (the statements). A Catalog is filled first and then
// read; reading is safe for many goroutines.
package testcat
