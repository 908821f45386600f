"""The installation's own digital signature (PAdES) on a finished paper, where it has a key; no other host is asked.

The key is a PKCS#12 file or stands on a PKCS#11 token (settings SIGNING_KEY and SIGNING_SECRET_FILE). A signature is
appended to the file: every byte of the paper stays where it was, so the paper is found again inside its signed copy.
"""

import io
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

from django.conf import settings
from django.utils.translation import gettext as _

FIELD = "ChuKySo"
TOKEN = "pkcs11:"

logger = logging.getLogger(__name__)


class CannotSign(Exception):
    """The key cannot be used now; the text says what an administrator has to look at."""


@dataclass(frozen=True)
class Token:
    """A key on a PKCS#11 token, as `pkcs11:LIBRARY?token=NAME&key=LABEL` names it."""

    library: str
    token: str
    key: str

    @classmethod
    def named(cls, address: str) -> "Token":
        library, _mark, query = address.removeprefix(TOKEN).partition("?")
        names = {name: values[0] for name, values in parse_qs(query).items()}
        if not library or names.keys() != {"token", "key"}:
            raise ValueError("a token is named as pkcs11:LIBRARY?token=NAME&key=LABEL")
        return cls(library, **names)


def is_configured() -> bool:
    return bool(settings.SIGNING_KEY)


def signed(pdf: bytes, *, reason: str) -> bytes:
    """The paper with our signature behind it. Raises CannotSign."""
    # pyHanko runs an event loop of its own, which a thread that has one already refuses.
    with ThreadPoolExecutor(max_workers=1) as aside:
        return aside.submit(sign, pdf, reason).result()


def sign(pdf: bytes, reason: str) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, sign_pdf

    about = PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", reason=reason, subfilter=SigSeedSubFilter.PADES
    )
    with our_key() as signer:
        return sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), about, signer=signer).getvalue()


@contextmanager
def our_key() -> Iterator:
    from pkcs11.exceptions import PKCS11Error

    try:
        if settings.SIGNING_KEY.startswith(TOKEN):
            with key_on_token(Token.named(settings.SIGNING_KEY)) as signer:
                yield signer
        else:
            yield key_in_file(Path(settings.SIGNING_KEY))
    except (PKCS11Error, OSError, ValueError) as error:
        # Its text may quote the secret's file; the kind of error and the day are enough to find it.
        logger.error("signing: %s", type(error).__name__)
        raise CannotSign(_("Không dùng được khóa ký số. Hãy báo người quản trị xem SIGNING_KEY.")) from error


def key_in_file(path: Path):
    from pyhanko.sign.signers import SimpleSigner

    signer = SimpleSigner.load_pkcs12(str(path), passphrase=secret().encode())
    if signer is None:  # it has logged why
        raise ValueError("not a PKCS#12 file, or another passphrase")
    return signer


@contextmanager
def key_on_token(named: Token) -> Iterator:
    from pyhanko.config.pkcs11 import TokenCriteria
    from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

    with open_pkcs11_session(named.library, token_criteria=TokenCriteria(named.token), user_pin=secret()) as session:
        yield PKCS11Signer(session, cert_label=named.key, key_label=named.key)


def secret() -> str:
    """The passphrase or PIN, read when it is needed: never in the environment of a child."""
    file = settings.SIGNING_SECRET_FILE
    return Path(file).read_text(encoding="utf-8").strip() if file else ""
