// Package ferrettest holds sinks/mongo to the catalogue's contract on
// FerretDB, a server that speaks MongoDB's protocol over SQLite files, run
// inside the test. It is a module of its own so that the product does not
// depend on that server.
package ferrettest
