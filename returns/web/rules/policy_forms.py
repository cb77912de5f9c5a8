"""Forms for versions of the rules."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from returns.models import PolicyVersion
from rmaproject.access.actors import Actor
from rmaproject.web.forms import DayField, RecordField
from sales.models import Business
from sales.selectors import visible_businesses

#: The order of a rule's keys where people read it.
ORDER = ("aspect", "when", "then", "name")
EXAMPLE = {"rules": [{"aspect": "window", "then": {"days": 30, "from": "delivery"}}]}


def written(document: dict[str, Any]) -> str:
    """The document as people write it: a rule a line, what it is about first."""
    if set(document) != {"rules"} or not isinstance(document["rules"], list):
        return json.dumps(document, indent=2, ensure_ascii=False)
    rules = [json.dumps(_in_order(rule), ensure_ascii=False) for rule in document["rules"]]
    return '{"rules": [\n  ' + ",\n  ".join(rules) + "\n]}" if rules else '{"rules": []}'


def _in_order(rule: Any) -> Any:
    if not isinstance(rule, dict):
        return rule
    return {name: rule[name] for name in sorted(rule, key=_place)}


def _place(name: str) -> tuple[int, str]:
    return (ORDER.index(name) if name in ORDER else len(ORDER), name)


class PolicyForm(forms.Form):
    """A draft: whose it is, its name and its document."""

    business = RecordField(Business.objects.none(), label=_("Business"))
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    rules = forms.CharField(
        label=_("Rules"),
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "code"}),
        help_text=_("A JSON document; of each aspect the first rule that holds decides."),
    )

    def __init__(
        self, data: Any, *, actor: Actor, policy: PolicyVersion | None, as_text: bool
    ) -> None:
        document = policy.rules if policy else EXAMPLE
        shown = written(document)
        name = policy.name if policy else ""
        super().__init__(data, initial={"rules": shown, "name": name})
        if not as_text:
            del self.fields["rules"]
        if policy is not None:
            del self.fields["business"]
        else:
            rows = visible_businesses(actor).order_by("code")
            self.fields["business"].queryset = rows  # type: ignore[attr-defined]

    def clean_rules(self) -> Any:
        """The document that was typed."""
        try:
            return json.loads(self.cleaned_data["rules"])
        except (ValueError, RecursionError) as error:
            message = _("This is no JSON: %(error)s") % {"error": error}
            raise forms.ValidationError(message, code="invalid") from error

    def values(self) -> dict[str, Any]:
        """The values for the service."""
        return dict(self.cleaned_data)


class DayForm(forms.Form):
    """A day from which something holds."""

    day = DayField(label=_("From the day"))


class SpanForm(forms.Form):
    """The first and last day of requests to look at."""

    since = DayField(label=_("Asked for from"), required=False)
    until = DayField(label=_("Until"), required=False)
