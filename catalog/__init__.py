"""The shop's products and their pictures; analytics, search, config, demo and training may import it."""
