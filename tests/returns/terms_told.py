"""Rules for returns in tests that are about money and not about policies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from returns.services import crediting, extras, paying_out
from returns.terms import LineTerms, ReturnTerms

Ruling = Callable[..., None]


@pytest.fixture
def ruling(monkeypatch: pytest.MonkeyPatch) -> Ruling:
    """Says what the rules are from now on, in the words of their terms."""

    def rule(**values: Any) -> None:
        fee = {"fee_percent": values.pop("fee_percent")} if "fee_percent" in values else {}
        of_line, of_return = LineTerms(**fee), replace(ReturnTerms(), **values)
        monkeypatch.setattr(crediting, "line_terms", lambda order, line: of_line)
        monkeypatch.setattr(paying_out, "return_terms", lambda order: of_return)
        monkeypatch.setattr(extras, "return_terms", lambda order: of_return)

    return rule
