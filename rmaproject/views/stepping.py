"""What steps on many rows share: what they ask for, how a row is changed, what a job keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib.auth.models import Group
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rmaproject.access.actors import Actor
from rmaproject.access.models import User
from rmaproject.audit.models import Aggregate
from rmaproject.jobs.kinds import Changed, Kind
from rmaproject.jobs.models import Job, JobRow
from rmaproject.shared.errors import RuleViolation
from rmaproject.shared.transitions import Action, Transition, find_verb
from rmaproject.views.registry import BulkStep
from rmaproject.web.forms import DayField
from rmaproject.web.versions import at_seen

Act = Callable[[Any, dict[str, Any], Actor], Any]

#: Fields that steps on many rows write.
EDITED: Final = ("responsible_user", "responsible_group", "target_date")


class StepForm(forms.Form):
    """What is asked before any step on many rows."""

    in_one = forms.ChoiceField(
        label=gettext_lazy("If a row cannot be done"),
        choices=[
            ("", gettext_lazy("Row by row: do the others, and list what was not done")),
            ("on", gettext_lazy("All or nothing: change no row at all")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )

    def values(self) -> dict[str, Any]:
        """What the step is done with."""
        return {}


class DueForm(StepForm):
    """Which day it shall be done by."""

    target_date = DayField(label=gettext_lazy("Due"), required=False)
    field_order = ("target_date", "in_one")

    def values(self) -> dict[str, Any]:
        day = self.cleaned_data["target_date"]
        return {"target_date": day.isoformat() if day else None}


class ReasonForm(StepForm):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500)
    field_order = ("reason", "in_one")

    def values(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"]}


def edited_values(values: dict[str, Any]) -> dict[str, Any]:
    """What a job holds, as the service takes it. Raises RuleViolation `unknown_owner`."""
    made: dict[str, Any] = {}
    for name in EDITED:
        if name in values:
            made[name] = _value(name, values[name])
    return made


def _value(name: str, kept: Any) -> Any:
    if kept is None:
        return None
    if name == "target_date":
        return date.fromisoformat(kept)
    model = User if name == "responsible_user" else Group
    found = model.objects.filter(pk=kept).first()
    if found is None or (isinstance(found, User) and not found.is_active):
        raise RuleViolation(_("This owner is not there any more."), code="unknown_owner")
    return found


def kept_values(root: Any, names: Sequence[str]) -> dict[str, Any]:
    """What a record holds of these, as a job keeps it."""
    made: dict[str, Any] = {}
    for name in names:
        day = root.target_date
        plain = day.isoformat() if day else None
        made[name] = plain if name == "target_date" else getattr(root, f"{name}_id")
    return made


@dataclass(frozen=True)
class Stepping:
    """How the records of one list take steps: each by its service, at the version that was seen.

    `offers` gives for an actor what a record can do now, as the buttons of its page know it;
    `kept` is what an undo needs besides owners and dates; `holding` takes locks before any other.
    """

    key: str
    model: type[Aggregate]
    verbs: Sequence[Transition]
    access: Callable[[Actor, UUID, str], Any]
    visible: Callable[[Actor], Any]
    offers: Callable[[Actor], Callable[[Any], Sequence[Action]]]
    status: Callable[[Any], str]
    loaded: Callable[[Any], Any] = lambda rows: rows
    kept: Callable[[Any], dict[str, Any]] = lambda record: {}
    holding: Callable[[int, Callable[[], Any]], Any] = lambda key, action: action()

    def kind(self, key: str, title: Any, verb: str, act: Act, said: Any, undo: str = "") -> Kind:
        """The job that takes a verb's step; `undo` is the key of the one that takes it back."""
        return Kind(
            f"{self.key}.{key}",
            title,
            said,
            change=self._change(verb, act),
            versions=self._versions,
            undo=undo and f"{self.key}.{undo}",
        )

    def step(
        self, key: str, label: Any, icon: str, question: Any, verb: str = "", **more: Any
    ) -> BulkStep:
        """The step as the list offers it, by the job of the same key; `verb` where it differs."""
        row = find_verb(self.verbs, verb or key)
        return BulkStep(
            key=key,
            label=label,
            icon=icon,
            kind=f"{self.key}.{key}",
            right=row.permission,
            question=question,
            blocked=self._blocked_by(row),
            loaded=self.loaded,
            **more,
        )

    def _change(self, verb: str, act: Act) -> Callable[[Job, JobRow, Actor], Changed]:
        def change(job: Job, row: JobRow, actor: Actor) -> Changed:
            record = self.access(actor, row.record, verb)
            values = {**job.values, **row.values}
            names = [name for name in EDITED if name in values]
            before = {**kept_values(record, names), **self.kept(record)}
            self.holding(
                record.pk,
                lambda: at_seen(record, row.version, lambda: act(record, values, actor)),
            )
            rows = self.model._default_manager.filter(pk=record.pk)
            return Changed(rows.values_list("version", flat=True).get(), before)

        return change

    def _blocked_by(self, row: Transition) -> Callable[[Actor, Sequence[Any]], dict[int, str]]:
        """Why the services would refuse a verb on these rows, by key."""

        def blocked(actor: Actor, records: Sequence[Any]) -> dict[int, str]:
            offers = self.offers(actor)
            found = {record.pk: self._why_not(row, record, offers(record)) for record in records}
            return {key: why for key, why in found.items() if why is not None}

        return blocked

    def _why_not(self, row: Transition, record: Any, offered: Sequence[Action]) -> str | None:
        action = next((action for action in offered if action.verb == row.verb), None)
        if action is None:
            state = {"status": self.status(record), "step": row.words}
            return _("%(status)s: “%(step)s” is not possible.") % state
        return None if action.allowed else action.reason

    def _versions(self, actor: Actor, records: Sequence[UUID]) -> dict[UUID, int]:
        rows = self.visible(actor).filter(uuid__in=records)
        return dict(rows.values_list("uuid", "version"))
