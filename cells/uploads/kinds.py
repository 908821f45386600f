"""The table of file types. What a file is follows from its content; its name only has to agree."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

OFFICE = "application/vnd.openxmlformats-officedocument"
MB = 1024 * 1024


@dataclass(frozen=True)
class FileKind:
    label: str
    content_type: str
    extensions: tuple[str, ...]  # the first is given to files that bear none of them
    most_bytes: int = 0  # 0: served, but never taken in


PDF = FileKind("PDF", "application/pdf", (".pdf",), 20 * MB)
WORD = FileKind("Word", f"{OFFICE}.wordprocessingml.document", (".docx",), 20 * MB)
SLIDES = FileKind("PowerPoint", f"{OFFICE}.presentationml.presentation", (".pptx",), 20 * MB)
JPEG = FileKind(_("ảnh"), "image/jpeg", (".jpg", ".jpeg"), 10 * MB)
PNG = FileKind(_("ảnh"), "image/png", (".png",), 10 * MB)
EXCEL = FileKind("Excel", f"{OFFICE}.spreadsheetml.sheet", (".xlsx",))
OLD_WORD = FileKind("Word", "application/msword", (".doc",))
OLD_SLIDES = FileKind("PowerPoint", "application/vnd.ms-powerpoint", (".ppt",))
UNKNOWN = FileKind(_("tệp"), "application/octet-stream", (".bin",))

KINDS = {kind.content_type: kind for kind in (PDF, WORD, SLIDES, JPEG, PNG, EXCEL, OLD_WORD, OLD_SLIDES)}

PICTURES = (JPEG, PNG)
SCANS = (PDF, *PICTURES)
PAPERS = (PDF, WORD, SLIDES, *PICTURES)


def kind_of(file) -> FileKind:
    return KINDS.get(file.content_type, UNKNOWN)


def kind_named(name: str, allowed: tuple[FileKind, ...]) -> FileKind | None:
    """Which of these kinds a file of this name claims to be."""
    return next((kind for kind in allowed if name.lower().endswith(kind.extensions)), None)


def extensions_of(allowed: tuple[FileKind, ...]) -> list[str]:
    return [extension for kind in allowed for extension in kind.extensions]
