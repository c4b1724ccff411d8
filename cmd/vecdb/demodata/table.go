package demodata

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow/ipc"
)

//go:embed *.arrow LICENSE.wordnet
var files embed.FS

// Dims is the number of dimensions of all embeddings. They have unit length.
const Dims = 384

// Table is one table of the data set.
type Table struct {
	Name    string
	Rows    int
	Create  string   // CREATE TABLE
	Indexes []string // CREATE INDEX statements, to be run after the rows are there
}

// Tables are all tables, in the order in which they are best shown and loaded.
var Tables = []Table{
	{
		Name: "categories", Rows: 45,
		Create: `CREATE TABLE categories (
  category    text PRIMARY KEY,
  realm       text NOT NULL,
  description text NOT NULL
)`,
	},
	{
		Name: "definitions", Rows: 30_000,
		Create: `CREATE TABLE definitions (
  id         integer PRIMARY KEY,
  word       text NOT NULL,
  synonyms   text,
  pos        text NOT NULL,
  category   text NOT NULL,
  definition text NOT NULL,
  example    text,
  length     integer NOT NULL,
  frequency  integer NOT NULL,
  embedding  vector(384) NOT NULL
)`,
		Indexes: []string{
			"CREATE INDEX definitions_category ON definitions (category)",
			"CREATE INDEX definitions_frequency ON definitions (frequency)",
			"CREATE INDEX definitions_embedding ON definitions USING ivfpq (embedding vector_cosine_ops)",
		},
	},
	{
		Name: "words", Rows: 6_000,
		Create: `CREATE TABLE words (
  word          text PRIMARY KEY,
  pos           text NOT NULL,
  frequency     integer NOT NULL,
  senses        integer NOT NULL,
  definition_id integer NOT NULL,
  embedding     vector(384) NOT NULL
)`,
		Indexes: []string{
			"CREATE INDEX words_embedding ON words USING ivfpq (embedding vector_cosine_ops)",
		},
	},
	{
		Name: "questions", Rows: 15,
		Create: `CREATE TABLE questions (
  question  text PRIMARY KEY,
  embedding vector(384) NOT NULL
)`,
	},
}

// Licence is the licence of the texts.
func Licence() string {
	text, err := files.ReadFile("LICENSE.wordnet")
	if err != nil {
		return err.Error() // cannot be: the file is part of the binary
	}
	return string(text)
}

// Reader reads a table's rows batch by batch.
type Reader struct {
	file *ipc.FileReader
	next int
}

// Open begins to read a table. Close the reader when done.
func Open(table string) (*Reader, error) {
	data, err := files.ReadFile(table + ".arrow")
	if err != nil {
		return nil, fmt.Errorf("demo table %s: %w", table, err)
	}
	file, err := ipc.NewFileReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("demo table %s: %w", table, err)
	}
	return &Reader{file: file}, nil
}

// Next returns the next rows, some thousands at most, or io.EOF. They are valid until the next call.
func (r *Reader) Next() (*Batch, error) {
	if r.next == r.file.NumRecords() {
		return nil, io.EOF
	}
	record, err := r.file.RecordBatch(r.next)
	if err != nil {
		return nil, err
	}
	r.next++
	return newBatch(record)
}

// Close ends reading.
func (r *Reader) Close() error { return r.file.Close() }

// each calls f for all batches of a table.
func each(table string, f func(*Batch) error) error {
	r, err := Open(table)
	if err != nil {
		return err
	}
	for {
		b, err := r.Next()
		if errors.Is(err, io.EOF) {
			return r.Close()
		}
		if err == nil {
			err = f(b)
		}
		if err != nil {
			return errors.Join(err, r.Close())
		}
	}
}
