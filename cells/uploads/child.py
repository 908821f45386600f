"""Runs as a script of its own, with little memory and time, on an upload nobody has looked into yet.

Takes the bytes on standard input and the content type that the name claims as argument; checks that the content is
that and bears nothing active (reliability.md R7), and answers with one JSON line: {"refused": reason}, or {"text": …}
with all its words. Of a picture it goes on with the same picture drawn anew, without what a camera wrote beside it.
Nothing is written to a disk, and nothing of ours is imported.
"""

import io
import json
import re
import resource
import sys
import zipfile
from xml.parsers import expat

MEMORY = 1024 * 1024 * 1024
SECONDS = 40
MOST_ENTRIES = 1000  # a presentation has a part for each picture and layout
MOST_BYTES = 50 * 1024 * 1024
SUSPICIOUS_RATIO = 100
SMALL = 1024 * 1024
BLOCK = 256 * 1024
MOST_TEXT = 4_000_000  # characters
MOST_PAGES = 600
MOST_OBJECTS = 200_000
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 2400  # pixels: a sheet of paper stays legible
QUALITY = 82

OFFICE = "application/vnd.openxmlformats-officedocument"
MAIN_PARTS = {
    f"{OFFICE}.wordprocessingml.document": "word/document.xml",
    f"{OFFICE}.presentationml.presentation": "ppt/presentation.xml",
}
# Paths inside the archive that hold programs or whole other files.
ACTIVE_PARTS = re.compile(r"vbaproject\.bin$|vbadata\.xml$|/activex/|/embeddings/|/customui/|\.(?:exe|dll|js|vbs|bat)$")
ACTIVE_KEYS = {
    *("/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/RichMedia", "/XFA", "/SubmitForm"),
    *("/ImportData", "/GoToE", "/GoToR", "/Rendition", "/Movie", "/Sound"),
}
PARAGRAPHS = {"p", "br", "tab", "cr"}
MARKUP = re.compile(rb"<\s*(?:!doctype\s+html|html|script|svg|body|iframe)\b", re.IGNORECASE)


class Refused(Exception):
    """The file is not taken; the argument is a reason of `cells.uploads.inspecting.REFUSALS`."""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        answer, picture = look_into(sys.stdin.buffer.read(), sys.argv[1])
    except Refused as refusal:
        answer, picture = {"refused": refusal.args[0]}, b""
    except (MemoryError, RecursionError):
        answer, picture = {"refused": "too_large"}, b""
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + picture)


def look_into(content: bytes, content_type: str) -> tuple[dict, bytes]:
    if content_type == "application/pdf":
        return pdf(content), b""
    if content_type in MAIN_PARTS:
        return office(content, MAIN_PARTS[content_type]), b""
    return picture(content, content_type)


# PDF


def pdf(content: bytes) -> dict:
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise Refused("other_type")
    if MARKUP.search(content[:1024]) or zipfile.is_zipfile(io.BytesIO(content)):
        raise Refused("two_types")
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise Refused("encrypted")
        refuse_active(reader)
        if len(reader.pages) > MOST_PAGES:
            raise Refused("too_large")
        texts = [*map(str, (reader.metadata or {}).values())]
        is_legible = True
        for page in reader.pages:
            words = page.extract_text()
            is_legible = is_legible and bool(words.strip())
            texts += [words, *notes_of(page)]
    except Refused:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, AssertionError) as error:
        raise Refused("damaged") from error
    return {"text": joined(texts), "is_legible": is_legible}


def refuse_active(reader) -> None:
    """Looks at every object of the file, not only at those that a page leads to."""
    from pypdf.generic import IndirectObject

    numbers = {(number, generation) for generation, found in reader.xref.items() for number in found}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    if len(numbers) > MOST_OBJECTS:
        raise Refused("too_large")
    refuse_active_keys(reader.trailer)
    for number, generation in sorted(numbers):
        refuse_active_keys(reader.get_object(IndirectObject(number, generation, reader)))


def refuse_active_keys(found) -> None:
    from pypdf.generic import ArrayObject, DictionaryObject

    waiting = [found]
    while waiting:
        value = waiting.pop()
        if isinstance(value, DictionaryObject):
            names = {*value, *(str(value.raw_get(key)) for key in ("/S", "/Subtype", "/Type") if key in value)}
            if names & ACTIVE_KEYS or opens_something(value):
                raise Refused("active")
            waiting += [value.raw_get(key) for key in value]
        elif isinstance(value, ArrayObject):
            waiting += list(value)


def opens_something(value) -> bool:
    """An action that runs when the file or a page is opened; a mere page to begin with is none."""
    if "/AA" in value:
        return True
    first = value.get("/OpenAction")
    return first is not None and hasattr(first, "get") and first.get("/S") != "/GoTo"


def notes_of(page) -> list[str]:
    notes = page.get("/Annots") or []
    notes = notes.get_object() if hasattr(notes, "get_object") else notes
    return [str(note.get_object().get("/Contents", "")) for note in notes]


# Word and PowerPoint


def office(content: bytes, main_part: str) -> dict:
    if not content.startswith(b"PK\x03\x04"):
        raise Refused("other_type")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_entries(archive, main_part)
            budget = Budget()
            texts = [text for entry in archive.infolist() for text in read_part(archive, entry, budget)]
    except zipfile.BadZipFile:
        raise Refused("other_type") from None
    except (expat.ExpatError, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, KeyError) as error:
        raise Refused("damaged") from error
    return {"text": joined(texts), "is_legible": True}


def check_entries(archive: zipfile.ZipFile, main_part: str) -> None:
    entries = archive.infolist()
    names = [entry.filename.lower() for entry in entries]
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise Refused("too_large")
    if len(set(names)) != len(names) or "[content_types].xml" not in names or main_part not in names:
        raise Refused("other_type")
    for entry, name in zip(entries, names, strict=True):
        if entry.flag_bits & 1:
            raise Refused("encrypted")
        if name.startswith("/") or "\\" in name or ".." in name.split("/"):
            raise Refused("damaged")
        if ACTIVE_PARTS.search(name):
            raise Refused("active")
        if entry.file_size > SMALL and entry.file_size > SUSPICIOUS_RATIO * max(entry.compress_size, 1):
            raise Refused("too_large")


class Budget:
    """How many real bytes may still be unpacked, whatever the directory of the archive claims."""

    left = MOST_BYTES


def read_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: Budget) -> list[str]:
    is_markup = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    words = Words() if is_markup else None
    with archive.open(entry) as part:
        while block := part.read(BLOCK):
            budget.left -= len(block)
            if budget.left < 0:
                raise Refused("too_large")
            if words:
                words.feed(block)
    return words.finish() if words else []


class Words:
    """The text of one XML part, a line for each paragraph; refuses document types and links that load something."""

    def __init__(self):
        self.lines: list[list[str]] = [[]]
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self.refuse_doctype
        self.parser.EntityDeclHandler = self.refuse_doctype
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = lambda text: self.lines[-1].append(text)

    def refuse_doctype(self, *_):
        raise Refused("active")

    def feed(self, block: bytes) -> None:
        self.parser.Parse(block, False)

    def finish(self) -> list[str]:
        self.parser.Parse(b"", True)
        return ["".join(line) for line in self.lines if line]

    def start(self, tag: str, attributes: dict) -> None:
        name = tag.rpartition(" ")[2]
        if name in PARAGRAPHS:
            self.lines.append([])
        elif name == "Relationship" and attributes.get("TargetMode", "").lower() == "external":
            # A link that a reader may click is text; a template or picture is fetched without asking.
            if not attributes.get("Type", "").endswith("/hyperlink"):
                raise Refused("external")
        elif name in {"Override", "Default"} and "macroEnabled" in attributes.get("ContentType", ""):
            raise Refused("active")
        for key, value in attributes.items():
            if key in {"descr", "title", "string"}:  # words beside a picture, and those drawn as one (WordArt)
                self.lines += [[value], []]

    def end(self, tag: str) -> None:
        if tag.rpartition(" ")[2] in PARAGRAPHS:
            self.lines.append([])


# Pictures


def picture(content: bytes, content_type: str) -> tuple[dict, bytes]:
    from PIL import Image, ImageOps, UnidentifiedImageError

    form = {"image/jpeg": "JPEG", "image/png": "PNG"}[content_type]
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    drawn = io.BytesIO()
    try:
        with Image.open(io.BytesIO(content), formats=[form]) as given:
            if given.width * given.height > MOST_PIXELS:
                raise Refused("too_large")
            upright = ImageOps.exif_transpose(given)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            # Into a picture of its own: nothing but the points comes along, no place, no camera, no comment.
            clean = Image.new("RGB", upright.size, "white")
            clean.paste(upright, mask=upright.getchannel("A") if upright.mode in {"RGBA", "LA"} else None)
            clean.save(
                drawn, form, **({"quality": QUALITY, "optimize": True} if form == "JPEG" else {"optimize": True})
            )
    except UnidentifiedImageError:
        raise Refused("other_type") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("too_large") from None
    except (OSError, ValueError, SyntaxError, TypeError) as error:
        raise Refused("damaged") from error
    return {"text": "", "is_legible": False}, drawn.getvalue()


def joined(texts: list[str]) -> str:
    text = "\n".join(texts)
    if len(text) > MOST_TEXT:
        raise Refused("too_large")
    return text.encode("utf-8", "replace").decode()


if __name__ == "__main__":
    main()
