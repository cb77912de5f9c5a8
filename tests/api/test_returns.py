"""Returns over REST: what clients rely on, and every refusal of the design's table."""

from __future__ import annotations

import pytest
from guardian.shortcuts import assign_perm

from returns.models import ReturnOrder
from returns.services import (
    LineInput,
    add_parcel,
    hold_return,
    issue_return,
    request_return,
    turn_returns,
)
from rmaproject.access.actors import SYSTEM
from rmaproject.audit.models import AuditEntry
from sales.models import OrderLine
from tests.api.caller import Caller, pointers, problem
from tests.factories import BusinessFactory, actor_with, ask_return, goods, sell


@pytest.fixture
def api(ada):
    return Caller(ada.user)


@pytest.fixture
def sale(business, bo):
    """Three tents, sold, shipped and paid; a unit of each serial too."""
    return sell(business, bo, goods("TENT", "3", "50.00"))


@pytest.fixture
def unit(business, bo):
    order = sell(business, bo, goods("DRILL", "1", "80.00", serials=("D-1",)))
    return order.lines.get().unit_sales.get().stock_item


def asked(business, bo, *lines, **more):
    return {"business": business.code, "customer": bo.reference, "lines": list(lines), **more}


def unchanged() -> tuple[int, int, int]:
    """What a refusal must leave as it was."""
    claimed = sum(OrderLine.objects.values_list("claimed", flat=True))
    return ReturnOrder.objects.count(), AuditEntry.objects.count(), int(claimed)


def test_a_return_is_created_by_codes_and_shows_what_it_holds(api, business, bo, sale):
    line = sale.lines.get()

    response = api.post(
        "/returns/",
        asked(
            business,
            bo,
            {"order_line": str(line.uuid), "quantity": "2", "reason": "defective"},
            reference="RMA-X",
            target_date="2026-04-01",
            customer_reference="PO 7",
            responsible_user="ada",
        ),
    )

    body = response.json()
    assert response.status_code == 201, body
    assert response.headers["ETag"] == '"1"'
    assert response.headers["Location"].endswith(f"/api/v1/returns/{body['id']}/")
    assert (body["reference"], body["status"], body["goods"]) == ("RMA-X", "pending", "expected")
    assert body["customer"] == {"id": str(bo.uuid), "reference": "BO", "name": "Bo Jansen"}
    assert body["responsible_user"] == body["created_by"] == "ada"
    shown = body["lines"][0]
    assert (shown["order_line"], shown["sku"], shown["quantity"], shown["open"]) == (
        str(line.uuid),
        "TENT",
        "2",
        "2",
    )
    assert shown["reason"]["reference"] == "defective"
    assert "issue" in body["allowed_actions"]
    assert "receive" not in body["allowed_actions"]
    assert api.get(f"/returns/{body['id']}").json() == body


def test_a_line_may_name_an_invoice_line(api, business, bo, sale):
    invoiced = sale.invoices.get().lines.get()

    line = {"invoice_line": str(invoiced.uuid), "quantity": "1"}
    body = api.post("/returns/", asked(business, bo, line)).json()

    assert body["lines"][0]["invoice_line"] == str(invoiced.uuid)
    assert body["lines"][0]["order_line"] == str(sale.lines.get().uuid)


@pytest.mark.parametrize("by", ["uuid", "serial"])
def test_a_line_may_name_a_unit_by_id_or_serial_without_a_quantity(api, business, bo, unit, by):
    line = {"stock_item": str(getattr(unit, by)).lower()}
    body = api.post("/returns/", asked(business, bo, line)).json()

    assert body["lines"][0]["serial"] == "D-1"
    assert body["lines"][0]["quantity"] == "1"


def test_a_line_may_name_a_part_that_no_sale_is_known_of(api, business, bo, sale):
    line = {"part": "tent", "quantity": 1.5}
    body = api.post("/returns/", asked(business, bo, line)).json()

    assert body["lines"][0]["order_line"] is None
    assert body["lines"][0]["quantity"] == "1.5"


def test_two_sources_none_or_no_quantity_are_malformed_line_by_line(api, business, bo, sale):
    line = str(sale.lines.get().uuid)
    before = unchanged()

    response = api.post(
        "/returns/",
        asked(
            business,
            bo,
            {"order_line": line, "part": "TENT", "quantity": "1"},
            {"quantity": "1"},
            {"order_line": line},
            {"order_line": line, "quantity": "many"},
        ),
    )

    assert pointers(problem(response, 400)) == {
        "/lines/0": "one_of",
        "/lines/1": "one_of",
        "/lines/2/quantity": "required",
        "/lines/3/quantity": "invalid",
    }
    assert unchanged() == before


def test_unknown_fields_are_refused_where_they_stand(api, business, bo):
    body = asked(business, bo, {"part": "X", "quantity": "1", "qty": 1}, colour="red")

    assert pointers(problem(api.post("/returns/", body), 400)) == {"/colour": "unknown_field"}
    del body["colour"]
    assert pointers(problem(api.post("/returns/", body), 400)) == {"/lines/0/qty": "unknown_field"}


@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("business", "9999", "/business"),
        ("customer", "NOBODY", "/customer"),
        ("reason", "no such reason", "/reason"),
        ("responsible_user", "nobody", "/responsible_user"),
        ("responsible_group", "no group", "/responsible_group"),
    ],
)
def test_what_cannot_be_named_is_not_found(api, business, bo, field, value, pointer):
    before = unchanged()

    response = api.post("/returns/", {**asked(business, bo), field: value})

    assert pointers(problem(response, 404)) == {pointer: "not_found"}
    assert unchanged() == before


def test_more_than_was_shipped_is_refused_with_the_figures(api, business, bo, sale):
    line = sale.lines.get()
    ask_return(sale, "2")
    before = unchanged()

    entry = {"order_line": str(line.uuid), "quantity": "2"}
    body = problem(api.post("/returns/", asked(business, bo, entry)), 422)

    assert body["code"] == "exceeds_returnable"
    assert body["facts"]["lines"] == [
        {"order_line": str(line.uuid), "requested": "2", "returnable": "1"}
    ]
    assert unchanged() == before


def test_goods_of_another_customer_are_refused(api, business, cy, sale):
    entry = {"order_line": str(sale.lines.get().uuid), "quantity": "1"}

    body = problem(api.post("/returns/", asked(business, cy, entry)), 422)

    assert body["code"] == "wrong_customer"
    assert ReturnOrder.objects.count() == 0


def test_a_unit_that_the_customer_does_not_hold_is_refused(api, business, cy, unit):
    body = problem(api.post("/returns/", asked(business, cy, {"stock_item": "D-1"})), 422)

    assert body["code"] in {"not_held_by_customer", "wrong_customer"}
    assert ReturnOrder.objects.count() == 0


def test_the_same_reference_twice_is_a_conflict(api, business, bo):
    assert api.post("/returns/", asked(business, bo, reference="R-1")).status_code == 201

    response = api.post("/returns/", asked(business, bo, reference="r-1"))

    assert problem(response, 409)["code"] == "reference_exists"
    assert ReturnOrder.objects.count() == 1


def test_waived_goods_need_the_right_to_credit_without_goods(business, bo, sale, roles):
    agent = Caller(actor_with("Service agent").user)
    entry = {"order_line": str(sale.lines.get().uuid), "quantity": "0", "waived": "1"}

    response = agent.post("/returns/", asked(business, bo, entry))

    assert problem(response, 403)["code"] == "not_permitted"
    assert ReturnOrder.objects.count() == 0


def test_the_header_is_changed_by_its_version(api, sale):
    rma = ask_return(sale)
    path = f"/returns/{rma.uuid}/"

    missing = api.patch(path, {"note": "call first"})
    changed = api.patch(path, {"note": "call first", "target_date": "2026-05-01"}, If_Match='"1"')
    stale = api.patch(path, {"note": "too late"}, If_Match='"1"')

    assert problem(missing, 428)["code"] == "version_required"
    assert changed.json()["note"] == "call first"
    assert (changed.json()["version"], changed.headers["ETag"]) == (2, '"2"')
    assert problem(stale, 412)["code"] == "stale_version"
    rma.refresh_from_db()
    assert (rma.note, rma.version) == ("call first", 2)


def test_fields_that_never_change_are_unknown_to_a_change(api, sale):
    rma = ask_return(sale)

    response = api.patch(f"/returns/{rma.uuid}/", {"reference": "OTHER"}, If_Match='"1"')

    assert pointers(problem(response, 400)) == {"/reference": "unknown_field"}


def test_a_deleted_return_is_gone_and_the_repeat_gets_the_first_answer(api, sale):
    rma = ask_return(sale)
    path = f"/returns/{rma.uuid}/"
    assert problem(api.delete(path), 428)

    first = api.delete(path, If_Match='"1"', Idempotency_Key="del-1")
    again = api.delete(path, If_Match='"1"', Idempotency_Key="del-1")

    assert (first.status_code, again.status_code) == (204, 204)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert problem(api.get(path), 404)
    assert api.get("/returns/").json()["results"] == []
    assert sale.lines.get().claimed == 0


def test_a_repeated_key_replays_and_another_body_under_it_is_refused(api, business, bo, sale):
    entry = {"order_line": str(sale.lines.get().uuid), "quantity": "1"}
    body = asked(business, bo, entry)

    first = api.post("/returns/", body, Idempotency_Key="k-1")
    again = api.post("/returns/", body, Idempotency_Key="k-1")
    other = api.post("/returns/", {**body, "note": "other"}, Idempotency_Key="k-1")

    assert (again.status_code, again.content) == (201, first.content)
    assert problem(other, 422)["code"] == "idempotency_key_reused"
    assert ReturnOrder.objects.count() == 1


def test_the_headers_verbs_lead_where_the_table_says(api, sale):
    rma = ask_return(sale)

    assert api.verb(rma, "issue").json()["status"] == "in_progress"
    held = api.verb(rma, "hold", {"reason": "fraud check"}).json()
    assert (held["status"], held["held_from"]) == ("on_hold", "in_progress")
    assert held["status_reason"] == "fraud check"
    assert api.verb(rma, "resume").json()["status"] == "in_progress"
    cancelled = api.verb(rma, "cancel", {"reason": "customer keeps it"}).json()
    assert cancelled["status"] == "cancelled"
    assert sale.lines.get().claimed == 0


def test_a_verb_without_its_reason_is_malformed(api, sale):
    rma = ask_return(sale)

    assert pointers(problem(api.verb(rma, "hold"), 400)) == {"/reason": "required"}
    assert pointers(problem(api.verb(rma, "hold", {"reason": " "}), 400)) == {"/reason": "blank"}
    assert pointers(problem(api.verb(rma, "issue", {"x": 1}), 400)) == {"/x": "unknown_field"}
    rma.refresh_from_db()
    assert (rma.status, rma.version) == ("pending", 1)


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("approve", {}),
        ("reject", {"reason": "no"}),
        ("resume", {}),
        ("complete", {}),
        ("reopen", {"reason": "again"}),
        ("credit", {}),
        ("release", {}),
    ],
)
def test_an_illegal_verb_is_a_conflict_that_names_status_and_legal_verbs(api, sale, verb, body):
    rma = ask_return(sale)

    refusal = problem(api.verb(rma, verb, body), 409)

    assert refusal["code"] == "illegal_transition"
    assert refusal["current_status"] == "pending"
    assert refusal["legal_verbs"] == ["issue", "edit", "waive", "hold", "cancel", "delete"]
    rma.refresh_from_db()
    assert (rma.status, rma.version) == ("pending", 1)


def test_a_held_return_answers_on_hold(api, sale):
    rma = ask_return(sale)
    hold_return(rma.pk, reason="wait", actor=SYSTEM)

    refusal = problem(api.verb(rma, "issue"), 409)

    assert (refusal["code"], refusal["current_status"]) == ("on_hold", "on_hold")


def test_a_verb_needs_the_version_and_the_right(api, sale, roles):
    rma = ask_return(sale)
    viewer = Caller(actor_with("Viewer").user)

    assert problem(api.post(f"/returns/{rma.uuid}/issue"), 428)
    assert problem(api.post(f"/returns/{rma.uuid}/issue", If_Match='"7"'), 412)
    assert problem(viewer.verb(rma, "issue"), 403)["code"] == "not_permitted"
    rma.refresh_from_db()
    assert (rma.status, rma.version) == ("pending", 1)


def test_release_and_waive_take_lines_or_all(api, sale):
    rma = ask_return(sale, "2", issued=True)
    line = {"line": str(rma.lines.get().uuid), "quantity": "1"}

    waived = api.verb(rma, "waive", {"lines": [line], "reason": "lost"}).json()["lines"][0]
    assert (waived["quantity"], waived["waived"], waived["open"]) == ("2", "1", "2")
    some = api.verb(rma, "release", {"lines": [line]}).json()["lines"][0]
    assert (some["released"], some["open"]) == ("1", "1")
    nothing = problem(api.verb(rma, "release", {"lines": []}), 409)
    assert nothing["code"] == "nothing_expected"
    rest = api.verb(rma, "release", {"reason": "never sent"}).json()["lines"][0]
    assert (rest["released"], rest["open"]) == ("2", "0")


def test_waiving_more_than_was_sold_is_refused_with_the_figures(api, sale):
    rma = ask_return(sale, "3", issued=True)
    line = {"line": str(rma.lines.get().uuid), "quantity": "1"}

    refusal = problem(api.verb(rma, "waive", {"lines": [line]}), 422)

    assert refusal["code"] == "exceeds_returnable"
    assert refusal["facts"]["lines"][0]["returnable"] == "0"
    assert rma.lines.get().waived == 0


def test_lines_are_added_changed_and_taken_out(api, business, sale):
    rma = ask_return(sale)
    path = f"/returns/{rma.uuid}/lines/"
    other = sell(business, sale.customer, goods("PEG", "5"))

    added = api.post(path, {"order_line": str(other.lines.get().uuid), "quantity": "2"})
    line = added.json()
    assert (added.status_code, line["number"], line["version"]) == (201, 2, 2)
    assert added.headers["Location"].endswith(f"{path}{line['id']}/")
    own = f"{path}{line['id']}/"
    changed = api.patch(own, {"quantity": "4", "reason": "other"}, If_Match='"2"').json()
    assert (changed["quantity"], changed["reason"]["reference"]) == ("4", "other")
    too_many = problem(api.patch(own, {"quantity": "6"}, If_Match='"3"'), 422)
    assert too_many["code"] == "exceeds_returnable"
    assert problem(api.delete(own), 428)
    gone = api.delete(own, If_Match='"3"')
    assert (gone.status_code, gone.headers["ETag"]) == (204, '"4"')
    assert [row["void"] for row in api.get(path).json()["results"]] == [False, True]
    assert other.lines.get().claimed == 0
    assert problem(api.delete(own, If_Match='"4"'), 409)["code"] == "line_void"


def test_an_old_version_is_refused_when_a_part_is_added_with_one(api, sale):
    rma = ask_return(sale)

    response = api.post(
        f"/returns/{rma.uuid}/lines/", {"part": "TENT", "quantity": "1"}, If_Match='"9"'
    )

    assert problem(response, 412)
    assert rma.lines.count() == 1


def test_extra_lines_are_added_changed_and_taken_out(api, sale):
    rma = ask_return(sale)
    path = f"/returns/{rma.uuid}/extra-lines/"
    fee = {"kind": "fee", "name": "Restocking", "quantity": "2", "gross_unit_price": "-2.50"}

    made = api.post(path, {**fee, "vat_percent": "21", "vat_type": "NORMAL"}).json()
    assert (made["gross"], made["currency"], made["credited"]) == ("-5.00", "EUR", False)
    changed = api.patch(f"{path}{made['id']}/", {"gross_unit_price": "-1"}, If_Match='"2"')
    assert changed.json()["gross"] == "-2.00"
    assert api.delete(f"{path}{made['id']}/", If_Match='"3"').status_code == 204
    assert api.get(path).json()["results"][0]["void"] is True
    refused = api.post(path, {**fee, "kind": "goods"})
    assert pointers(problem(refused, 400)) == {"/kind": "invalid_choice"}
    assert problem(api.post(path, {**fee, "currency": "EURO"}), 400)


def test_notes_and_history_tell_who_did_what(api, sale):
    rma = ask_return(sale, issued=True)
    path = f"/returns/{rma.uuid}/comments/"

    note = api.post(path, {"text": "Box is wet", "audience": "customer"})
    assert (note.status_code, note.json()["author"]) == (201, "ada")
    assert pointers(problem(api.post(path, {"text": ""}), 400)) == {"/text": "blank"}
    assert [row["text"] for row in api.get(path).json()["results"]] == ["Box is wet"]
    history = api.get(f"/returns/{rma.uuid}/history/").json()["results"]
    told = [(row["n"], row["verb"], row["actor"], row["door"]) for row in history]
    assert told == [
        (1, "create", None, "system"),
        (2, "issue", None, "system"),
        (3, "comment", "ada", "api"),
    ]


def test_parts_of_another_return_are_not_found_below_this_one(api, sale):
    one, other = ask_return(sale), ask_return(sale)
    path = f"/returns/{one.uuid}/lines/{other.lines.get().uuid}/"

    assert problem(api.get(path), 404)
    assert problem(api.delete(path, If_Match='"1"'), 404)
    assert other.lines.get().void is False


def references(response):
    assert response.status_code == 200, response.content
    return [row["reference"] for row in response.json()["results"]]


def test_the_list_is_filtered(api, business, bo, cy, sale, ada):
    theirs = sell(business, cy, goods("ROPE", "9"))
    one = api.post(
        "/returns/",
        asked(
            business,
            bo,
            {"order_line": str(sale.lines.get().uuid), "quantity": "1"},
            reference="ONE",
            target_date="2026-04-01",
            responsible_user="ada",
        ),
    ).json()
    two = ask_return(theirs, issued=True)

    for query, found in {
        "status=pending": ["ONE"],
        "status__in=in_progress,on_hold": [two.reference],
        "goods=expected&ordering=created_at": ["ONE", two.reference],
        "money=due": [],
        f"business={business.uuid}": [two.reference, "ONE"],
        "business=1000": [two.reference, "ONE"],
        "customer=cy": [two.reference],
        f"customer={bo.uuid}": ["ONE"],
        "responsible_user=ada": ["ONE"],
        "responsible_group=Manager": [],
        "reference=one": ["ONE"],
        f"sales_order={sale.uuid}": ["ONE"],
        f"sales_order={theirs.reference}": [two.reference],
        "target_date=2026-04-01": ["ONE"],
        "target_date__gte=2026-04-02": [],
        "target_date__lte=2026-04-01": ["ONE"],
        "created_at__gte=2026-01-01T00:00:00Z": [two.reference, "ONE"],
        "created_at__lte=2026-01-01T00:00:00Z": [],
        "open=true": [two.reference, "ONE"],
        "open=false": [],
        "ordering=reference": ["ONE", two.reference],
        "ordering=target_date": ["ONE", two.reference],
    }.items():
        assert references(api.get(f"/returns/?{query}")) == found, query
    assert one["reference"] == "ONE"


@pytest.mark.parametrize(
    "query", ["colour=red", "status=lost", "status__in=pending,lost", "target_date=soon", "limit=0"]
)
def test_parameters_that_cannot_be_read_are_refused(api, business, query):
    name = query.partition("=")[0]

    assert pointers(problem(api.get(f"/returns/?{query}"), 400)).keys() == {name}


def test_search_finds_by_any_number_or_name(api, business, bo, cy, sale, unit):
    hit = request_return(
        business=business,
        customer=bo,
        actor=SYSTEM,
        reference="WANTED-1",
        lines=[LineInput(stock_item=unit)],
    )
    issue_return(hit.pk, actor=SYSTEM)
    add_parcel(hit.pk, {"tracking_number": "3SXYZ99"}, actor=SYSTEM)
    other = sell(business, cy, goods("ROPE", "1"), reference="OTHER-SALE")
    ask_return(other)
    sold = hit.lines.get().order_line.order.reference

    for text in ("wanted", "jansen", "bo", "d-1", "dril", "xyz9", sold):
        assert references(api.get(f"/returns/?search={text}")) == ["WANTED-1"], text
    assert references(api.get("/returns/?search=nothing-like-it")) == []


def test_lists_go_on_by_cursor(api, sale):
    for _ in range(3):
        ask_return(sale)

    first = api.get("/returns/?limit=2&ordering=created_at")
    body = first.json()
    rest = api.client.get(body["next"], headers=api.headers).json()

    assert len(body["results"]) == 2
    assert body["previous"] is None
    assert 'rel="next"' in first.headers["Link"]
    assert len(rest["results"]) == 1
    assert rest["next"] is None


def test_who_sees_one_business_sees_only_its_returns(business, bo, cy, sale, roles):
    clerk = actor_with("Service agent")
    see_all = clerk.user.groups.get()
    see_all.permissions.remove(see_all.permissions.get(codename="see_all_businesses"))
    own = BusinessFactory(code="2000")
    assign_perm("sales.view_business", clerk.user, own)
    mine = ask_return(sell(own, cy, goods("ROPE", "2")))
    foreign = ask_return(sale)
    api = Caller(clerk.user)

    assert references(api.get("/returns/")) == [mine.reference]
    assert references(api.get("/returns/?search=TENT")) == []
    for path in ("", "lines/", "history/", "comments/", "receipts/"):
        assert problem(api.get(f"/returns/{foreign.uuid}/{path}"), 404)["code"] == "not_found"
    assert problem(api.verb(foreign, "issue"), 404)
    entry = {"order_line": str(sale.lines.get().uuid), "quantity": "1"}
    refused = api.post(f"/returns/{mine.uuid}/lines/", entry)
    assert pointers(problem(refused, 404)) == {"/order_line": "not_found"}
    foreign.refresh_from_db()
    assert (foreign.status, foreign.version) == ("pending", 1)
    assert mine.lines.count() == 1


def test_without_the_right_to_see_returns_nothing_is_shown(business, sale, db):
    rma = ask_return(sale)
    nobody = Caller(actor_with().user)

    assert problem(nobody.get("/returns/"), 403)
    assert problem(nobody.get(f"/returns/{rma.uuid}/"), 403)
    assert problem(Caller().get("/returns/"), 401)["code"] == "not_authenticated"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/returns/"),
        ("POST", "/returns/"),
        ("POST", "/returns/record/"),
        ("GET", "/returns/{id}/"),
        ("PATCH", "/returns/{id}/"),
        ("DELETE", "/returns/{id}/"),
        ("POST", "/returns/{id}/issue/"),
        ("POST", "/returns/{id}/lines/"),
        ("GET", "/returns/{id}/lines/"),
        ("GET", "/returns/{id}/history/"),
        ("POST", "/returns/{id}/comments/"),
        ("GET", "/receipts/"),
    ],
)
def test_while_returns_are_off_everything_of_returns_says_so(api, sale, method, path):
    rma = ask_return(sale)
    turn_returns(on=False, actor=SYSTEM)

    response = api.call(method, path.format(id=rma.uuid), If_Match='"1"')

    assert problem(response, 403)["code"] == "returns_disabled"
    rma.refresh_from_db()
    assert rma.version == 1
