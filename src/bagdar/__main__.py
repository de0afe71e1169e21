"""`python -m bagdar`."""

from bagdar.cli import main

main()
