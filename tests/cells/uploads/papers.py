"""Small honest and hostile files, made on the spot."""

import io
import zipfile

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, NumberObject, TextStringObject

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{WORD_TYPE}"/></Types>'
)
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml"'


def paragraph(*runs: str) -> str:
    return "<w:p>" + "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in runs) + "</w:p>"


def docx(body="", *, more: dict[str, str | bytes] | None = None, types=TYPES) -> bytes:
    """A Word file with these paragraphs and further parts by name."""
    parts = {
        "[Content_Types].xml": types,
        "word/document.xml": f"<w:document {W}><w:body>{body or paragraph('Đề cương')}</w:body></w:document>",
        **(more or {}),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def part(tag: str, *runs: str) -> str:
    return f"<w:{tag} {W}>{paragraph(*runs)}</w:{tag}>"


def text_box(*runs: str) -> str:
    inside = f"<w:txbxContent>{paragraph(*runs)}</w:txbxContent>"
    return f"<w:p><w:r><w:pict><v:shape><v:textbox>{inside}</v:textbox></v:shape></w:pict></w:r></w:p>"


def relations(kind: str, target: str, mode="External") -> str:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}" '
        f'TargetMode="{mode}"/></Relationships>'
    )


def pdf(change=lambda writer: None) -> bytes:
    """One page that says `Trang mot`, with a text layer."""
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): writer._add_object(font)})}
    )
    content = DecodedStreamObject()
    content.set_data(b"BT /F1 12 Tf 10 100 Td (Trang mot) Tj ET")
    page[NameObject("/Contents")] = writer._add_object(content)
    change(writer)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def with_picture(writer) -> None:
    """On its page a picture, of which nobody can tell what stands in it."""
    picture = DecodedStreamObject()
    picture.set_data(b"\xff" * 3)
    names = ("Type", "XObject"), ("Subtype", "Image"), ("ColorSpace", "DeviceRGB")
    picture.update({NameObject(f"/{key}"): NameObject(f"/{value}") for key, value in names})
    picture.update({NameObject(f"/{key}"): NumberObject(n) for key, n in (("Width", 1), ("Height", 1))})
    picture[NameObject("/BitsPerComponent")] = NumberObject(8)
    resources = writer.pages[0]["/Resources"]
    resources[NameObject("/XObject")] = DictionaryObject({NameObject("/I1"): writer._add_object(picture)})


def with_untold_letters(writer) -> None:
    """In a font that does not tell which letters its signs are."""
    content = DecodedStreamObject()
    content.set_data(b"BT /F1 12 Tf 10 100 Td <004D00360054> Tj ET")
    writer.pages[0][NameObject("/Contents")] = writer._add_object(content)


def with_field(writer, text: str) -> None:
    """A form with a field that somebody filled in; its words stand on no page."""
    field = DictionaryObject({NameObject("/FT"): NameObject("/Tx"), NameObject("/V"): TextStringObject(text)})
    form = DictionaryObject({NameObject("/Fields"): ArrayObject([writer._add_object(field)])})
    writer._root_object[NameObject("/AcroForm")] = form


def pptx(*slides: str) -> bytes:
    """A presentation of these slides, with a picture among its parts."""
    made = {f"ppt/slides/slide{number}.xml": slide(text) for number, text in enumerate(slides, start=1)}
    types = TYPES.replace("/word/document.xml", "/ppt/presentation.xml")
    parts = {"[Content_Types].xml": types, "ppt/presentation.xml": "<p/>", "ppt/media/image1.png": png(), **made}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def slide(text: str) -> str:
    return f'<s xmlns:a="x"><a:p><a:r><a:t>{text}</a:t></a:r></a:p></s>'


def scan() -> bytes:
    """A PDF whose page has no words that a program could read."""
    writer, written = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(written)
    return written.getvalue()


def with_action(writer, kind: str, **more) -> None:
    action = DictionaryObject({NameObject("/S"): NameObject(kind), **{NameObject(f"/{k}"): v for k, v in more.items()}})
    writer._root_object[NameObject("/OpenAction")] = action


def with_far_launch(writer) -> None:
    """What the action does stands in an object of its own."""
    kind = writer._add_object(NameObject("/Launch"))
    writer._add_object(ArrayObject([DictionaryObject({NameObject("/S"): kind})]))


def with_hidden_script(writer) -> None:
    """In an object that no page leads to."""
    writer._add_object(ArrayObject([DictionaryObject({NameObject("/JS"): TextStringObject("app.alert(1)")})]))


def jpeg(width=60, height=40, *, exif: bytes = b"", comment: bytes = b"") -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(written, "JPEG", exif=exif, comment=comment)
    return written.getvalue()


def png(width=60, height=40) -> bytes:
    written = io.BytesIO()
    Image.new("RGBA", (width, height), (255, 0, 0, 128)).save(written, "PNG")
    return written.getvalue()
