"""Steps on many rows: planned, done row by row or in one, told, undone, tried again."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils.translation import override

from returns.models import ReturnOrder
from returns.services import cancel_return, edit_return, hold_return, issue_return
from returns.web.lists.bulk import STEPS
from rmaproject.access.actors import SYSTEM
from rmaproject.audit import trail
from rmaproject.jobs import services
from rmaproject.jobs.models import Job, RowState, State
from rmaproject.jobs.running import run
from rmaproject.jobs.services import tidy
from rmaproject.jobs.tasks import run_job
from rmaproject.notices.selectors import visible_notices
from sales.selectors import hold_reason
from sales.services.orders import hold_order, resume_order
from tests.factories import UserFactory, actor_with, ask_return, goods, sell
from tests.web.browser import text_of

DAY = date(2026, 4, 1)


@pytest.fixture
def clerk(client, ada):
    client.force_login(ada.user)
    return client


@pytest.fixture
def three(business, bo):
    """Three returns that wait to be issued."""
    return [ask_return(sell(business, bo, goods(f"BAG-{number}"))) for number in range(3)]


def choose(client, do, rows=(), key="returns", **more):
    """The form of the list sent; the address of the plan's page."""
    given = {"do": do, "pick": [str(row.uuid) for row in rows], "state": "queue=all"}
    return client.post(f"/lists/{key}/steps/", {**given, **more}).url


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_a_step_says_first_what_it_will_do_and_what_it_leaves_out_and_why(clerk, three):
    issue_return(three[0].pk, actor=SYSTEM)

    page = clerk.get(choose(clerk, "issue", three))

    told = text_of(page)
    assert page.context["heading"] == "Issue 2 returns"
    assert "In progress: “Issue” is not possible." in told
    assert [row.label for row in page.context["todo"]] == [row.reference for row in three[1:]]
    assert fresh(three[1]).status == "pending"


@pytest.mark.parametrize(
    ("count", "german"), [(1, "1 Retoure anhalten"), (2, "2 Retouren anhalten")]
)
def test_a_step_is_counted_in_the_language_of_its_reader(count, german):
    hold = next(step for step in STEPS if step.key == "hold")

    with override("de"):
        heading = hold.question % {"count": count}

    assert heading == german


def test_chosen_rows_get_their_owner_and_the_list_offers_to_undo_it(clerk, ada, three):
    plan = choose(clerk, "assign", three[:2])

    back = clerk.post(plan, {"responsible": f"u{ada.user_id}"}, follow=True)

    assert [fresh(row).responsible_user for row in three] == [ada.user, ada.user, None]
    assert back.context["strip"]["said"] == "2 returns have their owner."
    undone = clerk.post(back.context["strip"]["undo_url"], follow=True)
    assert [fresh(row).responsible_user for row in three] == [None, None, None]
    assert "2 returns are as they were before." in text_of(undone)


def test_undoing_leaves_alone_what_somebody_touched_since_and_names_it(clerk, three):
    clerk.post(choose(clerk, "due", three), {"target_date": DAY.isoformat()})
    job = Job.objects.get()
    edit_return(three[0].pk, {"note": "mine"}, actor=SYSTEM)

    answer = clerk.post(f"/jobs/{job.uuid}/undo/", follow=True)

    assert [fresh(row).target_date for row in three] == [DAY, None, None]
    (left,) = Job.objects.get(undoes=job).rows.filter(state=RowState.FAILED)
    assert (left.label, left.code) == (three[0].reference, "stale_version")
    assert three[0].reference in text_of(answer)


def test_something_is_undone_once_and_only_for_a_while(clerk, three, monkeypatch):
    clerk.post(choose(clerk, "due", three), {"target_date": DAY.isoformat()})
    job = Job.objects.get()

    clerk.post(f"/jobs/{job.uuid}/undo/")
    again = clerk.post(f"/jobs/{job.uuid}/undo/", follow=True)
    assert "cannot be undone any more" in text_of(again)

    clerk.post(choose(clerk, "due", three), {"target_date": DAY.isoformat()})
    later = Job.objects.order_by("pk").last()
    Job.objects.filter(pk=later.pk).update(finished_at=later.finished_at - services.UNDO_FOR * 2)
    clerk.post(f"/jobs/{later.uuid}/undo/")
    assert fresh(three[0]).target_date == DAY


def test_holding_many_is_undone_by_resuming_them(clerk, three):
    clerk.post(choose(clerk, "hold", three), {"reason": "Stock count"})
    assert {fresh(row).status for row in three} == {"on_hold"}

    clerk.post(f"/jobs/{Job.objects.get().uuid}/undo/")

    assert {fresh(row).status for row in three} == {"pending"}


def test_resuming_is_undone_with_the_reason_that_was(clerk, three):
    hold_return(three[0].pk, actor=SYSTEM, reason="Waits for a part")
    clerk.post(choose(clerk, "resume", three[:1]))
    plan = Job.objects.get()
    clerk.post(f"/lists/returns/steps/{plan.uuid}/", {"in_one": ""})

    clerk.post(f"/jobs/{plan.uuid}/undo/")

    held = fresh(three[0])
    assert (held.status, held.status_reason) == ("on_hold", "Waits for a part")


def test_what_was_changed_since_the_plan_is_refused_alone(clerk, three):
    plan = choose(clerk, "due", three)
    edit_return(three[1].pk, {"note": "mine"}, actor=SYSTEM)

    clerk.post(plan, {"target_date": DAY.isoformat()})

    assert [fresh(row).target_date for row in three] == [DAY, None, DAY]
    job = Job.objects.get()
    assert (job.done, job.failed) == (2, 1)
    assert job.rows.get(state=RowState.FAILED).code == "stale_version"


def test_all_or_nothing_changes_no_row_when_one_cannot_be_changed(clerk, three):
    plan = choose(clerk, "due", three)
    edit_return(three[2].pk, {"note": "mine"}, actor=SYSTEM)

    answer = clerk.post(plan, {"target_date": DAY.isoformat(), "in_one": "on"}, follow=True)

    assert [fresh(row).target_date for row in three] == [None, None, None]
    job = Job.objects.get()
    assert (job.state, job.done, job.failed) == (State.FAILED, 0, 3)
    assert "No row was changed." in text_of(answer)


def test_all_or_nothing_does_not_start_while_rows_are_left_out(clerk, three):
    cancel_return(three[0].pk, actor=SYSTEM)

    refused = clerk.post(choose(clerk, "issue", three), {"in_one": "on"})

    assert refused.status_code == 422
    assert {fresh(row).status for row in three[1:]} == {"pending"}


def test_cancelling_many_wants_its_word(clerk, three):
    plan = choose(clerk, "cancel", three)

    refused = clerk.post(plan, {"reason": "Doubled", "typed": "yes"})
    assert refused.status_code == 422
    assert {fresh(row).status for row in three} == {"pending"}

    clerk.post(plan, {"reason": "Doubled", "typed": "Cancel"})
    assert {fresh(row).status for row in three} == {"cancelled"}
    assert services.may_undo(Job.objects.get()) is False


def test_all_that_match_are_taken_and_nothing_else(clerk, three):
    hold_return(three[0].pk, actor=SYSTEM, reason="Stock count")
    plan = choose(clerk, "due", state="queue=all&status=pending", all="1")

    clerk.post(plan, {"target_date": DAY.isoformat()})

    assert [fresh(row).target_date for row in three] == [None, DAY, DAY]


def test_a_large_step_is_left_to_the_worker_and_can_be_stopped(clerk, three, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 1)
    answer = clerk.post(choose(clerk, "due", three), {"target_date": DAY.isoformat()})
    job = Job.objects.get()
    assert answer.url == f"/jobs/{job.uuid}/"
    assert (job.state, fresh(three[0]).target_date) == (State.WAITING, None)

    clerk.post(f"/jobs/{job.uuid}/cancel/")
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done) == (State.CANCELLED, 0)


def test_the_worker_does_each_row_once_whoever_calls_it_again(clerk, three, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 1)
    clerk.post(choose(clerk, "due", three), {"target_date": DAY.isoformat()})
    job = Job.objects.get()

    run(job.pk)
    run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.done, job.failed) == (State.DONE, 3, 0)
    assert {fresh(row).version for row in three} == {2}


def test_the_owner_of_a_job_in_the_background_is_told_once_that_it_has_ended(
    clerk, ada, three, monkeypatch
):
    monkeypatch.setattr(services, "AT_ONCE", 1)
    clerk.post(choose(clerk, "due", three), {"target_date": DAY.isoformat()})
    job = Job.objects.get()

    run_job(job.pk)
    run_job(job.pk)

    (told,) = visible_notices(ada)
    assert (told.text, told.url) == ("Set due dates of returns has finished.", f"/jobs/{job.uuid}/")
    assert visible_notices(actor_with("Manager", username="eve")) == []


def test_what_is_done_while_somebody_waits_tells_nobody(clerk, ada, three):
    clerk.post(choose(clerk, "due", three), {"target_date": DAY.isoformat()})

    assert Job.objects.get().state == State.DONE
    assert visible_notices(ada) == []


def test_only_what_failed_is_tried_again_and_the_file_says_why(clerk, three):
    plan = choose(clerk, "due", three)
    edit_return(three[1].pk, {"note": "mine"}, actor=SYSTEM)
    clerk.post(plan, {"target_date": DAY.isoformat()})
    job = Job.objects.get()

    file = clerk.get(f"/jobs/{job.uuid}/errors.csv").content.decode("utf-8-sig")
    clerk.post(f"/jobs/{job.uuid}/retry/")

    assert file.splitlines()[1].startswith(f"{three[1].reference},stale_version,")
    again = Job.objects.get(repeats=job)
    assert (again.total, again.done) == (1, 1)
    assert fresh(three[1]).target_date == DAY


def test_the_rights_of_the_moment_count_not_those_of_the_plan(clerk, ada, three):
    plan = choose(clerk, "due", three)
    ada.user.groups.clear()

    clerk.post(plan, {"target_date": DAY.isoformat()})

    assert {fresh(row).target_date for row in three} == {None}
    assert Job.objects.get().failed == 3


def test_who_lacks_the_right_is_offered_no_step_and_refused_one(client, three, roles):
    client.force_login(UserFactory(username="vi", roles=["Viewer"]))

    assert client.get("/returns/").context["steps"] == []
    given = {"do": "due", "pick": [str(three[0].uuid)], "state": ""}
    assert client.post("/lists/returns/steps/", given).status_code == 403


def test_a_row_out_of_sight_is_not_taken(client, ada, three, roles):
    from django.contrib.auth.models import Permission

    user = UserFactory(username="cy")
    user.user_permissions.set(
        Permission.objects.filter(codename__in=["view_return", "edit_return"])
    )
    client.force_login(user)
    given = {"do": "due", "pick": [str(three[0].uuid)], "state": ""}

    client.post("/lists/returns/steps/", given)

    assert not Job.objects.exists()


def test_sales_orders_are_held_together_too(clerk, business, bo):
    order = sell(business, bo, goods("TENT"), shipped=False, invoiced=False)
    type(order).objects.filter(pk=order.pk).update(status="in_progress")

    clerk.post(choose(clerk, "hold", [order], key="orders"), {"reason": "Stock count"})

    assert fresh(order).status == "on_hold"


def test_resuming_sales_orders_is_undone_with_the_reason_that_was(clerk, business, bo):
    order = sell(business, bo, goods("TENT"), shipped=False, invoiced=False)
    hold_order(order.pk, actor=SYSTEM, reason="Stock count")
    resume_order(order.pk, actor=SYSTEM)
    hold_order(order.pk, actor=SYSTEM, reason="Waits for a part")
    clerk.post(choose(clerk, "resume", [order], key="orders"), {"in_one": ""})
    job = Job.objects.get()

    clerk.post(f"/jobs/{job.uuid}/undo/")

    held = fresh(order)
    assert (held.status, hold_reason(held)) == ("on_hold", "Waits for a part")
    assert trail.history(held)[-1].facts["reason"] == "Waits for a part"


def test_old_files_and_plans_that_nobody_started_go(clerk, three):
    choose(clerk, "due", three)
    job = Job.objects.get()
    Job.objects.update(created_at=job.created_at - services.PLANNED_FOR * 2)

    tidy()

    assert not Job.objects.exists()
    assert ReturnOrder.objects.count() == 3


def test_the_worker_tells_why_not_in_the_language_of_whoever_started_it(
    clerk, ada, three, monkeypatch
):
    monkeypatch.setattr(services, "AT_ONCE", 1)
    ada.user.language = "de"
    ada.user.save(update_fields=["language"])
    plan = choose(clerk, "due", three)
    edit_return(three[1].pk, {"note": "mine"}, actor=SYSTEM)
    clerk.post(plan, {"target_date": DAY.isoformat()})

    with override("en"):
        run(Job.objects.get().pk)

    told = Job.objects.get().rows.get(state=RowState.FAILED).message
    assert told.startswith("Anderes Programm hat dies seit dem Öffnen geändert.")
