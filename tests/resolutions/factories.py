"""Documents and outlines with real files, for the stories of this folder."""

import hashlib
import uuid

import factory
from django.conf import settings

from resolutions.models import Document, Outline
from tests.factories import OrganisationFactory, UnscopedFactory


class DocumentFactory(UnscopedFactory):
    class Meta:
        model = Document

    owner = factory.SubFactory(OrganisationFactory)
    issuer = "Ban Tuyên giáo mẫu"
    type = Document.Type.CONCLUSION
    symbol = factory.Sequence(lambda n: f"{n:02d}-KL/TW")
    subject = "Học tập và làm theo"


class OutlineFactory(UnscopedFactory):
    """Its file lies where downloads look for it; `body=None` leaves the file out."""

    class Meta:
        model = Outline
        exclude = ("body",)

    body = b"%PDF-1.7 0123456789"
    document = factory.SubFactory(DocumentFactory)
    title = factory.Sequence(lambda n: f"Đề cương {n}")
    file_name = "Đề cương giới thiệu kết luận.pdf"
    stored_name = factory.LazyFunction(lambda: f"{uuid.uuid4().hex}.pdf")
    content_type = "application/pdf"
    size = factory.LazyAttribute(lambda o: len(o.body or b"abc"))
    sha256 = factory.LazyAttribute(lambda o: hashlib.sha256(o.body or b"abc").hexdigest())

    @classmethod
    def _generate(cls, strategy, params):
        outline = super()._generate(strategy, params)
        body = params.get("body", cls._meta.declarations["body"])
        if body is not None:
            folder = settings.DATA_DIR / "uploads"
            folder.mkdir(exist_ok=True)
            (folder / outline.stored_name).write_bytes(body)
        return outline
