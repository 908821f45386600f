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
import unicodedata
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
FEWEST_LETTERS = 100  # with fewer, what a page says may well stand in its picture
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
# A part of these first bytes is a whole other file, whatever its name says.
OTHER_FILES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-", b"{\\rtf", b"MZ", b"\x7fELF")
MARKUP_STARTS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<\x00", b"\xfe\xff\x00<")
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".wdp")
SLIDE = re.compile(r"ppt/slides/slide\d+\.xml")
LINK_SCHEMES = {"http", "https", "mailto", "tel"}
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*(?=:)", re.IGNORECASE)
# Fields that run a program or fetch another file when the reader agrees to "update" them.
ACTIVE_FIELD = re.compile(r"^\s*(?:DDE|DDEAUTO|LINK|DATABASE|INCLUDETEXT)\b", re.IGNORECASE | re.MULTILINE)
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
        beside = refuse_active(reader)
        if len(reader.pages) > MOST_PAGES:
            raise Refused("too_large")
        texts = [*map(str, (reader.metadata or {}).values()), *beside]
        is_legible = True
        for page in reader.pages:
            words = page.extract_text()
            is_legible = is_legible and not hides_words(page, words)
            texts.append(words)
    except Refused:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, AssertionError) as error:
        raise Refused("damaged") from error
    return {"text": joined(texts), "is_legible": is_legible}


def hides_words(page, words: str) -> bool:
    """A page without words, one whose letters tell nothing, or one of a picture with next to nothing beside it."""
    if not words.strip() or is_garbled(words):
        return True
    return letters_of(words) < FEWEST_LETTERS and shows_picture(page)


def is_garbled(words: str) -> bool:
    """Where a font does not say which letters its signs are, they come out as control characters."""
    signs = [sign for sign in words if not sign.isspace()]
    return 20 * sum(unicodedata.category(sign) in {"Cc", "Co", "Cn"} for sign in signs) > len(signs)


def letters_of(words: str) -> int:
    return sum(map(str.isalpha, words))


def shows_picture(page, depth: int = 4) -> bool:
    resources = page.get("/Resources", page).get_object()
    drawn = [one.get_object() for one in resources["/XObject"].values()] if "/XObject" in resources else []
    if any(one.get("/Subtype") == "/Image" for one in drawn):
        return True
    return depth > 0 and any(shows_picture(one, depth - 1) for one in drawn)


def refuse_active(reader) -> list[str]:
    """Looks at every object of the file, not only at those that a page leads to; returns the words beside the pages.

    They stand in notes, in fields of forms, in bookmarks, and in what is read out in place of a picture.
    """
    from pypdf.generic import IndirectObject

    numbers = {(number, generation) for generation, found in reader.xref.items() for number in found}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    if len(numbers) > MOST_OBJECTS:
        raise Refused("too_large")
    words = refuse_active_keys(reader.trailer)
    for number, generation in sorted(numbers):
        words += refuse_active_keys(reader.get_object(IndirectObject(number, generation, reader)))
    return words


def refuse_active_keys(found) -> list[str]:
    from pypdf.generic import ArrayObject, DictionaryObject, TextStringObject

    waiting, words = [found], []
    while waiting:
        value = waiting.pop()
        if isinstance(value, DictionaryObject):
            names = {*value, *(str(value[key]) for key in ("/S", "/Subtype", "/Type") if key in value)}
            if names & ACTIVE_KEYS or opens_something(value):
                raise Refused("active")
            waiting += [value.raw_get(key) for key in value]
        elif isinstance(value, ArrayObject):
            waiting += list(value)
        elif isinstance(value, TextStringObject):
            words.append(str(value))
    return words


def opens_something(value) -> bool:
    """An action that runs when the file or a page is opened; a mere page to begin with is none."""
    if "/AA" in value:
        return True
    first = value.get("/OpenAction")
    return first is not None and hasattr(first, "get") and first.get("/S") != "/GoTo"


# Word and PowerPoint


def office(content: bytes, main_part: str) -> dict:
    if not content.startswith(b"PK\x03\x04"):
        raise Refused("other_type")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_entries(archive, main_part)
            budget = Budget()
            parts = {entry.filename.lower(): read_part(archive, entry, budget) for entry in archive.infolist()}
    except zipfile.BadZipFile:
        raise Refused("other_type") from None
    except (expat.ExpatError, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, KeyError) as error:
        raise Refused("damaged") from error
    return {"text": joined([line for lines in parts.values() for line in lines]), "is_legible": not shows_only(parts)}


def shows_only(parts: dict[str, list[str]]) -> bool:
    """Whether words may hide in pictures: of a paper that says next to nothing else, of a slide that says nothing."""
    if not any(name.endswith(PICTURES) and "/media/" in name for name in parts):
        return False
    slides = [lines for name, lines in parts.items() if SLIDE.fullmatch(name)]
    paper = parts.get("word/document.xml", [])
    return any(not letters_of("".join(lines)) for lines in slides) or (
        not slides and letters_of("".join(paper)) < FEWEST_LETTERS
    )


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
    words, is_first = None, True
    with archive.open(entry) as part:
        while block := part.read(BLOCK):
            budget.left -= len(block)
            if budget.left < 0:
                raise Refused("too_large")
            if is_first:
                words, is_first = words_in(block, is_markup), False
            if words:
                words.feed(block)
    return words.finish() if words else []


def words_in(block: bytes, is_markup: bool) -> "Words | None":
    """What reads the part that begins like this. A header may have any name; what it holds tells that it has words."""
    start = block.lstrip(b" \t\r\n")
    if start.startswith(OTHER_FILES):
        raise Refused("active")
    return Words() if is_markup or start.startswith(MARKUP_STARTS) else None


class Words:
    """The text of one XML part, a line for each paragraph; refuses document types and links that load something."""

    def __init__(self):
        self.lines: list[list[str]] = [[]]
        self.fields: list[str] = []  # what stands in field codes
        self.is_field = self.is_capitals = False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self.refuse_doctype
        self.parser.EntityDeclHandler = self.refuse_doctype
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.take

    def refuse_doctype(self, *_):
        raise Refused("active")

    def feed(self, block: bytes) -> None:
        self.parser.Parse(block, False)

    def take(self, text: str) -> None:
        self.lines[-1].append(text.upper() if self.is_capitals else text)
        if self.is_field:
            self.fields.append(text)

    def finish(self) -> list[str]:
        self.parser.Parse(b"", True)
        if ACTIVE_FIELD.search("".join(self.fields)):
            raise Refused("active")
        return ["".join(line) for line in self.lines if line]

    def start(self, tag: str, attributes: dict) -> None:
        name = tag.rpartition(" ")[2]
        told = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if name in PARAGRAPHS:
            self.lines.append([])
        elif name == "Relationship":
            refuse_link(told)
        elif name in {"html", "script"}:
            raise Refused("active")
        elif name == "instrText":
            self.is_field = True
        elif name in {"fldChar", "fldSimple"}:
            self.fields += ["\n", told.get("instr", "")]
        elif name == "caps" or (name == "rPr" and told.get("cap") == "all"):
            self.is_capitals = told.get("val", "true") not in {"0", "false", "off"}
        elif name in {"Override", "Default"} and "macroEnabled" in attributes.get("ContentType", ""):
            raise Refused("active")
        for key, value in told.items():
            if key in {"descr", "title", "string"}:  # words beside a picture, and those drawn as one (WordArt)
                self.lines += [[value], []]

    def end(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        if name in PARAGRAPHS:
            self.lines.append([])
        elif name == "instrText":
            self.is_field = False
        elif name == "r":
            self.is_capitals = False


def refuse_link(told: dict[str, str]) -> None:
    """A link that a reader may click is text; a template or picture is fetched without asking, a chunk is a file."""
    kind, target = told.get("Type", "").rpartition("/")[2].lower(), told.get("Target", "").strip()
    if kind == "afchunk":
        raise Refused("active")
    if told.get("TargetMode", "").lower() != "external":
        return
    scheme = SCHEME.match(target)
    is_known = not scheme or scheme[0].lower() in LINK_SCHEMES
    if kind != "hyperlink" or not is_known or target.startswith(("\\\\", "//")):
        raise Refused("external")


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
