"""How the bundled encoder is trained, as `python -m training`; nothing that serves imports it."""
