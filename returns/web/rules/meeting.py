"""Two people write one version of the rules: side by side, and one's own rows stay as typed."""

from __future__ import annotations

import json
from typing import Any, Final

from django.db.models.functions import Lower
from django.http import HttpRequest
from django.utils.translation import gettext as _

from returns.models import PolicyVersion, Reason
from returns.policies import parse, sentence
from returns.web.rules.policy_forms import PolicyForm, written
from returns.web.rules.rows import Row, document_of, rows_of
from returns.web.rules.words import ASPECTS
from rmaproject.shared.errors import DomainError
from rmaproject.web.merging import Extra, meet, posted_base
from stock.models import Part, PartCategory

#: All rows as one value: what each side has of the rules is kept or taken as a whole.
NAME: Final = "rules_as_one"


def as_one(document: dict[str, Any]) -> str:
    """The rules as they are compared: the same text for the same rules."""
    return json.dumps(document_of(rows_of(document)), sort_keys=True, ensure_ascii=False)


def started_rows(version: PolicyVersion | None) -> list[Extra]:
    """What the rows start with, for the form's hidden field."""
    return [] if version is None else [Extra(NAME, _("Rules"), as_one(version.rules))]


def rows_taken(request: HttpRequest, version: PolicyVersion | None) -> list[Row] | None:
    """The other's rows, where somebody chose them on a page of clashes."""
    told = request.POST.get(NAME)
    if version is None or not told or told != as_one(version.rules):
        return None
    return rows_of(version.rules)


def meet_rows(
    request: HttpRequest,
    form: PolicyForm,
    version: PolicyVersion,
    rows: list[Row] | None,
    refusal: DomainError,
) -> list[Row] | None:
    """Merge a stale form with the version as it stands now; gives the rows to show.

    Rules that only the other changed are taken over; those that both changed stay as typed, and
    the page offers the other's.
    """
    form.initial = {"name": version.name, "rules": written(version.rules)}
    if rows is None:
        meet(request, form, refusal)
        return None
    yours, theirs = as_one(document_of(rows)), as_one(version.rules)
    data = request.POST.copy()
    data[NAME] = yours
    form.data = data
    sides = [*(posted_base(request) or {}).get(NAME, []), theirs, yours]
    extra = Extra(NAME, _("Rules"), theirs, choices=_in_words(sides, version))
    meeting = meet(request, form, refusal, [extra])
    if meeting is None or any(clash.name == NAME for clash in meeting.clashes):
        return rows
    return rows_of(version.rules) if meeting.data[NAME] == theirs else rows


def _in_words(sides: list[str], version: PolicyVersion) -> dict[str, str]:
    """Each side's rules in words, without those that all sides have."""
    read = {side: [json.dumps(rule) for rule in _rules(side)] for side in sides}
    common = set.intersection(*map(set, read.values()))
    return {
        side: _said([json.loads(rule) for rule in rules if rule not in common], version)
        for side, rules in read.items()
    }


def _rules(side: str) -> list[dict[str, Any]]:
    try:
        document = json.loads(side)
    except ValueError:
        return []
    return [row for row in document.get("rules", []) if isinstance(row, dict)]


def _said(rules: list[dict[str, Any]], version: PolicyVersion) -> str:
    try:
        return " ".join(sentences({"rules": rules}, version))
    except DomainError:  # typed so that no rule can be read out of it: what it is about at least
        return ", ".join(str(ASPECTS[rule["aspect"]].label) for rule in rules)


def sentences(document: dict[str, Any], version: PolicyVersion) -> list[str]:
    """Rules in words, with the names of reasons, categories and parts instead of codes.

    Raises as `parse` for what is no document of rules.
    """
    rules = parse(document, currency=version.business.currency).rules
    skus = {code for rule in rules for code in rule.when.get("sku", ())}
    parts = Part.objects.annotate(small=Lower("sku")).filter(small__in=skus)
    names = {
        **{("reason", row.code.lower()): f"“{row.name}”" for row in Reason.objects.all()},
        **{("category", row.code.lower()): row.name for row in PartCategory.objects.all()},
        **{("sku", row.sku.lower()): f"{row.name} ({row.sku})" for row in parts},
    }
    return [sentence(rule, names) for rule in rules]
