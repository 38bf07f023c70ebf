from datetime import timedelta

import jwt
import pytest
from django.conf import settings as django_settings
from django.db.models import F
from django.utils import timezone

from accounts.models import SignIn, User
from accounts.sign_in import tokens
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    # A little ago, so that moments after it still lie in the past for the clock that checks signatures.
    return timezone.now() - timedelta(minutes=5)


def test_an_access_token_names_its_user_in_one_query(shopper, now, django_assert_num_queries):
    pair = tokens.issue(shopper, now=now)
    with django_assert_num_queries(1):
        assert tokens.verify(pair.access, now=now).user == shopper


def test_an_access_token_lasts_fifteen_minutes_and_a_refresh_token_fourteen_days(shopper, now):
    pair = tokens.issue(shopper, now=now)
    lifetimes = []
    for raw in (pair.access, pair.refresh):
        claims = jwt.decode(raw, options={"verify_signature": False})
        lifetimes.append(claims["exp"] - claims["iat"])
    assert lifetimes == [15 * 60, 14 * 24 * 3600]


def test_an_expired_access_token_is_told_apart_from_a_forged_one(shopper, now):
    old = tokens.issue(shopper, now=now - timedelta(minutes=16))
    with pytest.raises(tokens.TokenExpired):
        tokens.verify(old.access, now=now)
    with pytest.raises(tokens.TokenRefused) as refusal:
        tokens.verify(old.access[:-4] + "AAAA", now=now)
    assert not isinstance(refusal.value, tokens.TokenExpired)


@pytest.mark.parametrize("garbage", ["", "x", "a.b.c", "\x00\xff", "eyJhbGciOiJub25lIn0.e30.", "é" * 50])
def test_garbage_is_refused(garbage, now, db):
    with pytest.raises(tokens.TokenRefused):
        tokens.verify(garbage, now=now)
    with pytest.raises(tokens.TokenRefused):
        tokens.rotate(garbage, now=now)


def test_an_unsigned_token_is_refused(shopper, now):
    claims = jwt.decode(tokens.issue(shopper, now=now).access, options={"verify_signature": False})
    with pytest.raises(tokens.TokenRefused):
        tokens.verify(jwt.encode(claims, None, algorithm="none"), now=now)


def test_a_token_signed_with_the_secret_key_itself_is_refused(shopper, now):
    claims = jwt.decode(tokens.issue(shopper, now=now).access, options={"verify_signature": False})
    with pytest.raises(tokens.TokenRefused):
        tokens.verify(jwt.encode(claims, django_settings.SECRET_KEY, algorithm="HS256"), now=now)


@pytest.mark.parametrize("claim", ["aud", "iss"])
def test_a_token_for_another_service_is_refused(shopper, now, claim):
    claims = jwt.decode(tokens.issue(shopper, now=now).access, options={"verify_signature": False})
    key = django_settings.SIMPLE_JWT["SIGNING_KEY"]
    assert tokens.verify(jwt.encode(claims, key, algorithm="HS256"), now=now).user == shopper
    with pytest.raises(tokens.TokenRefused):
        tokens.verify(jwt.encode({**claims, claim: "elsewhere"}, key, algorithm="HS256"), now=now)


def test_a_refresh_token_does_not_serve_as_an_access_token_nor_the_reverse(shopper, now):
    pair = tokens.issue(shopper, now=now)
    with pytest.raises(tokens.TokenRefused):
        tokens.verify(pair.refresh, now=now)
    with pytest.raises(tokens.TokenRefused):
        tokens.rotate(pair.access, now=now)


def test_rotation_gives_a_new_pair_and_keeps_the_sign_in(shopper, now):
    first = tokens.issue(shopper, now=now)
    sign_in, second = tokens.rotate(first.refresh, now=now + timedelta(seconds=1))
    assert second.refresh != first.refresh
    assert tokens.verify(second.access, now=now).pk == sign_in.pk == SignIn.objects.get().pk


def test_two_tabs_that_refresh_at_once_both_stay_signed_in(shopper, now):
    first = tokens.issue(shopper, now=now)
    _one, here = tokens.rotate(first.refresh, now=now)
    _two, there = tokens.rotate(first.refresh, now=now + timedelta(seconds=2))
    later = now + timedelta(minutes=1)
    tokens.rotate(here.refresh, now=later)
    tokens.rotate(there.refresh, now=later + timedelta(seconds=1))
    assert SignIn.objects.active(later).count() == 1


def test_a_rotated_refresh_token_that_comes_back_later_ends_the_whole_sign_in(shopper, now):
    first = tokens.issue(shopper, now=now)
    _sign_in, second = tokens.rotate(first.refresh, now=now)
    later = now + SignIn.GRACE + timedelta(seconds=1)
    with pytest.raises(tokens.TokenRefused):
        tokens.rotate(first.refresh, now=later)
    with pytest.raises(tokens.TokenRefused):
        tokens.verify(second.access, now=later)
    with pytest.raises(tokens.TokenRefused):
        tokens.rotate(second.refresh, now=later)


def test_reuse_ends_no_other_sign_in(shopper, now):
    elsewhere = tokens.issue(shopper, now=now)
    first = tokens.issue(shopper, now=now)
    tokens.rotate(first.refresh, now=now)
    with pytest.raises(tokens.TokenRefused):
        tokens.rotate(first.refresh, now=now + timedelta(minutes=1))
    assert tokens.verify(elsewhere.access, now=now).user == shopper


def test_a_token_two_rotations_old_is_reuse_even_within_the_grace(shopper, now):
    first = tokens.issue(shopper, now=now)
    _one, second = tokens.rotate(first.refresh, now=now)
    tokens.rotate(second.refresh, now=now)
    with pytest.raises(tokens.TokenRefused):
        tokens.rotate(first.refresh, now=now)


def test_a_new_password_ends_every_token_at_once(shopper, now):
    pair = tokens.issue(shopper, now=now)
    shopper.change_password("eight purple parasols")
    with pytest.raises(tokens.TokenRefused):
        tokens.verify(pair.access, now=now)
    with pytest.raises(tokens.TokenRefused):
        tokens.rotate(pair.refresh, now=now)


def test_a_password_set_by_an_administrator_ends_every_token_too(shopper, now):
    pair = tokens.issue(shopper, now=now)
    shopper.set_password("eight purple parasols")
    shopper.save()
    with pytest.raises(tokens.TokenRefused):
        tokens.verify(pair.access, now=now)


def test_a_mere_upgrade_of_the_password_hash_ends_nothing(shopper, now, settings):
    pair = tokens.issue(shopper, now=now)
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    before = shopper.password
    assert shopper.check_password(PASSWORD)
    assert shopper.password != before
    assert tokens.verify(pair.access, now=now).user == shopper


def test_tokens_of_a_deactivated_or_deleted_user_are_refused(shopper, now):
    pair = tokens.issue(shopper, now=now)
    shopper.is_active = False
    shopper.save()
    with pytest.raises(tokens.TokenRefused):
        tokens.verify(pair.access, now=now)
    shopper.delete()
    with pytest.raises(tokens.TokenRefused):
        tokens.verify(pair.access, now=now)


@pytest.mark.parametrize(
    "change",
    [
        lambda now: SignIn.objects.update(ended_at=now),
        lambda now: SignIn.objects.update(expires_at=now),
        lambda _now: User.objects.update(token_version=F("token_version") + 1),
        lambda _now: User.objects.update(is_active=False),
        lambda _now: SignIn.objects.update(user=User.objects.create_user("eve@shop.example", PASSWORD)),
        lambda _now: SignIn.objects.all().delete(),
    ],
    ids=["ended", "expired", "revoked", "deactivated", "of somebody else", "deleted"],
)
def test_neither_token_outlives_its_sign_in(shopper, now, change):
    pair = tokens.issue(shopper, now=now)
    change(now)
    for refused in (tokens.verify, tokens.rotate):
        with pytest.raises(tokens.TokenRefused):
            refused(pair.access if refused is tokens.verify else pair.refresh, now=now)
    assert tokens.find_sign_in(pair.refresh, now=now) is None


def test_a_sign_in_is_active_exactly_where_a_query_of_active_ones_finds_it(shopper, now):
    tokens.issue(shopper, now=now)
    moments = [now, now + timedelta(days=14), now + timedelta(days=15)]
    for ended_at in (None, now):
        SignIn.objects.update(ended_at=ended_at)
        sign_in = SignIn.objects.get()
        found = [SignIn.objects.active(moment).exists() for moment in moments]
        assert [sign_in.is_active(moment) for moment in moments] == found


def test_a_sign_in_ends_after_ninety_days_however_often_it_is_refreshed(shopper, now):
    start = now - SignIn.MAX_AGE + timedelta(days=1)
    sign_in = tokens.verify(tokens.issue(shopper, now=now).access, now=now)
    SignIn.objects.update(created_at=start)
    sign_in.refresh_from_db()
    sign_in.rotate(sign_in.refresh_id, now=now, lifetime=timedelta(days=14))
    assert sign_in.expires_at == start + SignIn.MAX_AGE


def test_the_database_holds_no_usable_token(shopper, now):
    pair = tokens.issue(shopper, now=now)
    stored = " ".join(str(value) for value in SignIn.objects.values().get().values())
    assert pair.refresh not in stored
    assert pair.access not in stored


@pytest.mark.parametrize("ahead", [5, 25])
def test_a_token_of_a_host_whose_clock_is_ahead_is_valid(shopper, ahead):
    now = timezone.now()
    pair = tokens.issue(shopper, now=now + timedelta(seconds=ahead))
    assert tokens.verify(pair.access, now=now).user == shopper
    sign_in, again = tokens.rotate(pair.refresh, now=now)
    assert sign_in.user == shopper
    assert tokens.verify(again.access, now=now)


def test_a_token_of_next_hour_is_refused(shopper):
    now = timezone.now()
    pair = tokens.issue(shopper, now=now + timedelta(hours=1))
    with pytest.raises(tokens.TokenRefused):
        tokens.verify(pair.access, now=now)
