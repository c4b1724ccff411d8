// Package copyfmt reads and writes the data of COPY: PostgreSQL's text, csv and binary formats, from
// bytes to batches of typed columns and back. It knows no statements and no tables: the session gives
// it options, columns and a stream.
//
// Read options.go (what a client may ask for, and the checks of it), reader.go (rows to batches, and
// where an error stands), input.go (the buffer below), lines.go (where a line ends), text.go, csv.go and
// binary.go (what is in a row), writer.go.
//
// A Reader gives new columns with every batch, so a batch stays valid; it copies what it keeps of the
// input, once a value. A Writer gives its stream one Write a row, and the stream must not keep the
// bytes. Neither is safe for concurrent use.
//
// Errors are *pgerr.Error with PostgreSQL's messages; those about a row say in Where which line and
// column they mean. Errors of the stream itself come back as they are.
package copyfmt
