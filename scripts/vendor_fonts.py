"""Copies the whole TTF files of Tinos, the typeface of printed documents, from an npm package into static/vendor/.

Whole files, because the subsets made for web pages print wrong letters in a PDF. Run again only to change the version:
`python scripts/vendor_fonts.py`, then `python scripts/vendor_fonts.py --check`.
"""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "@expo-google-fonts/tinos@0.4.2"
TARGET = Path(__file__).resolve().parent.parent / "static" / "vendor" / "tinos"
FILES = {
    "package/400Regular/Tinos_400Regular.ttf": "Tinos-Regular.ttf",
    "package/400Regular_Italic/Tinos_400Regular_Italic.ttf": "Tinos-Italic.ttf",
    "package/700Bold/Tinos_700Bold.ttf": "Tinos-Bold.ttf",
    "package/700Bold_Italic/Tinos_700Bold_Italic.ttf": "Tinos-BoldItalic.ttf",
    "package/LICENSE_FONT": "LICENSE.txt",
}
CHECKSUMS = TARGET / "SHA256SUMS"


def main() -> int:
    if sys.argv[1:] == ["--check"]:
        return 0 if CHECKSUMS.read_text() == checksums() else 1
    with tempfile.TemporaryDirectory() as folder:
        copy_files(fetch_package(Path(folder)))
    CHECKSUMS.write_text(checksums())
    return 0


def fetch_package(folder: Path) -> Path:
    command = [shutil.which("npm") or "npm", "pack", "--silent", PACKAGE]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return next(folder.glob("*.tgz"))


def copy_files(package: Path) -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with tarfile.open(package) as archive:
        for member, name in FILES.items():
            (TARGET / name).write_bytes(archive.extractfile(member).read())
    (TARGET / "VERSION").write_text(f"{PACKAGE}\n")


def checksums() -> str:
    names = sorted(FILES.values())
    return "".join(f"{hashlib.sha256((TARGET / name).read_bytes()).hexdigest()}  {name}\n" for name in names)


if __name__ == "__main__":
    sys.exit(main())
