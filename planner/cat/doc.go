// Package cat is what binding and planning may ask of the schema: names to objects, objects to their
// columns, indexes and statistics. It holds interfaces and immutable answers only, so that plans can
// be tested without a store (see planner's test catalog). Read cat.go.
package cat
