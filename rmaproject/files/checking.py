"""What an uploaded file really is; pictures are decoded and written anew, without what they hid."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from rmaproject.files.models import ContentType
from rmaproject.shared.errors import RuleViolation

#: Pillow's name of a format and how it is written again.
PICTURES: Final[dict[str, tuple[ContentType, dict[str, Any]]]] = {
    "JPEG": (ContentType.JPEG, {"quality": 90}),
    "PNG": (ContentType.PNG, {"optimize": False}),
    "WEBP": (ContentType.WEBP, {"quality": 90}),
}
MAX_LINK: Final = 2000
MAX_NAME: Final = 200
#: Control characters, and signs that turn the direction of writing: a name must read as it is.
_TURNING: Final = (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_CONTROL: Final = dict.fromkeys((*range(32), *range(127, 160), *_TURNING))


@dataclass(frozen=True)
class Checked:
    """A file as it will be kept."""

    name: str
    content_type: ContentType
    content: bytes
    link: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def checked_link(address: str) -> Checked:
    """A link as it may be kept: a list with one address. Raises RuleViolation `invalid_link`."""
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError as error:
        message = _("A link is the address of a page: http:// or https://.")
        raise RuleViolation(message, code="invalid_link", pointer="/link") from error
    if len(address) > MAX_LINK:
        message = _("A link has at most %(max_link)s characters.") % {"max_link": MAX_LINK}
        raise RuleViolation(message, code="invalid_link", pointer="/link")
    return Checked(address[:MAX_NAME], ContentType.LINK, f"{address}\r\n".encode(), address)


def checked(name: str, content: bytes) -> Checked:
    """The file as it may be kept, by what is in it, whatever its name says.

    Raises RuleViolation `file_too_large`, `empty_file`, `unknown_file_type`, `broken_image`,
    `image_too_large`.
    """
    if not content:
        raise RuleViolation(_("The file is empty."), code="empty_file", pointer="/file")
    most = settings.MAX_FILE_BYTES
    if len(content) > most:
        message = _("A file has at most %(most)s MB.") % {"most": most // (1024 * 1024)}
        facts = {"size": len(content), "most": most}
        raise RuleViolation(message, code="file_too_large", pointer="/file", **facts)
    shown = shown_name(name)
    if content.startswith(b"%PDF-"):
        return Checked(shown, ContentType.PDF, content)
    if content[:3] == b"\xff\xd8\xff" or content[:8] == b"\x89PNG\r\n\x1a\n" or _is_webp(content):
        kind, clean = _rewritten(content)
        return Checked(shown, kind, clean)
    if _is_text(content):
        return Checked(shown, ContentType.TEXT, content)
    message = _("Only JPEG, PNG and WebP pictures, PDF and plain text are kept.")
    raise RuleViolation(message, code="unknown_file_type", pointer="/file")


def shown_name(name: str) -> str:
    """The user's name for the file, without folders and without what would not be seen."""
    last = PurePosixPath(name.replace("\\", "/")).name.translate(_CONTROL).strip()
    return last[-200:] or "file"


def _is_webp(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def _is_text(content: bytes) -> bool:
    if b"\x00" in content:
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _rewritten(content: bytes) -> tuple[ContentType, bytes]:
    """The picture alone: upright, without EXIF, comments and what was appended to it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(BytesIO(content), formats=list(PICTURES))
            _require_few_pixels(image)
            # A camera's JPEG with a second picture in it is called MPO; the first one is kept.
            called = "JPEG" if image.format == "MPO" else str(image.format)
            kind, options = PICTURES[called]
            clean: Image.Image = ImageOps.exif_transpose(image)
            clean.info = {}
            out = BytesIO()
            clean.save(out, format=called, **options)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        message = _("The picture cannot be read.")
        raise RuleViolation(message, code="broken_image", pointer="/file") from error
    return kind, out.getvalue()


def _require_few_pixels(image: Image.Image) -> None:
    if image.width * image.height > settings.MAX_IMAGE_PIXELS:
        raise _too_many_pixels()


def _too_many_pixels() -> RuleViolation:
    most = settings.MAX_IMAGE_PIXELS // 1_000_000
    message = _("A picture has at most %(most)s million pixels.") % {"most": most}
    return RuleViolation(message, code="image_too_large", pointer="/file", most=most)
