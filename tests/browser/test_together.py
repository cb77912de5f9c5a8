"""Bad networks, ended sessions and two people at one record: nothing lost, nothing done twice."""

from __future__ import annotations

from playwright.sync_api import expect

from customers.models import Company
from returns.models import ReturnOrder
from rmaproject.access.actors import Actor
from rmaproject.access.models import User
from tests.browser.desk import assert_accessible, assert_fits
from tests.factories import UserFactory, ask_return, goods, sell

PROVOKED = ("Failed to load resource", "net::ERR")


def typed_customer(desk):
    page = desk.open("/customers/new/")
    page.get_by_label("Number", exact=True).fill("BEA")
    page.get_by_label("Name", exact=True).fill("Bea")
    return page


def test_without_an_answer_the_form_stays_and_is_carried_out_once(desk, business):
    page = typed_customer(desk)
    save = page.get_by_role("button", name="Add customer")

    desk.context.set_offline(True)
    save.click()
    expect(page.get_by_role("alert").filter(has_text="No answer from the server.")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Bea")
    assert Company.objects.filter(name="Bea").count() == 0

    desk.context.set_offline(False)
    done = []

    def lose(route):
        done.append(route.fetch().status)
        route.abort()

    page.route("**/customers/new/", lose, times=1)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert").filter(has_text="No answer from the server.")).to_be_visible()
    assert done == [204]
    assert Company.objects.filter(name="Bea").count() == 1

    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Bea")).to_be_visible()
    expect(page.get_by_text("This was saved before; nothing was done twice.")).to_be_visible()
    assert Company.objects.filter(name="Bea").count() == 1
    desk.expects(*PROVOKED)


def test_a_busy_server_says_so_and_keeps_what_was_typed(desk, business):
    page = typed_customer(desk)
    page.route(
        "**/customers/new/",
        lambda route: route.fulfill(status=503, headers={"X-Request-ID": "abc123"}),
        times=1,
    )

    page.get_by_role("button", name="Add customer").click()
    expect(page.get_by_role("alert").filter(has_text="The server is busy.")).to_be_visible()
    expect(page.get_by_role("alert").filter(has_text="abc123")).to_be_visible()

    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Bea")).to_be_visible()
    desk.expects(*PROVOKED)


def test_a_session_that_ended_is_renewed_in_place_and_the_save_goes_on(desk, business):
    page = typed_customer(desk)
    desk.context.clear_cookies()

    page.get_by_role("button", name="Add customer").click()
    box = page.get_by_role("dialog", name="Log in again")
    expect(box.get_by_label("User name")).to_have_value("ada")
    box.get_by_label("Password").fill("wrong")
    box.get_by_role("button", name="Log in and go on").click()
    expect(box.get_by_role("alert")).to_contain_text("Check the user name and the password.")
    assert_accessible(page)

    box.get_by_label("Password").fill("a long pass phrase")
    box.get_by_role("button", name="Log in and go on").click()

    expect(page.get_by_role("heading", name="Bea")).to_be_visible()
    assert Company.objects.filter(name="Bea").count() == 1
    desk.expects(*PROVOKED)


def test_a_part_of_a_page_asks_for_the_password_in_place_and_comes_after_it(desk, business, bo):
    order = ask_return(sell(business, bo, goods("TENT", "2", "50.00", name="Tent")))
    page = desk.open("/returns/")
    desk.context.clear_cookies()

    page.locator("#sort-target_date").click()
    box = page.get_by_role("dialog", name="Log in again")
    box.get_by_label("Password").fill("a long pass phrase")
    box.get_by_role("button", name="Log in and go on").click()

    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Due")
    expect(page.locator("#list tbody")).to_contain_text(order.reference)
    expect(page.locator("#main")).to_have_count(1)
    desk.expects(*PROVOKED, "Response Status Error Code 401")


def test_two_people_edit_one_return_and_nothing_is_lost(window, desk, business, bo):
    order = ask_return(sell(business, bo, goods("TENT", "2", "50.00", name="Tent")))
    user = UserFactory(username="leonie", first_name="Leonie", roles=["Manager"])
    other = window(Actor(user)).page
    for somebody in (desk.page, other):
        somebody.set_default_timeout(60_000)
    address = f"/returns/{order.uuid}/edit/"
    page = desk.open(address)
    other.goto(desk.url + address)

    expect(page.get_by_role("status").filter(has_text="Leonie is editing this")).to_be_visible(
        timeout=40_000
    )
    other.get_by_role("textbox", name="Note").fill("Fragile")
    other.get_by_label("Customer's reference").fill("PO-7")
    other.get_by_role("button", name="Save").click()
    other.wait_for_url(f"**/returns/{order.uuid}/")
    page.get_by_role("textbox", name="Note").fill("Heavy")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("alert").filter(has_text="Leonie changed this")).to_be_visible(
        timeout=40_000
    )
    expect(page.get_by_label("Customer's reference")).to_have_value("PO-7")
    assert_accessible(page)
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert_fits(page)
    page.get_by_role("radio", name="Fragile").check()
    expect(page.get_by_role("textbox", name="Note")).to_have_value("Fragile")
    page.get_by_role("button", name="Save").click()

    page.wait_for_url(f"**/returns/{order.uuid}/")
    saved = ReturnOrder.objects.get(pk=order.pk)
    assert (saved.note, saved.customer_reference) == ("Fragile", "PO-7")
    desk.expects(*PROVOKED)


def test_the_keyboard_finds_goes_and_does(desk, business, bo):
    order = ask_return(sell(business, bo, goods("TENT", "2", "50.00", name="Tent")))
    page = desk.open("/customers/")

    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url("**/returns/")
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url(f"**/returns/{order.uuid}/")

    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="Search or scan")
    expect(page.get_by_role("option", name="Issue")).to_be_visible()
    assert_accessible(page)
    box.fill("bo jan")
    expect(page.get_by_role("option").first).to_contain_text("Bo Jansen")
    box.press("Escape")
    expect(box).to_be_hidden()

    # Until the next frame is drawn a key still comes from the closed box.
    closed = page.locator("#palette [role=combobox]")
    closed.dispatch_event("keydown", {"key": "?", "bubbles": True})
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts on this page")
    expect(sheet).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(sheet.get_by_text("Edit", exact=True)).to_be_visible()
    expect(sheet.get_by_text("New", exact=True)).to_be_hidden()
    assert_accessible(page)
    page.keyboard.press("Escape")

    User.objects.filter(pk=desk.user.pk).update(single_keys=False)
    page.reload()
    page.keyboard.press("?")
    expect(sheet).to_be_hidden()
