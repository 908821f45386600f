"""Fetches what the screens borrow, from npm packages by name and version, into static/vendor/; then builds the sprite.

    .venv/bin/python scripts/vendor_frontend.py

Run it when a version below or the list in scripts/icons.txt changes, and commit what it wrote.
"""

import hashlib
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
ICON_NAMES = ROOT / "scripts" / "icons.txt"
SPRITE = ROOT / "static" / "icons.svg"

FILES = {
    "bootstrap@5.3.9": {"dist/css/bootstrap.min.css": "bootstrap/bootstrap.min.css", "LICENSE": "bootstrap/LICENSE"},
    "htmx.org@2.0.11": {"dist/htmx.min.js": "htmx/htmx.min.js", "LICENSE": "htmx/LICENSE"},
    "bootstrap-icons@1.13.2": {"LICENSE": "bootstrap-icons/LICENSE"},
    "@fontsource/be-vietnam-pro@5.3.0": {"LICENSE": "be-vietnam-pro/LICENSE"},
}
# Text keeps its hints, for without them it is blurred on office PCs; headings are large enough to do without.
FONT_WEIGHTS = {400: True, 600: False}
# Vietnamese and the signs of our pages; other letters of the Latin files (ø, ß, ł) fall back to the system's font.
FONT_LETTERS = {
    *range(0x20, 0x7F),
    *map(ord, "\u00a0–—‘’“”…•·×÷°±«»§©²³½₫"),
    *map(ord, "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúýĂăĐđĨĩŨũƠơƯư"),
    *range(0x1EA0, 0x1EFA),
    *map(ord, "\u0300\u0301\u0303\u0309\u0323"),
}


def main():
    with tempfile.TemporaryDirectory() as folder:
        packages = {name: fetch(name, Path(folder)) for name in FILES}
        for name, files in FILES.items():
            for source, target in files.items():
                copy(packages[name] / source, VENDOR / target)
        strip_source_map(VENDOR / "bootstrap" / "bootstrap.min.css")
        make_fonts(packages["@fontsource/be-vietnam-pro@5.3.0"] / "files")
        make_sprite(packages["bootstrap-icons@1.13.2"] / "icons")
    write_checksums()


def fetch(package: str, folder: Path) -> Path:
    """The unpacked package; npm checks its integrity."""
    target = folder / re.sub(r"\W", "_", package)
    target.mkdir()
    subprocess.run(
        ["npm", "pack", "--silent", "--pack-destination", target, package], check=True, stdout=subprocess.DEVNULL
    )
    (archive,) = target.glob("*.tgz")
    with tarfile.open(archive) as tar:
        tar.extractall(target, filter="data")
    return target / "package"


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def strip_source_map(stylesheet: Path) -> None:
    text = re.sub(r"/\*# sourceMappingURL=.*?\*/\s*", "", stylesheet.read_text())
    stylesheet.write_text(text)


def make_fonts(folder: Path) -> None:
    for weight, hinting in FONT_WEIGHTS.items():
        for part in ("latin", "vietnamese"):
            font = TTFont(folder / f"be-vietnam-pro-{part}-{weight}-normal.woff2", recalcTimestamp=False)
            options = subset.Options(hinting=hinting, layout_features=["kern", "ccmp", "mark", "mkmk", "tnum", "lnum"])
            subsetter = subset.Subsetter(options)
            subsetter.populate(unicodes=FONT_LETTERS & set(font.getBestCmap()))
            subsetter.subset(font)
            font.flavor = "woff2"
            font.save(VENDOR / "be-vietnam-pro" / f"{part}-{weight}.woff2")


def make_sprite(folder: Path) -> None:
    names = [line for line in ICON_NAMES.read_text().split("\n") if line and not line.startswith("#")]
    symbols = "\n".join(symbol(name, (folder / f"{name}.svg").read_text()) for name in sorted(names))
    SPRITE.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n')


def symbol(name: str, drawing: str) -> str:
    box = re.search(r'viewBox="([^"]+)"', drawing).group(1)
    shapes = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL).group(1)
    one_line = re.sub(r"\s*\n\s*", "", shapes)
    return f'<symbol id="{name}" viewBox="{box}">{one_line}</symbol>'


def write_checksums() -> None:
    folders = sorted({Path(target).parts[0] for files in FILES.values() for target in files.values()})
    files = [SPRITE, *(path for folder in folders for path in sorted((VENDOR / folder).iterdir()))]
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(ROOT)}" for path in files]
    (VENDOR / "FRONTEND.sha256").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
