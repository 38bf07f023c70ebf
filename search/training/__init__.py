"""How the bundled encoder is made: `python -m search.training --help`."""
