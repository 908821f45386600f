"""Vietnamese text: one form in the database, one order, one way to search without marks."""

import re
import unicodedata

# Circled letters in the order of the Vietnamese alphabet; tones come after, as a second key.
ALPHABET = {letter: index for index, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz", start=1)}
TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền, hỏi, ngã, sắc, nặng
INVISIBLE = re.compile(
    r"[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)


def clean_line(text: str) -> str:
    """One line of text: NFC, no control or zero-width characters, spaces collapsed and trimmed."""
    return " ".join(INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())


def folded(text: str) -> str:
    """Lower case without marks, `đ` as `d`: `Tân Định` → `tan dinh`. For search, never for display."""
    decomposed = unicodedata.normalize("NFD", INVISIBLE.sub("", str(text)).lower().replace("đ", "d"))
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def split_tone(word: str) -> tuple[str, int]:
    """(`hủy` or `huỷ`) → (`huy`, 2): the letters with their circumflex, horn or breve, and the tone's rank."""
    tone = 0
    letters = []
    for character in unicodedata.normalize("NFD", word.lower()):
        if character in TONES:
            tone = TONES[character]
        else:
            letters.append(character)
    return unicodedata.normalize("NFC", "".join(letters)), tone


def spelling_key(text: str) -> str:
    """Equal for texts that differ only in case, spacing and old or new tone placement (`hoà` = `hòa`)."""
    return " ".join(f"{letters}{tone}" for letters, tone in map(split_tone, clean_line(text).split()))


def sort_key(full_name: str) -> str:
    """Orders names as Vietnamese rosters do: given name first, then family and middle names (domain.md, section 8)."""
    words = clean_line(full_name).split()
    return " ".join(word_key(word) for word in words[-1:] + words[:-1])


def title_key(text: str) -> str:
    """Orders names of organisations and titles: Vietnamese alphabet, then tone, word by word; numbers by value."""
    return " ".join(word_key(word) for word in clean_line(text).split())


def word_key(word: str) -> str:
    letters, tone = split_tone(word)
    if letters.isdecimal():
        return f"00{letters.zfill(6)}"
    ranks = "".join(f"{ALPHABET.get(letter, 40 + ord(letter) % 50):02d}" for letter in letters)
    return f"{ranks}.{tone}"
