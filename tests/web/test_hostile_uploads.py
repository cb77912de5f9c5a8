"""Files that are no pictures, too large, empty, many, or named to deceive."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from rmaproject.files.models import Attachment
from tests.factories import ask_return
from tests.web.browser import text_of

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


@pytest.fixture
def order(tents):
    return ask_return(tents, issued=True)


def file(name, content, kind="image/jpeg"):
    return SimpleUploadedFile(name, content, kind)


def photo(color="teal"):
    out = BytesIO()
    Image.new("RGB", (8, 4), color).save(out, format="JPEG")
    return out.getvalue()


def attach(clerk, order, *files, **told):
    return clerk.post(f"/returns/{order.uuid}/files/", {"file": list(files), **told})


def key_on(answer):
    return re.search(r'name="key" value="([^"]+)"', text_of(answer))[1]


def names():
    return list(Attachment.objects.order_by("pk").values_list("name", flat=True))


def test_a_page_or_a_drawing_is_kept_as_text_alone_and_never_runs(clerk, order):
    answer = attach(clerk, order, file("photo.svg", SVG), file("photo.html", HTML))

    assert answer.status_code == 302
    assert {row.content_type for row in Attachment.objects.all()} == {"text/plain"}
    for kept in Attachment.objects.all():
        shown = clerk.get(f"/returns/{order.uuid}/files/{kept.uuid}/")
        assert shown.headers["Content-Type"].startswith("text/plain")
        assert shown.headers["Content-Disposition"].startswith("attachment")
        assert shown.headers["Content-Security-Policy"].startswith("sandbox;")
        assert shown.headers["X-Content-Type-Options"] == "nosniff"


def test_of_forty_files_those_are_kept_that_can_be_and_the_others_are_named(clerk, order):
    good = [file(f"{n}.jpg", photo((n, n, n))) for n in range(37)]
    bad = [file("a.exe", b"MZ\x00\x01"), file("b.bin", b"\x00"), file("empty.jpg", b"")]

    answer = attach(clerk, order, *good[:20], *bad, *good[20:])

    assert answer.status_code == 422
    assert "a.exe, b.bin: Only JPEG, PNG and WebP pictures" in text_of(answer)
    assert "empty.jpg: The file is empty." in text_of(answer)
    assert names() == [f"{n}.jpg" for n in range(37)]


def test_a_file_that_is_too_large_is_refused_with_the_figure(clerk, order):
    answer = attach(clerk, order, file("film.jpg", b"\xff\xd8\xff" + b"x" * 20 * 1024 * 1024))

    assert answer.status_code == 422
    assert "film.jpg: A file has at most 10 MB." in text_of(answer)
    assert names() == []


def test_a_form_that_is_sent_again_keeps_each_file_once(clerk, order):
    key = key_on(clerk.get(f"/returns/{order.uuid}/"))

    first = attach(clerk, order, file("a.jpg", photo()), file("b.exe", b"MZ\x00"), key=key)
    again = attach(clerk, order, file("a.jpg", photo()), file("c.jpg", photo("red")), key=key)

    assert key_on(first) == key, "a form that is shown again keeps its key"
    assert again.status_code == 302
    assert names() == ["a.jpg", "c.jpg"]


def test_without_a_common_key_the_file_hangs_there_twice(clerk, order):
    """The control: it is the key that prevents it; a new form means it."""
    for _ in range(2):
        key = key_on(clerk.get(f"/returns/{order.uuid}/"))
        attach(clerk, order, file("a.jpg", photo()), key=key)

    assert names() == ["a.jpg", "a.jpg"]


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\Users\\bo\\tent.jpg", "tent.jpg"),
        ("tent\u202egpj.exe", "tentgpj.exe"),
        ("<b>\"'.jpg", "<b>\"'.jpg"),
        ("x" * 300 + ".jpg", "x" * 196 + ".jpg"),
    ],
)
def test_a_name_reads_as_it_is_and_leads_nowhere(clerk, order, told, shown):
    sent = {"file": file("a.jpg", photo())}
    sent["file"]._name = told

    answer = clerk.post(f"/returns/{order.uuid}/photos/", sent)
    kept = Attachment.objects.get()
    page = text_of(clerk.get(f"/returns/{order.uuid}/"))
    content = clerk.get(f"/returns/{order.uuid}/files/{kept.uuid}/")

    assert answer.status_code == 201
    assert kept.name == shown
    assert re.fullmatch(r"attachments/[0-9a-f]{2}/[0-9a-f]{32}\.jpg", kept.stored)
    assert "<b>\"'.jpg" not in page
    assert content.status_code == 200


def test_a_photo_that_is_none_is_refused_with_a_sentence(clerk, order):
    for content in (b"", b"\xff\xd8\xff broken", b"MZ\x00"):
        answer = clerk.post(f"/returns/{order.uuid}/photos/", {"file": file("a.jpg", content)})
        assert answer.status_code == 422
        assert answer.json()["problem"].endswith((".", "kept."))
    assert names() == []
