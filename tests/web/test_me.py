"""What somebody changes for themselves, and what that does to the pages."""

from __future__ import annotations

from django.test import Client

from rmaproject.access.models import User
from tests.web.browser import text_of


def test_what_is_chosen_is_kept_and_applied(clerk, ada, business):
    given = {"language": "de", "time_zone": "Asia/Tokyo", "theme": "dark", "single_keys": ""}

    answer = clerk.post("/me/", given)
    shown = text_of(clerk.get("/me/"))

    user = User.objects.get(pk=ada.user.pk)
    assert answer.status_code == 302
    assert (user.language, user.time_zone, user.theme) == ("de", "Asia/Tokyo", "dark")
    assert user.single_keys is False
    assert 'lang="de"' in shown
    assert 'data-theme="dark"' in shown
    assert "data-single-keys" not in shown
    assert answer.cookies["theme"].value == "dark"


def test_a_zone_that_is_none_is_refused_with_the_form_kept(clerk, business):
    answer = clerk.post("/me/", {"time_zone": "Mars/Olympus", "theme": "light"})

    assert answer.status_code == 422


def test_the_switch_in_the_menu_leads_back_and_the_login_page_knows_the_theme(clerk, business):
    switched = clerk.post(
        "/me/theme/", {"theme": "dark"}, headers={"referer": "http://testserver/returns/"}
    )
    clerk.post("/logout/")

    assert switched.url == "/returns/"
    assert 'data-theme="dark"' in text_of(clerk.get("/login/"))


def test_another_password_ends_the_other_sessions_and_keeps_this_one(clerk, ada, business):
    elsewhere = Client()
    elsewhere.force_login(ada.user)
    given = {"old": "a long pass phrase", "new": "quite another long phrase"}

    answer = clerk.post("/me/password/", given)

    assert (answer.status_code, answer.url) == (302, "/me/")
    assert clerk.get("/me/").status_code == 200
    assert elsewhere.get("/me/").status_code == 302
    assert User.objects.get(pk=ada.user.pk).check_password("quite another long phrase")


def test_a_wrong_present_password_or_a_weak_new_one_changes_nothing(clerk, ada, business):
    wrong = clerk.post("/me/password/", {"old": "a guess", "new": "quite another long phrase"})
    weak = clerk.post("/me/password/", {"old": "a long pass phrase", "new": "short"})

    assert (wrong.status_code, weak.status_code) == (422, 422)
    assert "This is not your password." in text_of(wrong)
    assert "too short" in text_of(weak)
    assert "a guess" not in text_of(wrong)
    assert User.objects.get(pk=ada.user.pk).check_password("a long pass phrase")


def test_an_error_page_keeps_the_navigation_and_shows_the_number_to_copy(clerk, client, business):
    inside = clerk.get("/nowhere/")
    clerk.logout()
    outside = client.get("/nowhere/")

    number = inside.headers["X-Request-ID"]
    assert f'data-copy="{number}"' in text_of(inside)
    assert 'aria-label="Main"' in text_of(inside)
    assert 'aria-label="Main"' not in text_of(outside)
    assert "This page does not exist" in text_of(outside)


def test_an_error_inside_a_part_of_a_page_is_one_banner(clerk, business):
    answer = clerk.get("/nowhere/", headers={"HX-Request": "true"})

    assert "This page does not exist" in text_of(answer)
    assert "<html" not in text_of(answer)


def test_the_palette_finds_within_rights_and_gives_options(clerk, bo, business):
    found = text_of(clerk.get("/palette/", {"q": "bo jan"}))
    stranger = Client()
    stranger.force_login(User.objects.create_user("eve"))

    assert f'data-url="/customers/{bo.uuid}/"' in found
    assert 'role="option"' in found
    assert "Bo Jansen" not in text_of(stranger.get("/palette/", {"q": "bo jan"}))
