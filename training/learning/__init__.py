"""The objective, and the stages that minimise it. Only training imports it."""
