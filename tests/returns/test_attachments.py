"""Files on a return: only what is harmless is kept, and nothing that a picture hides."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from returns.models import ReturnOrder
from returns.services import attach_file, remove_file
from rmaproject.access.actors import SYSTEM
from rmaproject.audit.models import AuditEntry
from rmaproject.files.models import Attachment
from rmaproject.files.services import content_of
from rmaproject.shared.errors import NotFound, RuleViolation
from tests.changes import picture
from tests.factories import ask_return, goods, sell


@pytest.fixture
def rma(business, bo) -> ReturnOrder:
    return ask_return(sell(business, bo, goods("TENT", "3", "50.00")), "1")


def image(kind: str = "JPEG", size: tuple[int, int] = (8, 4), **options: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "red").save(out, format=kind, **options)
    return out.getvalue()


def located() -> bytes:
    exif = Image.Exif()
    exif[Base.Make.value] = "Secret camera"
    exif[Base.Orientation.value] = 6
    return image(exif=exif)


def refused(action: Any, kind: type[Any] = RuleViolation) -> Any:
    before = picture()
    with pytest.raises(kind) as refusal:
        action()
    assert picture() == before
    return refusal.value


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (image("JPEG"), "image/jpeg"),
        (image("PNG"), "image/png"),
        (image("WEBP"), "image/webp"),
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"Dear all", "text/plain"),
    ],
)
def test_a_file_is_what_is_in_it_whatever_its_name_says(rma, content, kind):
    kept = attach_file(rma.pk, "page.html", content, actor=SYSTEM)

    assert (kept.name, kept.content_type) == ("page.html", kind)
    assert "page" not in kept.stored
    assert default_storage.exists(kept.stored)
    assert kept.size == len(content_of(kept))


def test_a_picture_loses_what_it_hid_and_stands_upright(rma):
    content = located() + b"<script>alert(1)</script>"

    kept = attach_file(rma.pk, "a.jpg", content, actor=SYSTEM)

    clean = content_of(kept)
    assert b"Secret camera" not in clean
    assert b"<script>" not in clean
    with Image.open(BytesIO(clean)) as shown:
        assert dict(shown.getexif()) == {}
        assert shown.size == (4, 8)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_does_not_tell_where_it_was_taken(rma, kind):
    exif = Image.Exif()
    place = exif.get_ifd(IFD.GPSInfo)
    place[GPS.GPSLatitudeRef.value], place[GPS.GPSLatitude.value] = "N", (52.0, 22.0, 3.0)
    exif[IFD.GPSInfo.value] = place
    content = image(kind, exif=exif)
    with Image.open(BytesIO(content)) as sent:
        assert sent.getexif().get_ifd(IFD.GPSInfo), "the place is in what was sent"

    kept = attach_file(rma.pk, "seam.jpg", content, actor=SYSTEM)

    with Image.open(BytesIO(content_of(kept))) as shown:
        assert dict(shown.getexif().get_ifd(IFD.GPSInfo)) == {}
        assert dict(shown.getexif()) == {}
        assert not {"exif", "xmp", "comment"} & set(shown.info)


def test_of_a_camera_s_double_picture_the_first_is_kept(rma):
    out = BytesIO()
    second = [Image.new("RGB", (8, 4), "blue")]
    Image.new("RGB", (8, 4), "red").save(out, format="MPO", save_all=True, append_images=second)

    kept = attach_file(rma.pk, "seam.jpg", out.getvalue(), actor=SYSTEM)

    with Image.open(BytesIO(content_of(kept))) as shown:
        assert (kept.content_type, shown.format) == ("image/jpeg", "JPEG")
        assert shown.getpixel((0, 0)) == pytest.approx((254, 0, 0), abs=3)


def test_a_file_sent_again_under_its_key_is_kept_once(rma):
    key = uuid4()

    first = attach_file(rma.pk, "a.txt", b"Dear all", key=key, actor=SYSTEM)
    again = attach_file(rma.pk, "a.txt", b"Dear all", key=key, actor=SYSTEM)

    assert first == again
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"MZ\x90\x00\x03", "unknown_file_type"),
        (b"\xff\xfe\xfd", "unknown_file_type"),
        (image()[:40], "broken_image"),
        (b"\x89PNG\r\n\x1a\nnothing", "broken_image"),
    ],
)
def test_what_is_no_picture_pdf_or_text_is_refused(rma, content, code):
    refusal = refused(lambda: attach_file(rma.pk, "a", content, actor=SYSTEM))

    assert (refusal.code, refusal.pointer) == (code, "/file")


def test_a_file_is_no_larger_than_the_settings_say(rma, settings):
    settings.MAX_FILE_BYTES = 10

    refusal = refused(lambda: attach_file(rma.pk, "a", b"12345678901", actor=SYSTEM))

    assert (refusal.code, refusal.facts) == ("file_too_large", {"size": 11, "most": 10})


def test_a_picture_that_would_fill_the_memory_is_refused_unread(rma, settings):
    settings.MAX_IMAGE_PIXELS = 1_000_000

    content = image("PNG", (1001, 1000))
    refusal = refused(lambda: attach_file(rma.pk, "a", content, actor=SYSTEM))

    assert (refusal.code, refusal.facts) == ("image_too_large", {"most": 1})


def test_a_return_holds_so_many_files(rma, settings):
    settings.MAX_FILES_PER_RECORD = 1
    kept = attach_file(rma.pk, "a", b"first", actor=SYSTEM)

    refusal = refused(lambda: attach_file(rma.pk, "a", b"second", actor=SYSTEM))
    remove_file(rma.pk, kept.uuid, actor=SYSTEM)
    attach_file(rma.pk, "a", b"third", actor=SYSTEM)

    assert (refusal.code, refusal.facts) == ("too_many_files", {"most": 1})


def test_a_file_may_hang_on_a_line_of_the_return_and_of_no_other(rma, business, bo):
    other = ask_return(sell(business, bo, goods("PEG", "1")))
    line = rma.lines.get().uuid

    kept = attach_file(rma.pk, "a", b"words", about=line, actor=SYSTEM)

    assert kept.about == line
    about = other.lines.get().uuid
    refusal = refused(
        lambda: attach_file(rma.pk, "a", b"words", about=about, actor=SYSTEM), NotFound
    )
    assert refusal.pointer == "/about"


def test_the_trail_knows_of_a_file_without_its_name(rma, django_capture_on_commit_callbacks):
    kept = attach_file(rma.pk, "../../Bo Jansen\r\n.txt", b"words", actor=SYSTEM)
    with django_capture_on_commit_callbacks(execute=True):
        remove_file(rma.pk, kept.uuid, actor=SYSTEM)

    assert kept.name == "Bo Jansen.txt"
    entries = AuditEntry.objects.filter(aggregate_id=rma.uuid).order_by("n")
    assert [entry.verb for entry in entries] == ["create", "attach", "detach"]
    for entry in entries[1:]:
        assert entry.facts["attachment"] == str(kept.uuid)
        assert "Jansen" not in str(entry.facts)
    row = Attachment.objects.get()
    assert row.deleted_at is not None
    assert not default_storage.exists(row.stored)


def test_a_file_is_taken_away_once(rma):
    kept = attach_file(rma.pk, "a", b"words", actor=SYSTEM)
    remove_file(rma.pk, kept.uuid, actor=SYSTEM)

    assert refused(lambda: remove_file(rma.pk, kept.uuid, actor=SYSTEM), NotFound)
