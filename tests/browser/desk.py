"""A person at the desk: a page in a browser that is logged in, and what must hold on every page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

AXE: Final = Axe()
#: All that axe knows of WCAG 2.2 AA.
RULES: Final = ("tag", ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
#: What another theme can change: colours, and nothing else.
RULES_OF_COLOUR: Final = ("rule", ["color-contrast", "link-in-text-block"])
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
#: A theme is there when it was painted and no colour is on its way any more.
SETTLED: Final = """
async () => {
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
}
"""
#: What htmx says of a part that was on its way when its page was left.
LEFT_BEHIND: Final = ("htmx:sendAbort", "htmx:afterRequest")
#: Collected in the page before anything of it runs, so that no report can be missed.
LISTEN: Final = """
window.cspReports = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.cspReports.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
});
"""


@dataclass
class Desk:
    """One logged-in browser window with everything that went wrong in it."""

    context: BrowserContext
    page: Page
    url: str
    user: Any
    problems: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to an address of the desk."""
        self.page.goto(self.url + path)
        return self.page

    def expects(self, *words: str) -> None:
        """Forget the console's lines with these words: the test provoked them."""
        self.problems[:] = [
            line for line in self.problems if not any(word in line for word in words)
        ]


def watch(desk: Desk) -> None:
    """Note errors of scripts, lines of the console, and requests to anybody else."""
    page, problems = desk.page, desk.problems
    page.add_init_script(LISTEN)
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    page.on(
        "console",
        lambda line: (
            problems.append(f"console: {line.text}")
            if line.type == "error" and not line.text.startswith(LEFT_BEHIND)
            else None
        ),
    )
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((desk.url, "data:", "blob:"))
            else problems.append(f"another origin: {request.url}")
        ),
    )


def violations(page: Page, rules: tuple[str, list[str]] = RULES) -> list[str]:
    """What axe finds on the page as it stands, one line for each node."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    kind, values = rules
    options = {"runOnly": {"type": kind, "values": values}, "resultTypes": ["violations"]}
    found = page.evaluate("(options) => axe.run(options)", options)["violations"]
    return [
        f"{row['id']}: {node['target']} {node['failureSummary']}"
        for row in found
        for node in row["nodes"]
    ]


def dress(page: Page, scheme: Literal["light", "dark"]) -> None:
    """Show the page in this theme, and wait until its colours have arrived."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.evaluate(SETTLED)


def assert_accessible(page: Page) -> None:
    """No violation of WCAG 2.2 AA that axe can see, in light and in dark."""
    dress(page, "light")
    assert violations(page) == [], f"{page.url} in light"
    dress(page, "dark")
    assert violations(page, RULES_OF_COLOUR) == [], f"{page.url} in dark"
    dress(page, "light")


def assert_fits(page: Page) -> None:
    """Nothing sticks out sideways; wide tables scroll in a frame of their own."""
    wide, room = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide <= room, f"{page.url} is {wide} px wide where {room} px are there"
