"""What may be kept as evidence: the type is read from the content, never believed from a name. Pure."""

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass

from PIL import Image, ImageOps

LARGEST = 10 * 1024 * 1024  # bytes
WIDEST = 50_000_000  # pixels: a small file can unpack to gigabytes
IMAGES = {"JPEG": ("image/jpeg", "jpg"), "PNG": ("image/png", "png"), "WEBP": ("image/webp", "webp")}
OFFICE = {  # a part that only this kind of zip holds
    "word/document.xml": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    "xl/workbook.xml": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "ppt/presentation.xml": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
}
OLE = {"doc": "application/msword", "xls": "application/vnd.ms-excel", "wps": "application/vnd.ms-works", "et": "application/vnd.ms-excel"}
ACCEPTED = "照片（jpg、png、webp）、PDF、Word、Excel、PPT"


class Unusable(ValueError):  # noqa: N818
    """Why a file cannot be kept: a sentence for beside the field."""


@dataclass(frozen=True)
class Kept:
    """A file as it will be kept: cleaned name, type by content, bytes without position data."""

    name: str
    mime: str
    content: bytes


def kept(name: str, content: bytes) -> Kept:
    """Raises Unusable with the reason."""
    if not content:
        raise Unusable("文件是空的，请重新选择")
    if len(content) > LARGEST:
        raise Unusable(f"文件有{len(content) / 1024 / 1024:.1f}MB，最大10MB，请压缩后再传")
    stem, ending = _clean(name)
    image = _image(content)
    if image:
        mime, extension, content = image
    elif content.startswith(b"%PDF-"):
        mime, extension = "application/pdf", "pdf"
    elif content.startswith(b"PK\x03\x04"):
        mime, extension = _zipped(content)
    elif content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") and ending in OLE:
        mime, extension = OLE[ending], ending
    else:
        raise Unusable(f"认不出这个文件，可以传{ACCEPTED}")
    return Kept(f"{stem}.{extension}", mime, content)


def _clean(name: str) -> tuple[str, str]:
    """(stem, ending) without folders, control and bidirectional characters; the ending is only kept as a hint."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C")
    name = re.sub(r'[<>:"|?*;%]+', "_", name).strip(" .")
    stem, dot, ending = name.rpartition(".")
    return ((stem if dot else name)[:80] or "佐证"), (ending.lower() if dot else "")


def _image(content: bytes) -> tuple[str, str, bytes] | None:
    """(type, ending, bytes) of an image written anew, turned upright, without EXIF; None when it is no image we take."""
    try:
        with Image.open(io.BytesIO(content), formats=tuple(IMAGES)) as image:
            form = str(image.format)
            if image.width * image.height > WIDEST:
                raise Unusable(f"照片有{image.width}×{image.height}像素，太大了，请缩小后再传")
            upright = ImageOps.exif_transpose(image)
            upright.info = {}  # PNG text and XMP are written from here
            out = io.BytesIO()
            plain = upright.convert("RGB") if form == "JPEG" else upright
            plain.save(out, form, exif=b"", **({"quality": 88} if form != "PNG" else {}))
    except Unusable:
        raise
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return *IMAGES[form], out.getvalue()


def _zipped(content: bytes) -> tuple[str, str]:
    """The Office format of a zip; macros and anything else are refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        names = set()
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Unusable("文件带有宏，请另存为不带宏的格式再传")
    for part, found in OFFICE.items():
        if part in names:
            return found
    raise Unusable(f"不能传压缩包，可以传{ACCEPTED}")
