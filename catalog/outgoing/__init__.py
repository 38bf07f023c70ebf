"""What every request to other servers has in common."""
