"""What an administrator does first: each step with what is missing, until all are done."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from returns.models import DemoLoad, PolicyVersion
from returns.switch import returns_are_on
from rmaproject.access.actors import Actor
from rmaproject.access.models import User
from rmaproject.web.nav import address
from rmaproject.web.sections import MANAGE, USERS
from rmaproject.web.staff import StaffRequest, staff
from sales.models import Business, SalesOrder
from stock.models import Part


@staff
def start(request: StaffRequest) -> HttpResponse:
    """The steps as a card for other pages; nothing once they are done."""
    request.actor.require(MANAGE)
    return render(request, "settings/_start.html", {"start": first_steps(request.actor)})


def first_steps(actor: Actor) -> dict[str, Any] | None:
    """The steps with those that are done; None once all that are needed are."""
    if not actor.may(MANAGE):
        return None
    steps = [*_own_business(), _switch(), *([_people()] if actor.may(USERS) else [])]
    if all(step["done"] for step in steps):
        return None
    return {"steps": steps, "demo": _demo()}


def _own_business() -> list[dict[str, Any]]:
    homes = list(Business.objects.values_list("uuid", "returns_location"))
    homeless = next((uuid for uuid, place in homes if place is None), None)
    where = reverse("settings-business", args=[homeless]) if homeless else ""
    return [
        _step(
            _("Add a business"),
            _("Who sells, in which currency, and how documents are numbered."),
            reverse("settings-new-business"),
            done=bool(homes),
        ),
        _step(
            _("Choose where returns arrive"),
            _("Goods that come back are booked into this place."),
            where or reverse("settings-businesses"),
            done=bool(homes) and homeless is None,
        ),
    ]


def _switch() -> dict[str, Any]:
    words = _("Until then pages and interface say that returns are off.")
    return _step(_("Switch returns on"), words, reverse("settings"), done=returns_are_on())


def _people() -> dict[str, Any]:
    people = User.objects.filter(is_active=True)
    people = people.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return _step(
        _("Invite people"),
        _("Each with the rights of their work; they set their password by a link."),
        reverse("settings-new-user"),
        done=len(people.values_list("pk")[:2]) > 1,
    )


def _demo() -> str:
    """Where demo data is loaded, while that can be done; "" afterwards."""
    used = DemoLoad.objects.exists() or SalesOrder.objects.exists() or Part.objects.exists()
    return "" if used or PolicyVersion.objects.exists() else address("settings-demo")


def _step(label: str, text: str, url: str, *, done: bool) -> dict[str, Any]:
    return {"label": label, "text": text, "url": url, "done": done}
