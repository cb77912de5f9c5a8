"""Words within a sentence, and the labels of verbs for gettext to find."""

from __future__ import annotations

from typing import Final

from django.utils.translation import get_language, pgettext_lazy


def within(text: object) -> str:
    """A label as it stands within a sentence: small in English; other languages know better."""
    words = str(text)
    small = (get_language() or "en").startswith("en")
    return words[:1].lower() + words[1:] if small else words


#: The labels of the tables of verbs, told from states and papers of the same name.
VERB_LABELS: Final = (
    pgettext_lazy("verb", "Allocate stock"),
    pgettext_lazy("verb", "Approve"),
    pgettext_lazy("verb", "Ask the gateway"),
    pgettext_lazy("verb", "Book credit"),
    pgettext_lazy("verb", "Cancel"),
    pgettext_lazy("verb", "Change"),
    pgettext_lazy("verb", "Charge"),
    pgettext_lazy("verb", "Complete"),
    pgettext_lazy("verb", "Confirm as paid"),
    pgettext_lazy("verb", "Decide goods"),
    pgettext_lazy("verb", "Delete"),
    pgettext_lazy("verb", "Edit"),
    pgettext_lazy("verb", "Hold"),
    pgettext_lazy("verb", "Inspect goods"),
    pgettext_lazy("verb", "Invoice"),
    pgettext_lazy("verb", "Issue"),
    pgettext_lazy("verb", "Mark as failed"),
    pgettext_lazy("verb", "Match to a sale"),
    pgettext_lazy("verb", "Pay"),
    pgettext_lazy("verb", "Receive goods"),
    pgettext_lazy("verb", "Reject"),
    pgettext_lazy("verb", "Release"),
    pgettext_lazy("verb", "Reopen"),
    pgettext_lazy("verb", "Replace"),
    pgettext_lazy("verb", "Resume"),
    pgettext_lazy("verb", "Send back"),
    pgettext_lazy("verb", "Set bank details"),
    pgettext_lazy("verb", "Ship"),
    pgettext_lazy("verb", "Try again"),
    pgettext_lazy("verb", "Waive"),
)
