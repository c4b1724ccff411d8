//go:build !invariants

package invariants

// Enabled is true in builds with the tag invariants, where a broken invariant panics.
const Enabled = false
