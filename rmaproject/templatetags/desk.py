"""What templates need to show figures, dates, people and states in one way everywhere.

Pure presentation: no query, no rule. Values come in as Decimal, date, datetime, text, or any
object or dict with the named attributes.
"""

from __future__ import annotations

from django import template

from rmaproject.web.tags import dates, figures, forms, signs

register = template.Library()

for topic in (figures, dates, signs, forms):
    register.filters.update(topic.register.filters)
    register.tags.update(topic.register.tags)
