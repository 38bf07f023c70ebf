"""What every refusal of the API has in common."""

MEMBERS = ("type", "title", "status", "detail", "code")


def fields_of(answer):
    """The fields that a refusal names, after checks of everything that a problem must hold (RFC 9457)."""
    body = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert body["status"] == answer.status_code
    assert body["type"].endswith(f"#{body['code']}")
    assert all(body[member] for member in MEMBERS)
    errors = body.get("errors", {})
    assert {field: [each["detail"] for each in found] for field, found in errors.items()} == {
        field: body[field] for field in errors
    }
    assert set(body) == {*MEMBERS, *errors, *(["errors"] if errors else [])}
    return list(errors)
