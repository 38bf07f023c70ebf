"""Sessions: what a visitor did lately, first-party and short, for people who never sign in."""
