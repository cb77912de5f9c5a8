"""Photos and other files of a return: sent, opened, taken away."""

from __future__ import annotations

from io import BytesIO

from returns.models import Inspection, Sheet
from rmaproject.files.models import Attachment
from tests.web.browser import fill, text_of, version_on
from tests.web.inspecting.steps import key, png


def test_photos_of_the_form_hang_on_the_line_and_back_the_inspection(clerk, rma):
    Sheet.objects.update(photos=1)
    line = key(rma)

    missing = fill(clerk, rma, "inspect", **{f"grade_{line}": "A"})
    done = fill(clerk, rma, "inspect", **{f"grade_{line}": "A", f"photos_{line}": png()})

    assert "The sheet asks for 1 photos; 0 are named." in text_of(missing)
    assert done.status_code == 302
    photo = Attachment.objects.get()
    assert Inspection.objects.get().photos == [str(photo.uuid)]
    assert str(photo.about) == line


def photo_of(client, rma, sent, **values):
    given = {"key": sent, "about": key(rma), "file": png(), **values}
    return client.post(f"/returns/{rma.uuid}/photos/", given)


def test_a_photo_that_is_sent_again_is_kept_once_and_the_form_goes_on(clerk, rma):
    line, sent = key(rma), "6f1f3c0a-3f53-4d5c-9a53-0d1b8a7f0001"
    opened = clerk.get(f"/returns/{rma.uuid}/inspect/")

    first, again = photo_of(clerk, rma, sent), photo_of(clerk, rma, sent)

    kept = Attachment.objects.get()
    assert first.json() == again.json()
    assert (first.status_code, kept.kind, str(kept.about)) == (201, "evidence", line)
    assert str(first.json()["before"]) == version_on(opened)
    given = {
        "version": first.json()["version"],
        f"grade_{line}": "A",
        f"photo_{line}": str(kept.uuid),
        f"caption_{kept.uuid}": "Torn seam",
    }
    assert clerk.post(f"/returns/{rma.uuid}/inspect/", given).status_code == 302
    assert Inspection.objects.get().photos == [str(kept.uuid)]
    record = text_of(clerk.get(f"/returns/{rma.uuid}/lines/{line}/"))
    assert 'data-lightbox="Torn seam"' in record


def test_a_photo_is_taken_away_until_an_inspection_rests_on_it(clerk, rma):
    line = key(rma)
    loose = photo_of(clerk, rma, "6f1f3c0a-3f53-4d5c-9a53-0d1b8a7f0002").json()
    assert loose["id"] in text_of(clerk.get(f"/returns/{rma.uuid}/inspect/")), "after a reload too"
    gone = clerk.post(loose["remove_url"])
    used = photo_of(clerk, rma, "6f1f3c0a-3f53-4d5c-9a53-0d1b8a7f0003").json()
    fill(clerk, rma, "inspect", **{f"grade_{line}": "A", f"photo_{line}": used["id"]})

    stays = clerk.post(used["remove_url"])

    assert gone.status_code == 200
    assert (stays.status_code, Attachment.objects.get(deleted_at=None).uuid.hex) == (
        422,
        used["id"].replace("-", ""),
    )
    assert photo_of(clerk, rma, "no key", file="").status_code == 422


def test_a_file_is_attached_opened_and_taken_away(clerk, rma):
    path = f"/returns/{rma.uuid}/"
    clerk.post(f"{path}files/", {"file": png()})
    kept = Attachment.objects.get()

    page = text_of(clerk.get(path))
    content = clerk.get(f"{path}files/{kept.uuid}/")
    assert f'href="{path}files/{kept.uuid}/"' in page
    assert content.content.startswith(b"\x89PNG")
    assert content.headers["Content-Security-Policy"].startswith("sandbox;")

    assert clerk.post(f"{path}files/{kept.uuid}/remove/").status_code == 302
    assert clerk.get(f"{path}files/{kept.uuid}/").status_code == 404
    assert "took a file away" in text_of(clerk.get(path))


def test_what_cannot_be_attached_is_said_on_the_page(clerk, rma):
    file = BytesIO(b"MZ\x00\x01")
    file.name = "virus.png"

    answer = clerk.post(f"/returns/{rma.uuid}/files/", {"file": file})
    nothing = clerk.post(f"/returns/{rma.uuid}/files/")

    assert (answer.status_code, nothing.status_code) == (422, 422)
    assert "Only JPEG, PNG and WebP pictures" in text_of(answer)
    assert Attachment.objects.count() == 0
