"""What is typed on the pages of imports."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from returns.importing.looking import DELIMITERS, ENCODINGS
from returns.importing.runs import SPELLED, plan_of
from returns.importing.spelling import COMMA, DAY_FIRST, ISO, MONTH_FIRST, POINT
from returns.importing.subjects import PLANS
from returns.models import ImportRun, Subject
from rmaproject.access.actors import Actor
from rmaproject.web.forms import RecordField
from sales.models import Business
from sales.selectors import visible_businesses

MEGABYTE = 1024 * 1024
ENCODED = {
    "utf-8": "UTF-8",
    "cp1252": "Windows-1252",
    "latin-1": "ISO 8859-1 (Latin-1)",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
}
PARTED = {
    ",": gettext_lazy("Comma"),
    ";": gettext_lazy("Semicolon"),
    "\t": pgettext_lazy("separator", "Tab"),
    "|": gettext_lazy("Vertical bar"),
}


class UploadForm(forms.Form):
    """A file, what is in it, and whose it is."""

    subject = forms.ChoiceField(label=gettext_lazy("What is in the file"))
    business = RecordField(
        Business.objects.none(),
        required=False,
        label=gettext_lazy("Business"),
        help_text=gettext_lazy("Who sold; prices are in its currency."),
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV, plain or packed as gzip, or XLSX."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.gz,.xlsx,text/csv"}),
    )

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        subject: Any = self.fields["subject"]
        subject.choices = [
            (value, label)
            for value, label in Subject.choices
            if all(actor.may(right) for right in PLANS[value].rights)
        ]
        chosen: Any = self.fields["business"]
        chosen.queryset = visible_businesses(actor).order_by("code")
        self.only = list(chosen.queryset[:2])
        if len(self.only) == 1:
            del self.fields["business"]

    def clean_file(self) -> Any:
        """Refuse what is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > settings.MAX_IMPORT_BYTES:
            most = settings.MAX_IMPORT_BYTES // MEGABYTE
            message = _("The file is larger than %(most)s MB. Cut it into pieces or pack it.")
            raise forms.ValidationError(message % {"most": most}, code="file_too_large")
        return file

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("subject") != Subject.SALES:
            told["business"] = None
        elif len(self.only) == 1:
            told["business"] = self.only[0]
        elif not told.get("business"):
            self.add_error("business", _("Sales belong to a business."))
        return told


class ReadForm(forms.Form):
    """How the text of a file is written."""

    encoding = forms.ChoiceField(
        choices=[(name, ENCODED[name]) for name in ENCODINGS], label=gettext_lazy("Encoding")
    )
    delimiter = forms.ChoiceField(
        choices=[(sign, PARTED[sign]) for sign in DELIMITERS],
        label=gettext_lazy("Between two columns"),
    )


class MapForm(forms.Form):
    """Which column holds what, and how figures and days are written."""

    decimal = forms.ChoiceField(
        choices=[(POINT, "1234.50"), (COMMA, "1234,50")], label=gettext_lazy("Numbers")
    )
    dates = forms.ChoiceField(
        choices=[(ISO, "2026-03-31"), (DAY_FIRST, "31.03.2026"), (MONTH_FIRST, "03/31/2026")],
        label=gettext_lazy("Days"),
    )
    credit_prefix = forms.CharField(
        max_length=10,
        label=gettext_lazy("Numbers of credit notes begin with"),
    )

    def __init__(self, data: Any, *, run: ImportRun) -> None:
        plan = plan_of(run)
        columns = run.columns or run.reading.get("guess", {})
        first = {**columns, **{name: run.reading[name] for name in SPELLED if name in run.reading}}
        super().__init__(data, initial=first)
        choices = [("", "–"), *((name, name) for name in run.header)]
        for wanted in plan.wanted:
            self.fields[wanted.key] = forms.ChoiceField(
                choices=choices,
                required=wanted.required,
                label=str(wanted.label),
                help_text=str(wanted.help),
                error_messages={"required": _("Choose the column that holds this.")},
            )
        if not plan.figures:
            for name in SPELLED:
                del self.fields[name]
        self.keys = [wanted.key for wanted in plan.wanted]

    @property
    def wanted(self) -> list[forms.BoundField]:
        """The columns, in their order."""
        return [self[key] for key in self.keys]

    @property
    def spelled(self) -> list[forms.BoundField]:
        """How the file writes things."""
        return [self[name] for name in SPELLED if name in self.fields]

    def columns(self) -> dict[str, str]:
        return {key: self.cleaned_data[key] for key in self.keys}

    def spelling(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in SPELLED if name in self.fields}
