"""Joins papers into one PDF that a screen reader still reads: pypdf copies pages, and leaves out what says their order.

Every paper of ours has one tree of tags, whose parts name their pages, and a list that leads from each page back to
them by its number (`/StructParents`). Here the trees hang below one, and the numbers go on from paper to paper.
"""

import io
from collections.abc import Iterable

LANGUAGE = "vi"


def joined(papers: Iterable[tuple[str, bytes]], title: str) -> bytes:
    """(bookmark, PDF) one after the other."""
    from pypdf import PdfReader, PdfWriter

    with PdfWriter() as writer:
        tree = Tree(writer)
        for bookmark, paper in papers:
            reader, first = PdfReader(io.BytesIO(paper)), len(writer.pages)
            writer.append(reader, outline_item=bookmark, import_outline=False)
            tree.take(reader, writer.pages[first:])
        tree.finish()
        writer.add_metadata({"/Title": title})
        file = io.BytesIO()
        writer.write(file)
    return file.getvalue()


class Tree:
    """The tags of all papers below one document."""

    def __init__(self, writer):
        from pypdf.generic import ArrayObject

        self.writer = writer
        self.root, self.document = element("/StructTreeRoot"), element("/StructElem", "/Document")
        self.parts, self.numbers = ArrayObject(), ArrayObject()
        self.is_whole = True
        self.root_reference, self.reference = (writer._add_object(one) for one in (self.root, self.document))
        self.count = 0  # of numbers given

    def take(self, reader, pages) -> None:
        """After its pages were copied: what refers to them then refers to the copies."""
        from pypdf.generic import NameObject, NumberObject

        tags = reader.root_object.get("/StructTreeRoot")
        if tags is None:
            self.is_whole = False
            return
        part = tags.clone(self.writer).get_object()  # the root of one paper becomes a part of the whole
        numbers = list(part.pop("/ParentTree").get_object()["/Nums"])
        part.update({NameObject("/Type"): NameObject("/StructElem"), NameObject("/S"): NameObject("/Part")})
        part[NameObject("/P")] = self.reference
        self.parts.append(part.indirect_reference)
        for old, new in zip(reader.pages, pages, strict=True):
            if "/StructParents" in old:
                new[NameObject("/StructParents")] = NumberObject(self.count + old["/StructParents"])
        for number, parents in zip(numbers[::2], numbers[1::2], strict=True):
            self.numbers += [NumberObject(self.count + number), parents]
        self.count += 1 + max(numbers[::2], default=-1)

    def finish(self) -> None:
        """A file that is tagged in parts only says nothing of tags."""
        from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, NameObject, TextStringObject

        catalogue = self.writer.root_object
        catalogue[NameObject("/Lang")] = TextStringObject(LANGUAGE)
        shown = {NameObject("/DisplayDocTitle"): BooleanObject(True)}
        catalogue[NameObject("/ViewerPreferences")] = DictionaryObject(shown)
        if not self.is_whole:
            return
        self.root[NameObject("/K")] = ArrayObject([self.reference])
        self.root[NameObject("/ParentTree")] = DictionaryObject({NameObject("/Nums"): self.numbers})
        self.document.update({NameObject("/P"): self.root_reference, NameObject("/K"): self.parts})
        catalogue[NameObject("/StructTreeRoot")] = self.root_reference
        catalogue[NameObject("/MarkInfo")] = DictionaryObject({NameObject("/Marked"): BooleanObject(True)})


def element(kind: str, tag: str = ""):
    from pypdf.generic import DictionaryObject, NameObject

    names = {"/Type": kind, "/S": tag} if tag else {"/Type": kind}
    return DictionaryObject({NameObject(key): NameObject(value) for key, value in names.items()})
