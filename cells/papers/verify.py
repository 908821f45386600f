"""Run as a script, with little memory and time: reads the digital signatures of a PDF that somebody has uploaded.

Takes the PDF on standard input and, as argument, the folder of the certificates that are trusted (or nothing); answers
with one JSON line: a list of what each signature says. Asks no other host, and imports nothing of ours.
"""

import io
import json
import logging
import resource
import sys
from pathlib import Path

MEMORY = 1024 * 1024 * 1024
SECONDS = 30


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    logging.disable(logging.CRITICAL)  # its words quote certificates; the answer says what matters
    sys.stdout.write(json.dumps(signatures_of(sys.stdin.buffer.read(), sys.argv[1] if len(sys.argv) > 1 else "")))


def signatures_of(pdf: bytes, folder: str) -> list[dict]:
    from pyhanko.pdf_utils.reader import PdfFileReader

    trusted = list(certificates(Path(folder))) if folder else []
    reader = PdfFileReader(io.BytesIO(pdf))
    return [described(signature, trusted) for signature in reader.embedded_regular_signatures]


def certificates(folder: Path):
    from asn1crypto import pem, x509

    for file in sorted({*folder.glob("*.pem"), *folder.glob("*.crt"), *folder.glob("*.cer")}):
        content = file.read_bytes()
        if not pem.detect(content):
            yield x509.Certificate.load(content)
            continue
        for _kind, _headers, body in pem.unarmor(content, multiple=True):
            yield x509.Certificate.load(body)


def described(signature, trusted: list) -> dict:
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    context = ValidationContext(trust_roots=trusted, allow_fetching=False, revocation_mode="soft-fail")
    status = validate_pdf_signature(signature, context)
    covers_all = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    subject = status.signing_cert.subject.native
    return {
        "signer": str(subject.get("common_name") or status.signing_cert.subject.human_friendly),
        "signed_at": status.signer_reported_dt.isoformat() if status.signer_reported_dt else "",
        "is_intact": bool(status.intact and status.valid and (covers_all or status.docmdp_ok)),
        "is_trusted": bool(trusted and status.trusted),
    }


if __name__ == "__main__":
    main()
