"""`python -m cli` is `onrecord`."""

from cli.main import main

main()
