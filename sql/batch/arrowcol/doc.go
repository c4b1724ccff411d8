// Package arrowcol converts columns between execution's form and Arrow's: Build for what goes into a
// fragment, Read for what comes out of one. Strings, vectors and float8 are read without copying and
// live as long as the Arrow buffers; other values are widened. Read arrowcol.go. It keeps no state.
package arrowcol
