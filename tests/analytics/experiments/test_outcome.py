"""What an experiment counts, how it ends, and what staff see of it."""

from datetime import timedelta

import pytest
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import User
from analytics import privacy, recording
from analytics.experiments import running
from analytics.experiments.outcome import outcome, stop
from analytics.experiments.sign_test import SignTest
from analytics.experiments.verdict import verdict
from analytics.models import Event, Experiment, SearchLog
from tests.factories import ProductFactory


@pytest.fixture
def trial(db, noon):
    planned = Experiment.objects.create(name="Less popularity", popularity=0.0)
    running.start(planned, noon)
    return planned


@pytest.fixture
def pair(db):
    return ProductFactory(product_id="demo-a"), ProductFactory(product_id="demo-b")


@pytest.fixture
def visit(trial, pair, searched, clicked):
    """``visit("A", "B")`` records a search whose products of these teams were opened."""

    def record(*opened, **fields):
        ours, theirs = pair
        teams = {"A": (ours.pk,), "B": (theirs.pk,)}
        query_id = searched(**{"experiment": trial.pk, "teams": teams, **fields})
        for team in opened:
            clicked(query_id, ours.product_id if team == "A" else theirs.product_id, 1)
        return query_id

    return record


def test_each_visit_decides_for_the_ranking_whose_products_were_opened_more(trial, visit):
    for opened in ("A", "B", "B", "AB", ""):
        visit(*opened)
    assert outcome(trial).opened == SignTest(ours=1, theirs=2, ties=1)
    assert outcome(trial).visits == 5


def test_searches_of_one_visit_decide_once(trial, visit):
    for _again in range(3):
        visit("B", session="one")
    assert outcome(trial).opened == SignTest(ours=0, theirs=1)
    assert outcome(trial).visits == 1


def test_a_click_on_what_no_team_placed_decides_nothing(trial, visit, clicked, product):
    clicked(visit(), product.product_id, 1)
    assert outcome(trial).opened == SignTest(0, 0)


def test_a_purchase_in_the_session_counts_for_the_team_of_its_click(trial, visit, pair, report):
    query_id, session = visit(session=""), "4f0c1b8e2d7a4c55"
    line = {"product_id": "demo-b", "session": session}
    click = {**line, "type": "click", "query_id": str(query_id), "position": 1}
    assert report([click, {**line, "type": "purchase", "value": "9.00"}]).status_code == 200
    assert set(Event.objects.values_list("type", "team")) == {("click", "B"), ("purchase", "B")}
    assert outcome(trial).bought == SignTest(ours=0, theirs=1)


def test_what_is_still_being_written_when_it_stops_is_counted(trial, visit, pair, noon):
    query_id = visit()
    recording.record_click(query_id, pair[1].product_id, 1, None, noon)
    stop(trial, noon)
    assert outcome(trial).opened == SignTest(0, 1)


def test_an_end_without_its_count_is_counted_before_the_log_goes(trial, visit, noon, monkeypatch):
    visit("B")

    def dies():
        raise SystemExit

    monkeypatch.setattr(recording, "settle", dies)
    with pytest.raises(SystemExit):
        stop(trial, noon)
    assert (running.current(), outcome(trial).opened) == (None, SignTest(0, 1))
    privacy.prune(days=90, now=noon + timedelta(days=91))
    trial.refresh_from_db()
    assert trial.counted["opened"] == [0, 1, 0]


def test_what_one_experiment_led_to_is_not_counted_by_the_next(trial, visit, pair, report, noon):
    """One shopper, one visit: the basket follows a click in the first experiment, the purchase one in the
    second.
    """
    line = {"product_id": "demo-b", "session": "4f0c1b8e2d7a4c55"}

    def follow(query_id, **act):
        click = {**line, "type": "click", "query_id": str(query_id), "position": 1}
        assert report([click, {**line, **act}]).status_code == 200

    follow(visit(session="one"), type="basket")
    stop(trial, noon)
    second = Experiment.objects.create(name="Taste off", taste=0.0)
    running.start(second, noon)
    theirs = {"experiment": second.pk, "teams": {"A": (pair[1].pk,), "B": ()}}
    again = visit(session="one", **theirs)
    assert outcome(second).bought == SignTest(0, 0)
    follow(again, type="purchase", value="9.00")
    assert [outcome(each).bought for each in (trial, second)] == [SignTest(0, 1), SignTest(1, 0)]


def test_what_was_counted_outlives_the_log(trial, visit, noon):
    visit("B")
    stop(trial, noon)
    SearchLog.objects.all().delete()
    assert outcome(trial).opened == SignTest(0, 1)
    assert running.current() is None


def test_an_experiment_ends_before_the_log_that_it_is_counted_from_is_deleted(trial, visit, noon):
    visit("B")
    privacy.prune(days=90, now=noon + timedelta(days=91))
    trial.refresh_from_db()
    assert (trial.state, outcome(trial).opened) == ("ended", SignTest(0, 1))


def test_nothing_of_it_is_stored_of_a_search_that_is_not_tracked(trial, searched):
    searched(track=False, experiment=trial.pk, teams={"A": (1,)})
    assert SearchLog.objects.get().experiment is None


def test_a_deleted_account_takes_what_its_answers_held_along_and_what_was_decided_stays(trial, visit, ada):
    visit("B", user=ada)
    visit(user=ada, text="both alike", teams={})
    before = outcome(trial)
    privacy.forget(ada)
    assert sorted(map(str, SearchLog.objects.values_list("teams", flat=True))) == ["None", "{}"]
    assert outcome(trial) == before
    assert (before.visits, before.alike, before.opened) == (2, 1, SignTest(0, 1))


def test_one_runs_at_a_time(trial, noon):
    other = Experiment.objects.create(name="Other", taste=0.0)
    with pytest.raises(running.AnotherRuns):
        running.start(other, noon)
    stop(trial, noon)
    running.start(other, noon)
    assert running.current().key == other.pk


def test_a_variant_that_changes_nothing_is_refused():
    with pytest.raises(ValidationError):
        Experiment(name="Nothing").clean()


def test_the_running_experiment_is_read_once(trial, django_assert_num_queries):
    running.current()
    with django_assert_num_queries(0):
        assert running.current().variant.weights == {"popularity": 0.0}


def test_a_verdict_names_the_better_ranking_and_its_share(trial):
    found = outcome(trial)
    assert verdict(SignTest(206, 274), found).sentence == (
        "The variant is better: 57 % [53–61 %] of 480 decided visits."
    )
    assert verdict(SignTest(274, 206), found).sentence == (
        "The shop's ranking is better: 57 % [53–61 %] of 480 decided visits."
    )
    assert verdict(SignTest(0, 0), found).sentence == "No visit has decided yet."
    assert verdict(SignTest(55, 45), found).sentence.startswith(
        "Not decided yet, the shop's ranking leads: 55 %"
    )
    assert verdict(SignTest(45, 55), found).sentence.startswith("Not decided yet, the variant leads: 55 %")
    assert "more decided visits" in verdict(SignTest(45, 55), found).outlook


@pytest.fixture
def staff_client(client, db):
    client.force_login(User.objects.create_superuser("staff@shop.example", "a long enough one"))
    return client


def test_staff_start_and_stop_on_the_page(staff_client, noon):
    planned = Experiment.objects.create(name="Taste off", taste=0.0)
    address = reverse("experiment-change", args=[planned.pk])
    staff_client.post(address, {"action": "start"})
    assert Experiment.objects.get().is_running
    page = staff_client.get(reverse("experiment", args=[planned.pk])).content.decode()
    assert "Stop" in page
    assert "started by staff@shop.example" in page
    staff_client.post(address, {"action": "stop"})
    assert Experiment.objects.get().state == "ended"
    assert "Taste off" in staff_client.get(reverse("experiments")).content.decode()


def test_an_experiment_outlives_the_account_that_started_it(staff_client, noon):
    planned = Experiment.objects.create(name="Taste off", taste=0.0)
    staff = User.objects.get(email="staff@shop.example")
    running.start(planned, noon, by=staff)
    assert planned.started_by == staff
    staff.delete()
    planned.refresh_from_db()
    assert (planned.started_by, planned.is_running) == (None, True)


def test_who_may_not_change_experiments_cannot_start_one(client, ada):
    planned = Experiment.objects.create(name="Taste off", taste=0.0)
    client.force_login(ada)
    assert (
        client.post(reverse("experiment-change", args=[planned.pk]), {"action": "start"}).status_code == 403
    )
    assert client.get(reverse("experiments")).status_code == 403


def test_what_runs_cannot_be_edited_in_the_admin(staff_client, trial):
    page = staff_client.get(reverse("admin:analytics_experiment_change", args=[trial.pk]))
    assert 'name="popularity"' not in page.content.decode()
    assert 'name="name"' in page.content.decode()


def test_renaming_an_experiment_does_not_start_one_that_is_stopped_meanwhile(
    staff_client, trial, monkeypatch
):
    save_form = ModelAdmin.save_form

    def stop_first(*arguments, **options):
        Experiment.objects.update(state=Experiment.State.ENDED)
        return save_form(*arguments, **options)

    monkeypatch.setattr(ModelAdmin, "save_form", stop_first)
    address = reverse("admin:analytics_experiment_change", args=[trial.pk])
    assert staff_client.post(address, {"name": "Renamed"}).status_code == 302
    trial.refresh_from_db()
    assert (trial.name, trial.state) == ("Renamed", Experiment.State.ENDED)
