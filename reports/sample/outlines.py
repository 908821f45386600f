"""Makes the files of the sample's outlines, as small PDFs that say what they are."""

import hashlib
import html
import os

from django.conf import settings

from cells.papers import pdf
from resolutions.models import Outline

STYLE = """
@font-face { font-family: Tinos; src: url(asset:tinos/Tinos-Regular.ttf) }
@font-face { font-family: Tinos; font-weight: bold; src: url(asset:tinos/Tinos-Bold.ttf) }
@page { size: A4; margin: 20mm 15mm 20mm 30mm }
body { font: 14pt/19pt Tinos } h1 { font-size: 16pt; text-align: center } strong { display: block; text-align: center }
"""


def write_file(outline: Outline, paragraphs: list[str]) -> None:
    """Fills in size, digest and names; the stored name follows from the content, so loading twice stores it once."""
    body = typeset(outline.title, paragraphs)
    outline.sha256 = hashlib.sha256(body).hexdigest()
    outline.size = len(body)
    outline.content_type = "application/pdf"
    outline.stored_name = f"{outline.sha256[:40]}.pdf"
    outline.file_name = f"{outline.title.replace('/', '-')} bản {outline.edition}.pdf"
    store(outline.stored_name, body)


def typeset(title: str, paragraphs: list[str]) -> bytes:
    from weasyprint import HTML

    texts = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in paragraphs)
    page = f"<html lang=vi><title>{html.escape(title)}</title><style>{STYLE}</style><body><strong>TÀI LIỆU MẪU</strong>"
    return HTML(string=f"{page}<h1>{html.escape(title)}</h1>{texts}", url_fetcher=pdf.asset_fetcher()).write_pdf()


def store(name: str, body: bytes) -> None:
    folder = settings.DATA_DIR / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".{name}.{os.getpid()}"
    draft.write_bytes(body)
    draft.replace(folder / name)
