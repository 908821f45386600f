"""Workbooks that somebody spoilt on purpose, each made from a good one on the spot."""

import io
import re
import zipfile
from collections.abc import Callable

SHEET = "xl/worksheets/sheet1.xml"
WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
TYPES = "[Content_Types].xml"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def parts_of(good: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return whole.getvalue()


def with_parts(good: bytes, **contents) -> bytes:
    return packed(parts_of(good) | contents)


def edited(good: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    parts = parts_of(good)
    before = parts[name]
    parts[name] = change(before)
    assert parts[name] != before
    return packed(parts)


def after_declaration(xml: bytes, text: bytes) -> bytes:
    declaration = re.match(rb"\s*(<\?xml.*?\?>)?", xml).group()
    return declaration + text + xml[len(declaration) :]


def zip_bomb(good: bytes) -> bytes:
    return with_parts(good, **{SHEET: b"<a>" + b" " * 100_000_000})


def lying_header(good: bytes) -> bytes:
    """Says that the sheet is small; what is really there is 300 times as much."""
    bomb = with_parts(good, **{SHEET: b"<a>" + b" " * 30_000_000})
    true, told = (size.to_bytes(4, "little") for size in (30_000_003, 100_000))
    assert bomb.count(true) == 2
    return bomb.replace(true, told)


def entity_bomb(good: bytes) -> bytes:
    levels = [b'<!ENTITY %c "%s">' % (98 + level, b"&%c;" % (97 + level) * 10) for level in range(9)]
    entities = b'<!ENTITY a "ha">' + b"".join(levels)
    return edited(good, SHEET, lambda xml: after_declaration(xml, b"<!DOCTYPE x [" + entities + b"]>"))


def foreign_entity(good: bytes) -> bytes:
    doctype = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    return edited(good, WORKBOOK, lambda xml: after_declaration(xml, doctype))


def far_cell(good: bytes) -> bytes:
    row = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return edited(good, SHEET, lambda xml: xml.replace(b"</sheetData>", row))


def far_cell_in_a_strange_part(good: bytes) -> bytes:
    """The sheet lies where nobody looks for sheets, and is called no XML."""
    parts = parts_of(far_cell(good))
    parts["xl/elsewhere.bin"] = parts.pop(SHEET)
    parts[RELATIONS] = parts[RELATIONS].replace(b"/xl/worksheets/sheet1.xml", b"/xl/elsewhere.bin")
    parts[TYPES] = parts[TYPES].replace(b"/xl/worksheets/sheet1.xml", b"/xl/elsewhere.bin")
    assert b"elsewhere" in parts[RELATIONS]
    return packed(parts)


def many_entries(good: bytes) -> bytes:
    return with_parts(good, **{f"xl/media/{number}.png": b"x" for number in range(5000)})


def macro(good: bytes) -> bytes:
    return with_parts(good, **{"xl/vbaProject.bin": OLE})


def macro_by_type(good: bytes) -> bytes:
    return edited(good, TYPES, lambda xml: xml.replace(b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main", 1))


def no_zip(good: bytes) -> bytes:
    return b"Ma,Ten\n1,A\n"


def html(good: bytes) -> bytes:
    return b"<html><body><table><tr><td>1</td></tr></table></body></html>"


def encrypted(good: bytes) -> bytes:
    return OLE + b"\x00" * 500 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 3000


def encrypted_entry(good: bytes) -> bytes:
    spoilt = bytearray(good)
    for start in (found.start() for found in re.finditer(rb"PK\x01\x02", good)):
        spoilt[start + 8] |= 1
    return bytes(spoilt)


def external_link(good: bytes) -> bytes:
    link = b'<Relationship Id="rX" Type="x" Target="http://example.vn/x" TargetMode="External"/></Relationships>'
    return edited(good, RELATIONS, lambda xml: xml.replace(b"</Relationships>", link))


def embedded_object(good: bytes) -> bytes:
    return with_parts(good, **{"xl/embeddings/oleObject1.bin": OLE})


def path_out_of_the_file(good: bytes) -> bytes:
    return with_parts(good, **{"../../etc/cron.d/x": b"x"})


def path_too_long(good: bytes) -> bytes:
    return with_parts(good, **{"/" + "x" * 60_000: b"x"})


def entry_twice(good: bytes) -> bytes:
    whole = io.BytesIO(good)
    with zipfile.ZipFile(whole, "a") as archive:
        archive.writestr(SHEET.upper(), b"<x/>")
    return whole.getvalue()


def cut_short(good: bytes) -> bytes:
    return good[: len(good) // 2]


def empty(good: bytes) -> bytes:
    return b""


def other_zip(good: bytes) -> bytes:
    return packed({"word/document.xml": b"<w/>"})


def too_many_columns(good: bytes) -> bytes:
    return edited(good, SHEET, lambda xml: xml.replace(b"</row>", b'<c r="BI1"><v>1</v></c></row>', 1))


HOSTILE = {
    make.__name__: make
    for make in (
        zip_bomb,
        lying_header,
        entity_bomb,
        foreign_entity,
        far_cell,
        far_cell_in_a_strange_part,
        many_entries,
        macro,
        macro_by_type,
        no_zip,
        html,
        encrypted,
        encrypted_entry,
        external_link,
        embedded_object,
        path_out_of_the_file,
        path_too_long,
        entry_twice,
        cut_short,
        empty,
        other_zip,
        too_many_columns,
    )
}
