"""The page of an experiment that shows what its variant would change."""
