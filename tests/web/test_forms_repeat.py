"""No form of the desk can do something twice: each carries a key or a version, or says why not."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "templates"
#: What makes a repeat harmless: a key, a version, or that sending again changes nothing more.
SAFE = re.compile(r"\{% (once|carried) |\{% once %\}|name=\"(once|version)\"|data-again")
#: Forms whose repeat does nothing, or that only show something.
HARMLESS = {
    "consent.html": "each answer goes to the application once, by its own state",
    "login.html": "who is logged in is sent on",
    "me.html": "the same password cannot be changed from the old one twice",
    "partials/_nav.html": "logging out",
    "partials/_shell.html": "logging in again",
    "partials/_theme.html": "the same theme",
    "refunds/detail.html": "shows an account; each look is written down",
    "returns/_files.html": "a file is kept once for each form; one that is gone is gone",
    "access/_tokens.html": "revoked once",
    "access/_applications.html": "revoked once",
    "imports/_run.html": "an import begins, stops and is thrown away once, by its state",
    "imports/columns.html": "the same columns; what has begun is read no other way",
    "imports/take_back.html": "taken back once, by the state of the import",
    "jobs/_progress.html": "a job is stopped, undone or taken up again once, by its state",
    "lists/_columns.html": "the same columns",
    "lists/_export.html": "the same file",
    "lists/_list.html": "a plan, which does nothing before it is started",
    "lists/_strip.html": "undone once, by the state of the job",
    "refunds/credit.html": "a plan, which does nothing before it is started",
    "lists/plan.html": "started once, by the state of the job",
    "notices/list.html": "read is read",
    "returns/_count_actions.html": "a count that is parked is parked",
    "returns/_count_carton.html": "the same carton",
    "returns/_count_last.html": "an answered question is gone",
    "returns/_count_log.html": "each scan has a key of its own",
    "returns/_count_step.html": "each step has a key of its own",
    "returns/_print.html": "each print is written down",
    "returns/_scan_box.html": "each scan has a key of its own",
    "returns/slips.html": "each print is written down",
    "returns/sheet.html": "a grade has the samples that it has",
    "set_password.html": "a link works once",
    "settings/demo.html": "there is one demo",
    "settings/general.html": "switched on or off",
    "settings/role.html": "the same rights, the same name",
    "settings/sight.html": "withdrawn is withdrawn",
    "settings/user.html": "a link works once and ends",
    "webhook.html": "a second test or replay is what was asked for",
}


def test_every_form_that_posts_can_be_sent_again():
    unsafe = []
    for file in sorted(FOLDER.rglob("*.html")):
        name = file.relative_to(FOLDER).as_posix()
        text = file.read_text()
        forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", text, re.DOTALL)
        if name not in HARMLESS and not all(SAFE.search(form) for form in forms):
            unsafe.append(name)

    assert unsafe == []
