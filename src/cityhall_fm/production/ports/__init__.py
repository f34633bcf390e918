"""What production asks of the outside: one Protocol per outside thing, one file per room of it."""
