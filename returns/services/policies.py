"""Rules for returns: drafted, published from a day on, ended; a published document stays."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Max
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from customers.models import Company
from returns.models import PolicyStatus, PolicyVersion, Reason
from returns.policies import References, Ruleset, parse
from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.audit.models import AuditEntry
from rmaproject.shared import clock
from rmaproject.shared.canonical import digest
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, NotFound, RuleViolation
from sales.models import Business
from stock.models import Part, PartCategory

#: Conditions that name records.
NAMING = ("customer", "sku", "category", "reason")
EDITABLE = {"name", "rules"}


@command
def create_policy(
    business: Business, *, actor: Actor, name: str = "", rules: dict[str, Any] | None = None
) -> PolicyVersion:
    """Draft the next version of a business's rules; an empty document allows everything.

    Raises InputErrors with each wrong value of the document; RuleViolation `rules_contradict`,
    `rule_unreachable`.
    """
    document = {"rules": []} if rules is None else rules
    check_document(document, business)
    Business.objects.select_for_update().get(pk=business.pk)
    last = PolicyVersion.objects.filter(business=business).aggregate(last=Max("number"))["last"]
    version = PolicyVersion(
        business=business, number=(last or 0) + 1, name=name.strip(), rules=document
    )
    told: dict[str, Any] = {
        "number": version.number,
        "business": business.uuid,
        "rules": digest(document),
    }
    trail.create(version, actor=actor, **told)
    return version


@command
def edit_policy(version_id: int, values: dict[str, Any], *, actor: Actor) -> PolicyVersion:
    """Change name or document of a draft.

    Raises as `create_policy`; Conflict `policy_published`.
    """
    trail.require_editable(values, EDITABLE)
    version = _lock_draft(version_id)
    if "rules" in values:
        check_document(values["rules"], version.business)
    changed = sorted(name for name, value in values.items() if getattr(version, name) != value)
    if changed:
        document = digest(values.get("rules", version.rules))
        trail.change(version, "edit", actor=actor, fields=values, changed=changed, rules=document)
    return version


@command
def delete_policy(version_id: int, *, actor: Actor) -> None:
    """Throw a draft away; its number and trail stay. Raises Conflict `policy_published`."""
    version = _lock_draft(version_id)
    trail.change(version, "delete", actor=actor, fields={"status": PolicyStatus.DISCARDED})


@command
def publish_policy(version_id: int, valid_from: date, *, actor: Actor) -> PolicyVersion:
    """Put a draft in force from a day on; the version in force until then ends on that day.

    Returns that were requested before keep the rules they were requested under.
    Raises RuleViolation `invalid_date` for a day that has passed; Conflict `policy_published`,
    `policy_overlaps`; and as `create_policy`, for what the rules name may be gone.
    """
    version = _lock_draft(version_id)
    _require_not_past(version.business, valid_from, "/valid_from")
    check_document(version.rules, version.business)
    _close_running(version, valid_from, actor)
    fields = {"status": PolicyStatus.PUBLISHED, "valid": DateRange(valid_from, None)}
    told: dict[str, Any] = {"valid_from": valid_from, "rules": digest(version.rules)}
    trail.change(version, "publish", actor=actor, fields=fields, **told)
    return version


@command
def end_policy(version_id: int, on: date, *, actor: Actor) -> PolicyVersion:
    """Let a published version hold no longer from a day on.

    Raises RuleViolation `invalid_date` for a day that has passed or lies before its beginning;
    Conflict `policy_not_published`.
    """
    version = _lock(version_id)
    if version.valid is None:
        raise Conflict(_("A draft holds on no day."), code="policy_not_published")
    _require_not_past(version.business, on, "/on")
    begins, ends = version.valid.lower, version.valid.upper
    if on <= begins or (ends is not None and on > ends):
        message = _no_end_of(begins, ends)
        raise RuleViolation(message, code="invalid_date", pointer="/on", begins=str(begins))
    fields = {"valid": DateRange(begins, on)}
    trail.change(version, "end", actor=actor, fields=fields, on=on)
    return version


@command
def withdraw_policy(version_id: int, *, actor: Actor) -> PolicyVersion:
    """Make a version a draft again that was published for a day that has not come.

    The version that its publication had ended holds on for those days. Raises Conflict
    `policy_began` once its first day has come, `policy_not_published`.
    """
    version = _lock(version_id)
    if version.valid is None:
        raise Conflict(_("A draft holds on no day."), code="policy_not_published")
    period: DateRange = version.valid
    if period.lower <= clock.today(version.business):
        message = _("The version began on %(lower)s; returns may be pinned to it. End it.") % {
            "lower": period.lower
        }
        raise Conflict(message, code="policy_began", begins=str(period.lower))
    fields = {"status": PolicyStatus.DRAFT, "valid": None}
    trail.change(version, "withdraw", actor=actor, fields=fields, valid_from=period.lower)
    _give_back(version, period, actor)
    return version


def check_document(document: Any, business: Business) -> Ruleset:
    """Read a document as one of this business; everything that it names has to be there.

    Raises InputErrors; RuleViolation `rules_contradict`, `rule_unreachable`.
    """
    return parse(document, currency=business.currency, known=known_references(document))


def known_references(document: Any) -> References:
    """Those of the customers, parts, categories and reasons named in a document that exist."""
    named = _named(document)
    return References(
        customer=_existing(Company, "reference", named["customer"]),
        sku=_existing(Part, "sku", named["sku"]),
        category=_existing(PartCategory, "code", named["category"]),
        reason=_existing(Reason, "code", named["reason"]),
    )


def _named(document: Any) -> dict[str, set[str]]:
    """What the conditions of a document name, however misshapen the document is."""
    found: dict[str, set[str]] = {name: set() for name in NAMING}
    rules = document.get("rules") if isinstance(document, dict) else None
    for rule in rules if isinstance(rules, list) else ():
        when = rule.get("when") if isinstance(rule, dict) else None
        for name, words in found.items():
            given = when.get(name) if isinstance(when, dict) else None
            listed = given if isinstance(given, list) else [given]
            texts = [word for word in listed if isinstance(word, str) and "\x00" not in word]
            words.update(word.strip().lower() for word in texts)
    return found


def _existing(model: Any, column: str, named: set[str]) -> frozenset[str]:
    rows = model.objects.annotate(word=Lower(column)).filter(word__in=named)
    return frozenset(rows.values_list("word", flat=True)) if named else frozenset()


def _close_running(version: PolicyVersion, on: date, actor: Actor) -> None:
    """End the version that would hold on that day; one that begins there or later overlaps."""
    rows = PolicyVersion.objects.select_for_update().filter(
        business=version.business, status=PolicyStatus.PUBLISHED, valid__contains=on
    )
    for running in rows.order_by("pk"):
        if running.valid is not None and running.valid.lower < on:
            fields = {"valid": DateRange(running.valid.lower, on)}
            told: dict[str, Any] = {"on": on, "by": version.uuid}
            told |= {"before": running.valid.upper} if running.valid.upper else {}
            trail.change(running, "end", actor=actor, fields=fields, **told)


def _give_back(version: PolicyVersion, period: DateRange, actor: Actor) -> None:
    """Let the version that a withdrawn one had ended hold as long as it did, or until the next."""
    rows = PolicyVersion.objects.select_for_update().filter(
        business=version.business, status=PolicyStatus.PUBLISHED, valid__endswith=period.lower
    )
    for former in rows:
        last = AuditEntry.objects.filter(aggregate_id=former.uuid, verb="end").latest("n")
        if former.valid is None or last.facts.get("by") != str(version.uuid):
            continue
        before = last.facts.get("before")
        ends = [day for day in (before and date.fromisoformat(before), period.upper) if day]
        until = min(ends, default=None)
        fields = {"valid": DateRange(former.valid.lower, until)}
        trail.change(former, "go_on", actor=actor, fields=fields, until=until, after=version.uuid)


def _require_not_past(business: Business, day: date, pointer: str) -> None:
    if day < clock.today(business):
        message = _("Rules do not change for days that have passed.")
        raise RuleViolation(message, code="invalid_date", pointer=pointer, day=str(day))


def _no_end_of(begins: date, ends: date | None) -> str:
    if ends is None:
        return _("The version began on %(begins)s; it ends after that day.") % {"begins": begins}
    return _("The version began on %(begins)s; it ends after that day and not after %(ends)s.") % {
        "begins": begins,
        "ends": ends,
    }


def _lock(version_id: int) -> PolicyVersion:
    rows = PolicyVersion.objects.exclude(status=PolicyStatus.DISCARDED)
    rows = rows.select_related("business").select_for_update(of=("self",))
    version = rows.filter(pk=version_id).first()
    if version is None:
        raise NotFound(_("There is no such policy."), code="not_found")
    return version


def _lock_draft(version_id: int) -> PolicyVersion:
    version = _lock(version_id)
    if version.status != PolicyStatus.DRAFT:
        message = _("A published version stays as it is; draft a new one.")
        raise Conflict(message, code="policy_published", number=version.number)
    return version
