"""What all endpoints of the API share: its document, its refusals, the forms that it reads and writes."""
