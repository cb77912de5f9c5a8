"""Fields that an administrator adds to returns and their lines, and what was written into them."""

from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from returns.models.line import ReturnLine
from returns.models.order import ReturnOrder
from rmaproject.audit.models import Aggregate
from rmaproject.shared.db import TRIGGER_REFUSALS
from rmaproject.shared.errors import Conflict, RuleViolation
from rmaproject.shared.fields import known_choice

CODE_PATTERN = r"^[a-z0-9_]{1,40}$"

TRIGGER_REFUSALS["customfield_is_what_it_was"] = (
    Conflict,
    "field_in_use",
    "What a field belongs to and what kind it is stays; make another field.",
)
TRIGGER_REFUSALS["customvalue_fits_its_field"] = (
    RuleViolation,
    "invalid_custom",
    "A value fits the kind of its field, and the return or line that the field is for.",
)


class Target(models.TextChoices):
    """What a field is added to."""

    RETURN = "return", _("Return")
    LINE = "line", _("Line")


class FieldKind(models.TextChoices):
    """What can be written into a field."""

    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    BOOLEAN = "boolean", _("Yes or no")
    CHOICE = "choice", _("Choice")


#: The column of a value that holds what was written, by the kind of its field.
COLUMNS = {
    FieldKind.TEXT: "text",
    FieldKind.CHOICE: "text",
    FieldKind.NUMBER: "number",
    FieldKind.DATE: "date",
    FieldKind.BOOLEAN: "boolean",
}


class CustomField(Aggregate):
    """A field of this installation; target, code and kind stay as they were made."""

    target = models.CharField(max_length=10, choices=Target)
    code = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=FieldKind)
    choices: Any = models.JSONField(default=list, blank=True)
    required = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                F("target"),
                Lower("code"),
                name="customfield_code_unique_per_target",
                violation_error_code="code_exists",
                violation_error_message=gettext_noop(
                    "Another field of returns, or of lines, has this code."
                ),
            ),
            models.CheckConstraint(
                condition=Q(code__regex=CODE_PATTERN),
                name="customfield_code_is_a_plain_word",
                violation_error_code="invalid_code",
                violation_error_message=gettext_noop("A code has 1 to 40 of a to z, 0 to 9 and _."),
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="customfield_has_a_name",
                violation_error_code="name_missing",
                violation_error_message=gettext_noop("A field has a name."),
            ),
            known_choice(
                "customfield_target_known",
                "target",
                Target,
                "A field belongs to returns or to their lines.",
            ),
            known_choice("customfield_kind_known", "kind", FieldKind, "A field has a known kind."),
            models.CheckConstraint(
                condition=Q(kind=FieldKind.CHOICE) & ~Q(choices=[])
                | ~Q(kind=FieldKind.CHOICE) & Q(choices=[]),
                name="customfield_a_choice_has_choices",
                violation_error_code="invalid_choices",
                violation_error_message=gettext_noop(
                    "A choice has something to choose; other kinds have not."
                ),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="stays",
                operation=pgtrigger.UpdateOf("target", "code", "kind"),
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "NEW.target <> OLD.target OR NEW.code <> OLD.code OR NEW.kind <> OLD.kind"
                ),
                func="""
                RAISE EXCEPTION 'A field stays what it was.' USING ERRCODE = 'check_violation',
                    CONSTRAINT = 'customfield_is_what_it_was';
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CustomValue(models.Model):
    """What was written into a field of one return, or of one of its lines."""

    field = models.ForeignKey(CustomField, models.PROTECT, related_name="values")
    kind = models.CharField(max_length=10, choices=FieldKind)
    return_order = models.ForeignKey(ReturnOrder, models.PROTECT, related_name="custom_values")
    line = models.ForeignKey(ReturnLine, models.PROTECT, null=True, related_name="custom_values")
    text = models.CharField(max_length=500, null=True)  # noqa: DJ001 NULL is another kind
    number = models.DecimalField(max_digits=19, decimal_places=6, null=True)
    date = models.DateField(null=True)
    boolean = models.BooleanField(null=True)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["field", "return_order", "line"],
                nulls_distinct=False,
                name="customvalue_once_per_field",
                violation_error_code="concurrent_change",
                violation_error_message=gettext_noop(
                    "Somebody else filled the field at the same moment."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("text", "choice"), text__isnull=False)
                & ~Q(text="")
                & Q(number=None, date=None, boolean=None)
                | Q(kind="number", number__isnull=False, text=None, date=None, boolean=None)
                | Q(kind="date", date__isnull=False, text=None, number=None, boolean=None)
                | Q(kind="boolean", boolean__isnull=False, text=None, number=None, date=None),
                name="customvalue_holds_what_its_kind_says",
                violation_error_code="invalid_custom",
                violation_error_message=gettext_noop(
                    "A value is a text, a number, a date or yes or no."
                ),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                F("field"), Upper("text"), name="customvalue_by_text", condition=~Q(text=None)
            ),
            models.Index(
                fields=["field", "number"],
                name="customvalue_by_number",
                condition=~Q(number=None),
            ),
            models.Index(
                fields=["field", "date"], name="customvalue_by_date", condition=~Q(date=None)
            ),
            models.Index(
                fields=["field", "boolean"],
                name="customvalue_by_boolean",
                condition=~Q(boolean=None),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="fits",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                IF NOT EXISTS (
                    SELECT 1 FROM returns_customfield f WHERE f.id = NEW.field_id
                    AND f.kind = NEW.kind AND (f.target = 'line') = (NEW.line_id IS NOT NULL)
                    AND (NEW.line_id IS NULL OR EXISTS (SELECT 1 FROM returns_returnline l
                        WHERE l.id = NEW.line_id AND l.return_order_id = NEW.return_order_id)))
                THEN RAISE EXCEPTION 'The value does not fit its field.'
                    USING ERRCODE = 'check_violation',
                    CONSTRAINT = 'customvalue_fits_its_field';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    @property
    def content(self) -> Any:
        """What was written, as a text, a decimal, a date or a truth."""
        return getattr(self, COLUMNS[FieldKind(self.kind)])
