"""Joins papers into one PDF that a screen reader still reads; one of them at a time in memory, however many they are.

Every paper of ours has one tree of pages and one tree of tags, whose parts name their pages; from each page a list
leads back to them by its number (`/StructParents`). Here the trees hang below one, and the numbers go on from paper to
paper. The file is written from front to back in compressed object streams, as the papers are, and so is no larger
than they are together. (pypdf's own writer keeps all objects until the end: 684 MB for 177 papers, and three times
their size as a file.)
"""

import io
import zlib
from collections.abc import Iterable
from functools import cache
from typing import Any, BinaryIO

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject, TextStringObject

LANGUAGE = "vi"
TOGETHER = 200  # objects in one stream: a reader unpacks all of them to read one
LINE = 8  # bytes of the table of all objects: kind, place (five) and index (two)
COUNTED_ON = {"/StructParents", "/StructParent"}


def join(papers: Iterable[tuple[str, bytes]], title: str, file: BinaryIO) -> None:
    """(bookmark, PDF) one after the other."""
    whole = Whole(file)
    for bookmark, paper in papers:
        whole.take(bookmark, paper)
    whole.finish(title)


class Whole:
    def __init__(self, file: BinaryIO):
        self.file, self.offset = file, 0
        self.table = bytearray()  # where each object stands, by its number
        self.waiting: list[tuple[int, bytes]] = []  # objects for the next stream
        self.last = 0  # number given to an object
        self.catalogue, self.pages, self.tags, self.document, self.outline = (self.number() for _one in range(5))
        self.kids: list[int] = []  # the tree of pages of each paper
        self.page_count = 0
        self.parts: list[int] = []  # the tags of each paper
        self.numbers: list[int] = []  # the lists from pages to tags of each paper
        self.counted = 0  # lists
        self.is_tagged = True
        self.bookmarks: list[tuple[str, int]] = []  # and the page it leads to
        self.note(0, 0, 0, 65535)  # the head of what is free
        self.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def number(self) -> int:
        self.last += 1
        return self.last

    def write(self, content: bytes) -> None:
        self.file.write(content)
        self.offset += len(content)

    def put(self, number: int, written: bytes) -> None:
        """An object without a stream: it waits for the next stream of objects."""
        self.waiting.append((number, written))
        if len(self.waiting) == TOGETHER:
            self.pack()

    def put_stream(self, number: int, head: bytes, content: bytes) -> None:
        self.note(number, 1, self.offset, 0)
        self.write(b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number, head, content))

    def pack(self) -> None:
        if not self.waiting:
            return
        own, places, body = self.number(), [], io.BytesIO()
        for index, (number, written) in enumerate(self.waiting):
            self.note(number, 2, own, index)
            places.append(b"%d %d" % (number, body.tell()))
            body.write(written + b"\n")
        head = b" ".join(places) + b"\n"
        content = zlib.compress(head + body.getvalue())
        about = b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>" % (len(places), len(head), len(content))
        self.put_stream(own, about, content)
        self.waiting = []

    def take(self, bookmark: str, paper: bytes) -> None:
        copying = Copying(self, paper)
        copying.carry_out()
        self.bookmarks.append((bookmark, copying.first_page))

    def finish(self, title: str) -> None:
        self.put(self.pages, b"<</Type/Pages/Kids[%s]/Count %d>>" % (references(self.kids), self.page_count))
        self.put_outline()
        about = b"/Lang%s/ViewerPreferences<</DisplayDocTitle true>>" % text(LANGUAGE)
        if self.is_tagged:
            self.put_tags()
            about += b"/StructTreeRoot %d 0 R/MarkInfo<</Marked true>>" % self.tags
        roots = b"/Pages %d 0 R/Outlines %d 0 R/PageMode/UseOutlines" % (self.pages, self.outline)
        self.put(self.catalogue, b"<</Type/Catalog%s%s>>" % (roots, about))
        info = self.number()
        self.put(info, b"<</Title%s>>" % text(title))
        self.pack()
        self.put_table(info)

    def put_outline(self) -> None:
        numbers = [self.number() for _one in self.bookmarks]
        for index, (bookmark, page) in enumerate(self.bookmarks):
            line = b"/Title%s/Parent %d 0 R/Dest[%d 0 R/Fit]" % (text(bookmark), self.outline, page)
            if index:
                line += b"/Prev %d 0 R" % numbers[index - 1]
            if index + 1 < len(numbers):
                line += b"/Next %d 0 R" % numbers[index + 1]
            self.put(numbers[index], b"<<%s>>" % line)
        ends = b"/First %d 0 R/Last %d 0 R" % (numbers[0], numbers[-1]) if numbers else b""
        self.put(self.outline, b"<</Type/Outlines/Count %d%s>>" % (len(numbers), ends))

    def put_tags(self) -> None:
        tree = self.number()
        self.put(tree, b"<</Kids[%s]>>" % references(self.numbers))
        root = (self.document, tree, self.counted)
        self.put(self.tags, b"<</Type/StructTreeRoot/K[%d 0 R]/ParentTree %d 0 R/ParentTreeNextKey %d>>" % root)
        parts = (self.tags, references(self.parts))
        self.put(self.document, b"<</Type/StructElem/S/Document/P %d 0 R/K[%s]>>" % parts)

    def note(self, number: int, kind: int, place: int, index: int) -> None:
        """A line of the table: 1, offset, 0 of what stands by itself; 2, number of the stream, index in it."""
        start = LINE * number
        self.table.extend(bytes(max(0, start + LINE - len(self.table))))
        self.table[start : start + LINE] = b"%c%s%s" % (kind, place.to_bytes(5), index.to_bytes(2))

    def put_table(self, info: int) -> None:
        own, start = self.number(), self.offset
        self.note(own, 1, start, 0)
        content = zlib.compress(self.table)
        about = (own + 1, self.catalogue, info, len(content))
        head = b"<</Type/XRef/W[1 5 2]/Size %d/Root %d 0 R/Info %d 0 R/Filter/FlateDecode/Length %d>>" % about
        self.write(b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (own, head, content))
        self.write(b"startxref\n%d\n%%%%EOF\n" % start)


class Copying:
    """One paper on its way: what is reached from its pages and its tags, under numbers of the whole."""

    def __init__(self, whole: Whole, paper: bytes):
        self.whole, self.reader = whole, PdfReader(io.BytesIO(paper))
        self.before, self.counted = whole.last, whole.counted
        whole.last += int(self.reader.trailer["/Size"])
        self.first_page = self.before + self.reader.pages[0].indirect_reference.idnum
        self.reached: list[Any] = []  # and not yet copied
        self.known: set[int] = set()

    def carry_out(self) -> None:
        root = self.reader.root_object
        self.take_pages(root.raw_get("/Pages"))
        if "/StructTreeRoot" in root:
            self.take_tags(root.raw_get("/StructTreeRoot"))
        else:
            self.whole.is_tagged = False
        while self.reached:
            reference = self.reached.pop()
            self.put(self.before + reference.idnum, reference.get_object())

    def take_pages(self, root) -> None:
        whole, own, pages = self.whole, self.moved(root), root.get_object()
        whole.kids.append(own)
        whole.page_count += pages["/Count"]
        line = (whole.pages, pages["/Count"], self.written(pages["/Kids"]))
        whole.put(own, b"<</Type/Pages/Parent %d 0 R/Count %d/Kids%s>>" % line)

    def take_tags(self, root) -> None:
        """The root of the tags of one paper becomes a part of the whole."""
        whole, own, tags = self.whole, self.moved(root), root.get_object()
        whole.parts.append(own)
        line = (whole.document, self.written(tags["/K"]))
        whole.put(own, b"<</Type/StructElem/S/Part/P %d 0 R/K%s>>" % line)
        lists = [(self.counted + number, self.written(parents)) for number, parents in numbered(tags["/ParentTree"])]
        if not lists:
            return
        whole.numbers.append(whole.number())
        whole.counted = lists[-1][0] + 1
        line = (lists[0][0], lists[-1][0], b" ".join(b"%d %s" % one for one in lists))
        whole.put(whole.numbers[-1], b"<</Limits[%d %d]/Nums[%s]>>" % line)

    def moved(self, reference) -> int:
        """Its number in the whole, where it is written out once."""
        self.known.add(reference.idnum)
        return self.before + reference.idnum

    def put(self, number: int, found) -> None:
        if isinstance(found, StreamObject):
            content = found._data  # as it stands in the paper, compressed
            self.whole.put_stream(number, b"<<%s/Length %d>>" % (self.entries(found), len(content)), content)
        else:
            self.whole.put(number, self.written(found))

    def written(self, found) -> bytes:
        if isinstance(found, IndirectObject):
            if found.idnum not in self.known:
                self.reached.append(found)
            return b"%d 0 R" % self.moved(found)
        if isinstance(found, DictionaryObject):
            return b"<<%s>>" % self.entries(found)
        if isinstance(found, ArrayObject):
            return b"[%s]" % b" ".join(self.written(one) for one in found)
        return called(found) if isinstance(found, NameObject) else plainly(found)

    def entries(self, found) -> bytes:
        return b"".join(b"%s %s" % (called(name), self.entry(name, value)) for name, value in found.items())

    def entry(self, name: str, value) -> bytes:
        if name in COUNTED_ON:
            return b"%d" % (self.counted + value)
        if name == "/Annots":
            # A signature holds for the bytes of its own paper, not for these.
            return self.written(type(value)(one for one in value if one.get_object().get("/Subtype") != "/Widget"))
        return self.written(value)


def numbered(tree) -> list[tuple[int, Any]]:
    """The entries of a tree of numbers."""
    found = tree.get_object()
    numbers = list(found.get("/Nums", []))
    below = [one for kid in found.get("/Kids", []) for one in numbered(kid)]
    return [*zip(numbers[::2], numbers[1::2], strict=True), *below]


@cache
def called(name) -> bytes:
    return plainly(name)


def plainly(found) -> bytes:
    """What refers to nothing: a number, a text."""
    file = io.BytesIO()
    found.write_to_stream(file)
    return file.getvalue()


def text(found: str) -> bytes:
    return plainly(TextStringObject(found))


def references(numbers: list[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)
