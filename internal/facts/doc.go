// Package facts reads the tab-separated fact files that tables are made from: a header line, then one
// row a line, fields quoted as in CSV where they hold quotes. It is a leaf and keeps no state.
package facts
