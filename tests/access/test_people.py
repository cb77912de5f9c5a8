"""People at the desk: invited by a link, changed, shut out; nobody gives what they lack."""

from __future__ import annotations

import logging
import re
from threading import Barrier

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.test import Client

from rmaproject.access import holding
from rmaproject.access.models import RightsEntry, User
from rmaproject.access.people import (
    create_user,
    deactivate_user,
    edit_user,
    make_link,
)
from rmaproject.access.roles import (
    change_role,
    create_role,
    delete_role,
    held_by,
    make_roles,
    missing_rights,
    rename_role,
)
from rmaproject.access.tokens import create_token, find_token
from rmaproject.shared.errors import DomainError
from tests.factories import UserFactory, actor_with
from tests.racing import race


@pytest.fixture
def admin(client, roles):
    """A browser in which an administrator is logged in."""
    client.force_login(UserFactory(username="ada", roles=["Administrator"]))
    return client


@pytest.fixture
def keeper(roles):
    """Somebody who manages users and holds nothing else of note."""
    group = Group.objects.create(name="Keeper")
    group.permissions.add(Permission.objects.get(codename="manage_users"))
    return actor_with("Keeper", username="kim")


def role(name):
    return Group.objects.get(name=name)


def text_of(answer):
    return answer.content.decode()


def refusal_of(act, *args, **values):
    with pytest.raises(DomainError) as refusal:
        act(*args, **values)
    return refusal.value.code


def link_in(answer):
    found = re.search(r'value="http://testserver(/password/[^"]+)"', text_of(answer))
    assert found, "No link is shown."
    return found[1]


def open_link(path):
    """A browser of nobody at the form that the link leads to."""
    browser = Client()
    answer = browser.get(path, follow=True)
    return browser, answer


NEW = {"new_password1": "heron and reed 9", "new_password2": "heron and reed 9"}


def test_somebody_is_added_sets_a_password_by_the_link_and_logs_in(admin):
    answer = admin.post(
        "/settings/users/new/",
        {"username": "mehmet", "email": "m@example.com", "roles": [role("Warehouse").pk]},
    )
    path = link_in(answer)
    browser, form = open_link(path)

    done = browser.post(form.redirect_chain[-1][0], NEW)

    made = User.objects.get(username="mehmet")
    assert answer.headers["Cache-Control"] == "no-store"
    assert done.status_code == 302
    assert browser.login(username="mehmet", password="heron and reed 9")
    assert [group.name for group in made.groups.all()] == ["Warehouse"]
    verbs = RightsEntry.objects.filter(subject="user", subject_id=made.pk).order_by("pk")
    assert [row.verb for row in verbs] == ["added", "link_made", "password_set"]


def test_a_link_works_once_and_says_so_afterwards(admin):
    path = link_in(admin.post("/settings/users/new/", {"username": "mehmet"}))
    browser, form = open_link(path)
    browser.post(form.redirect_chain[-1][0], NEW)

    _, again = open_link(path)

    assert "This link does not work any more" in text_of(again)


def test_a_link_ends_after_three_days(admin, settings):
    path = link_in(admin.post("/settings/users/new/", {"username": "mehmet"}))
    settings.PASSWORD_RESET_TIMEOUT = -1

    _, late = open_link(path)

    assert "This link does not work any more" in text_of(late)


def test_a_weak_password_is_refused_at_its_field(admin):
    path = link_in(admin.post("/settings/users/new/", {"username": "mehmet"}))
    browser, form = open_link(path)

    answer = browser.post(
        form.redirect_chain[-1][0], {"new_password1": "short", "new_password2": "short"}
    )

    assert answer.status_code == 422
    assert "too short" in text_of(answer)


def test_a_link_is_mailed_where_mail_is_set_up(admin, settings):
    settings.EMAIL_HOST = "mail.example"
    made = UserFactory(username="mehmet", email="m@example.com")

    answer = admin.post(f"/settings/users/{made.pk}/link/")

    assert answer.status_code == 302
    (letter,) = mail.outbox
    assert letter.to == ["m@example.com"]
    assert "/password/" in letter.body


def test_a_user_name_that_is_taken_in_other_letters_is_refused_at_its_field(admin):
    answer = admin.post("/settings/users/new/", {"username": "ADA"})

    assert answer.status_code == 409
    assert "There is a user" in text_of(answer)


def test_who_is_deactivated_is_out_at_once_and_for_good(admin):
    made = UserFactory(username="mehmet", roles=["Viewer"])
    browser = Client()
    browser.force_login(made)
    token = create_token(made)

    admin.post(f"/settings/users/{made.pk}/deactivate/")
    out = browser.get("/returns/")
    admin.post(f"/settings/users/{made.pk}/activate/")
    still_out = browser.get("/returns/")

    assert out.status_code == still_out.status_code == 302
    assert find_token(token) is None
    assert User.objects.get(pk=made.pk).is_active


def test_log_out_everywhere_ends_sessions_and_keeps_tokens(admin):
    made = UserFactory(username="mehmet", roles=["Viewer"])
    browser = Client()
    browser.force_login(made)
    token = create_token(made)

    admin.post(f"/settings/users/{made.pk}/log-out/")

    assert browser.get("/returns/").status_code == 302
    assert find_token(token) is not None


def test_nobody_deactivates_themselves_or_leaves_administration(admin):
    own = User.objects.get(username="ada")
    UserFactory(username="second", roles=["Administrator"])

    out = admin.post(f"/settings/users/{own.pk}/deactivate/")
    down = admin.post(f"/settings/users/{own.pk}/", {"username": "ada", "roles": []})

    own.refresh_from_db()
    assert (out.status_code, down.status_code) == (422, 422)
    assert "You cannot deactivate yourself" in text_of(out)
    assert "You would lose the right" in text_of(down)
    assert own.is_active
    assert own.groups.get().name == "Administrator"


def test_the_last_administrator_stays(roles):
    only = UserFactory(username="only", roles=["Administrator"])
    system = actor_with("Administrator", username="gone")
    User.objects.filter(username="gone").update(password="!")

    assert refusal_of(deactivate_user, only.pk, actor=system) == "last_administrator"
    assert refusal_of(edit_user, only.pk, {}, [], actor=system) == "last_administrator"


def duel():
    """Two administrators deactivate each other at the same moment; what was refused."""
    make_roles()
    pair = [actor_with("Administrator") for _ in range(2)]
    jobs = [
        lambda mine=mine, other=other: deactivate_user(other.user.pk, actor=mine)
        for mine, other in (pair, pair[::-1])
    ]
    _, refusals = race(jobs)
    return [refusal.code for refusal in refusals]


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_deactivate_each_other_at_once():
    assert duel() == ["last_administrator"]
    assert len(holding.managing_users()) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_would_be_gone(monkeypatch):
    checked, leave = Barrier(2), holding.Guard.__exit__

    def leave_together(self, *failure):
        leave(self, *failure)
        checked.wait(10)

    monkeypatch.setattr(holding, "one_at_a_time", lambda: None)
    monkeypatch.setattr(holding.Guard, "__exit__", leave_together)

    assert duel() == []
    assert holding.managing_users() == []


def test_nobody_gives_roles_or_rights_that_they_lack(keeper):
    made = create_user({"username": "mehmet"}, [], actor=keeper)
    finance = role("Finance")

    assert refusal_of(create_user, {"username": "x"}, [finance], actor=keeper) == (
        "exceeds_own_rights"
    )
    assert refusal_of(edit_user, made.pk, {}, [finance], actor=keeper) == "exceeds_own_rights"
    assert refusal_of(change_role, finance.pk, {"access.manage_settings"}, actor=keeper) == (
        "exceeds_own_rights"
    )
    assert refusal_of(create_role, "Mine", copied=finance, actor=keeper) == "exceeds_own_rights"


def test_nobody_takes_over_somebody_who_may_more(keeper):
    boss = UserFactory(username="boss", roles=["Administrator"])

    for act in (make_link, deactivate_user):
        assert refusal_of(act, boss.pk, actor=keeper) == "exceeds_own_rights"
    assert refusal_of(edit_user, boss.pk, {"email": "kim@example.com"}, [], actor=keeper) == (
        "exceeds_own_rights"
    )


def test_a_service_user_gets_no_link(admin):
    admin.post("/settings/users/new/", {"username": "shop", "service": "on"})
    made = User.objects.get(username="shop")

    answer = admin.post(f"/settings/users/{made.pk}/link/")

    assert not made.has_usable_password()
    assert answer.status_code == 422
    assert "only programs act as it" in text_of(answer)


def test_the_list_finds_people_by_name_and_kind(admin):
    UserFactory(username="mehmet", first_name="Mehmet", last_name="Aydın")
    UserFactory(username="gone", is_active=False)

    found = text_of(admin.get("/settings/users/?q=ayd"))
    inactive = text_of(admin.get("/settings/users/?who=inactive"))

    assert "Mehmet Aydın" in found
    assert "gone" not in found
    assert "gone" in inactive


def test_a_role_is_made_as_a_copy_renamed_and_deleted_when_unused(admin):
    viewer = role("Viewer")

    admin.post("/settings/roles/new/", {"name": "Auditor", "copied": viewer.pk})
    made = role("Auditor")
    admin.post(f"/settings/roles/{made.pk}/rename/", {"name": "Examiner"})
    held = held_by(role("Examiner"))
    admin.post(f"/settings/roles/{made.pk}/delete/")

    assert held == held_by(viewer)
    assert not Group.objects.filter(name__in=["Auditor", "Examiner"]).exists()
    verbs = RightsEntry.objects.filter(subject="role", subject_id=made.pk).order_by("pk")
    assert [row.verb for row in verbs] == ["made", "renamed", "removed"]


def test_a_role_in_use_or_of_the_program_stays(roles):
    actor = actor_with("Administrator")
    used = create_role("Used", actor=actor)
    UserFactory(username="mehmet", roles=["Used"])

    assert refusal_of(delete_role, used.pk, actor=actor) == "role_in_use"
    assert refusal_of(delete_role, role("Viewer").pk, actor=actor) == "role_is_built_in"
    assert refusal_of(rename_role, role("Viewer").pk, "X", actor=actor) == "role_is_built_in"
    assert refusal_of(rename_role, used.pk, "viewer", actor=actor) == "role_exists"


def test_a_role_of_an_old_installation_gets_newer_rights_by_one_click(admin):
    warehouse = role("Warehouse")
    warehouse.permissions.remove(Permission.objects.get(codename="receive_unknown"))

    page = text_of(admin.get(f"/settings/roles/{warehouse.pk}/"))
    admin.post(f"/settings/roles/{warehouse.pk}/complete/")

    assert "1 right is missing here" in page
    assert missing_rights(warehouse) == []


def test_rights_that_check_each_other_are_warned_of_where_one_role_holds_both(admin):
    manager = text_of(admin.get(f"/settings/roles/{role('Manager').pk}/"))
    viewer = text_of(admin.get(f"/settings/roles/{role('Viewer').pk}/"))

    assert "asks for returns and approves them" in manager
    assert "asks for returns" not in viewer


def test_rights_are_found_by_their_words(admin):
    answer = admin.get("/settings/roles/?q=override")

    shown = [row["label"] for row in answer.context["groups_of_rights"][0]["rights"]]
    assert shown
    assert all("override" in words.lower() or "against" in words.lower() for words in shown)


def test_what_was_done_to_people_stands_in_the_security_log(admin, caplog):
    with caplog.at_level(logging.INFO, logger="rmaproject.security"):
        admin.post("/settings/users/new/", {"username": "mehmet"})

    assert "User mehmet added by ada" in caplog.text
