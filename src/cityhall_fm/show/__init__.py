"""Plain values and rules of a show: standard library only, no input or output, no clock."""
