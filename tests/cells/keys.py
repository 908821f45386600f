"""A key with its certificate, made up on the spot, as a file and on a token."""

import datetime as dt
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from django.utils import timezone

OFFICE = "Văn phòng Đảng ủy (mẫu)"
PASSPHRASE = "bon-chu-so-8642"


@cache
def key_and_certificate(name: str = OFFICE):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = timezone.now()
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=365))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    return key, certificate


def write_key(folder: Path) -> Path:
    key, certificate = key_and_certificate()
    locked = serialization.BestAvailableEncryption(PASSPHRASE.encode())
    file = folder / "office.p12"
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"office", key, certificate, None, locked))
    return file


def write_secret(folder: Path, secret: str = PASSPHRASE) -> Path:
    file = folder / "secret"
    file.write_text(f"{secret}\n")
    return file


def write_root(folder: Path, certificate=None) -> Path:
    certificate = certificate or key_and_certificate()[1]
    folder.mkdir()
    (folder / "root.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return folder
