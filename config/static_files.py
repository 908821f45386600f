"""Static files under an address that names their content, compressed once at the first start of each version.

Nothing has to be collected by hand, and a browser never asks twice for the same file (docs/decisions/static-files.md).
"""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from whitenoise.compress import Compressor
from whitenoise.middleware import WhiteNoiseMiddleware

KEPT_VERSIONS = 3
# Whole TTF files are for PDFs, and nobody reads licences and checksums over the web.
NOT_SERVED = shutil.ignore_patterns("*.ttf", "LICENSE*", "VERSION", "*SHA256SUMS", "*.sha256")


class CompressedStaticMiddleware(WhiteNoiseMiddleware):
    def __init__(self, get_response=None, settings=settings):
        publish(settings.STATICFILES_DIRS[0], Path(settings.STATIC_ROOT))
        super().__init__(get_response, settings)


def version(folder: Path) -> str:
    """Ten digits that change whenever a file below `folder` does."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(str(path.relative_to(folder)).encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:10]


def publish(source: Path, target: Path) -> None:
    """Copies `source` to `target` with .br and .gz beside each text file, unless an earlier start did."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=target.parent))
    draft.chmod(0o755)
    shutil.copytree(source, draft, ignore=NOT_SERVED, dirs_exist_ok=True)
    compressor = Compressor(quiet=True)
    for path in [path for path in draft.rglob("*") if path.is_file() and compressor.should_compress(path.name)]:
        list(compressor.compress(str(path)))
    try:
        os.rename(draft, target)
    except OSError:  # another process started at the same time and was first
        shutil.rmtree(draft)
    forget_old_versions(target.parent)


def forget_old_versions(folder: Path) -> None:
    versions = [path for path in folder.iterdir() if not path.name.startswith(".draft-")]
    for path in sorted(versions, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT_VERSIONS:]:
        shutil.rmtree(path, ignore_errors=True)
