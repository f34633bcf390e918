"""One file per outside thing; each fulfils a port of production."""
