// Package ferrettest holds sinks/mongo to the catalogue's contract, and the
// program to the records that it writes into SQLite, on FerretDB, a server that
// speaks MongoDB's protocol over SQLite files, run inside the test. It is a
// module of its own so that the product does not depend on that server.
package ferrettest
