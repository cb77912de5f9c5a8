"""The full demo: half a year of returns in every state, told on the days they happened."""

from __future__ import annotations

from datetime import timedelta

from django.test import TestCase

from returns.demo import FULL, make_demo
from returns.models import ReturnOrder
from returns.states import Goods, Money, Status
from rmaproject.access.roles import make_roles
from rmaproject.audit.models import AuditEntry
from rmaproject.shared import clock


class TestTheSeason(TestCase):
    """Made once for all that is only read of it."""

    @classmethod
    def setUpTestData(cls):
        make_roles()
        make_demo(lambda line: None, size=FULL)

    def test_two_hundred_returns_are_spread_over_half_a_year_in_every_state(self):
        today = clock.now().date()
        days = list(ReturnOrder.objects.values_list("requested_on", flat=True))
        months = {(day.year, day.month) for day in days}
        owners = {"responsible_group__name", "responsible_user__username"}

        assert 190 <= len(days) <= 215
        assert min(days) < today - timedelta(days=170)
        assert len(months) >= 6
        assert set(ReturnOrder.objects.values_list("status", flat=True)) == set(Status)
        assert set(ReturnOrder.objects.values_list("goods", flat=True)) == set(Goods)
        assert set(ReturnOrder.objects.values_list("money", flat=True)) == set(Money)
        assert len(set(ReturnOrder.objects.values_list(*owners))) >= 4

    def test_what_happened_then_is_written_down_as_of_then(self):
        oldest = ReturnOrder.objects.order_by("requested_on", "pk").first()
        entries = AuditEntry.objects.filter(aggregate_id=oldest.uuid).order_by("n")

        assert entries[0].at.date() < clock.now().date() - timedelta(days=150)
        assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
