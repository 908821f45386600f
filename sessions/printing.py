"""Papers of a session as files: the PDF kept of an adopted one, and whatever else is made while the reader waits."""

import hashlib

from django.db import transaction
from django.utils.translation import gettext as _

from cells.papers import word
from cells.papers.blocks import for_outside, heading, lead_in, paragraph
from cells.papers.typesetting import typeset
from cells.papers.wording import day
from cells.uploads.keeping import store, uploads_folder
from cells.uploads.kinds import PDF
from cells.uploads.serving import open_file
from sessions.minuting import written
from sessions.models import AdoptedPaper, PaperCorrection, PaperFile


def as_draft(content: dict) -> dict:
    """A draft says so, and has no number (domain.md 2.3)."""
    head = {name: value for name, value in content["letterhead"].items() if name != "number"}
    title = _("Dự thảo %s") % f"{content['title'][:1].lower()}{content['title'][1:]}"
    return content | {"title": title, "letterhead": head | {"draft": _("Dự thảo")}}


def as_adopted(paper: AdoptedPaper) -> dict:
    """The frozen text, with the corrections that were added since."""
    corrections = list(paper.corrections.all())
    blocks = [*paper.content["blocks"], *corrected(corrections)]
    return paper.content | {"blocks": blocks}


def corrected(corrections: list[PaperCorrection]) -> list[dict]:
    if not corrections:
        return []
    return [heading(_("ĐÍNH CHÍNH")), *(block for one in corrections for block in correction_lines(one))]


def correction_lines(correction: PaperCorrection) -> list[dict]:
    who = _("Ngày %(day)s, %(name)s đính chính:") % {"day": day(correction.day), "name": correction.author_name}
    return [lead_in(who), *written(correction.text), paragraph(_("Lý do: %s") % correction.reason)]


def seen_from_outside(content: dict) -> dict:
    """Without the reasons of absence, which stay in the cell."""
    return content | {"blocks": for_outside(content["blocks"])}


def pdf_of(content: dict) -> bytes:
    return typeset(content)


def word_of(content: dict) -> bytes:
    return word.render(content)


def kept_pdf(paper: AdoptedPaper) -> bytes:
    """Made once of the frozen text, at adoption or now if that failed; then always the same bytes."""
    kept = PaperFile.unscoped.filter(paper=paper, kind=PaperFile.Kind.PRINTED).first() or keep_pdf(paper)
    with open_file(kept) as file:
        return file.read()


def keep_pdf(paper: AdoptedPaper) -> PaperFile:
    content = pdf_of(paper.content)
    fields = {
        "file_name": f"{paper.content['title']}.pdf"[-200:],
        "stored_name": store(content),
        "content_type": PDF.content_type,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "uploaded_by": paper.adopted_by,
    }
    with transaction.atomic():
        kept, is_new = PaperFile.unscoped.get_or_create(paper=paper, kind=PaperFile.Kind.PRINTED, defaults=fields)
    if not is_new:  # somebody else was faster
        (uploads_folder() / fields["stored_name"]).unlink(missing_ok=True)
    return kept
