"""Names under which files leave the house: Vietnamese as written, harmless to headers, folders and readers."""

import unicodedata
from urllib.parse import quote

# What Windows keeps out of file names, each browser in its own way; here it is one way for all.
REPLACED = str.maketrans({'"': "'", **dict.fromkeys("<>:/\\|?*", "-")})
INVISIBLE_KINDS = {"Cc", "Cf", "Co", "Cs"}  # controls, direction marks, private and broken characters
DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
LONGEST = 240  # bytes: file systems take 255, and a browser may add " (1)"
NAMELESS = "Đề cương"


def download_name(file_name: str, extensions: tuple[str, ...]) -> str:
    """The name to save a file under. It ends in the extension of what the file is, whatever its name claims."""
    name = legible(file_name)
    extension = next((known for known in extensions if name.lower().endswith(known)), None)
    stem = name[: -len(extension)] if extension else name
    extension = extension or extensions[0]
    stem = cut(stem.strip(" ."), LONGEST - len(extension)).strip(" .") or NAMELESS
    return f"_{stem}{extension}" if is_device(stem) else f"{stem}{extension}"


def disposition(name: str) -> str:
    """The header for a name made above: RFC 5987, and without marks for programs that read only the old form."""
    return f"attachment; filename=\"{without_marks(name)}\"; filename*=UTF-8''{quote(name, safe='')}"


def without_marks(name: str) -> str:
    letters = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter if letter.isascii() else "_" for letter in letters if not unicodedata.combining(letter))


def legible(text: str) -> str:
    spaced = "".join(" " if character.isspace() else character for character in text)
    visible = "".join(character for character in spaced if unicodedata.category(character) not in INVISIBLE_KINDS)
    return " ".join(unicodedata.normalize("NFC", visible).translate(REPLACED).split())


def cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore")


def is_device(stem: str) -> bool:
    return stem.partition(".")[0].strip().lower() in DEVICES
