"""A receiver as they are out there, in a process of its own: `receiving.py PORT FILE SEED`.

It answers well, fails, is slow, hangs, hangs up, or redirects into its own network, by chance; what
it has taken with a 2xx it has written to the file first, and what it was redirected to as well.
"""

from __future__ import annotations

import random
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

MOODS = ["well"] * 5 + ["fails", "hangs", "late", "redirects", "hangs up", "taken, then silent"]


class Handler(BaseHTTPRequestHandler):
    kept: Path
    luck: random.Random

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        mood = self.luck.choice(MOODS)
        if mood == "redirects":
            return self.answer(307, Location=f"http://127.0.0.1:{self.server.server_port}/inside")  # type: ignore[attr-defined]
        if mood == "fails":
            return self.answer(500)
        if mood == "hangs up":
            return self.connection.close()
        if mood == "hangs":
            return time.sleep(3)
        if mood == "late":
            time.sleep(0.4)
        self.keep(f"{self.path} {self.headers['webhook-id']} {body}")
        if mood == "taken, then silent":
            return self.connection.close()
        return self.answer(204)

    def do_GET(self) -> None:
        self.keep(f"/inside - {self.path}")
        self.answer(204)

    def keep(self, line: str) -> None:
        with self.kept.open("a") as file:
            file.write(line + "\n")

    def answer(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Nothing: the file tells."""


if __name__ == "__main__":
    port, kept, seed = sys.argv[1:]
    Handler.kept, Handler.luck = Path(kept), random.Random(seed)  # noqa: S311
    ThreadingHTTPServer(("127.0.0.1", int(port)), Handler).serve_forever()
