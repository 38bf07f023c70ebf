import pytest

from accounts.models import User


@pytest.fixture
def ada(db):
    return User.objects.create_user("ada@example.com", "seven green umbrellas", name="Ada")
