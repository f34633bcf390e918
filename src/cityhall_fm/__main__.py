"""`python -m cityhall_fm`: the same as the command."""

from cityhall_fm.cli import main

main()
