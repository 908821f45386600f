"""Which passwords are taken, said before anybody types one (reliability.md, check 20).

Long ones made of anything, no forced change; refused are those that others try first.
"""

import re
import string
import unicodedata
from collections.abc import Callable, Iterable
from itertools import pairwise

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts import second_factor
from accounts.text import folded

SHORTEST, SHORTEST_ALONE, LONGEST = 12, 15, 128
FEWEST_DIFFERENT = 5
CONTEXT_WORDS = ("dangvien", "chibo", "dangbo", "sochibo")
# What Vietnamese users choose first, written without marks; with digits and signs around them they are no better.
# fmt: off
FAVOURITES = frozenset([
    "matkhau", "matkhaucuatoi", "matkhaumoi", "anhyeuem", "emyeuanh", "toiyeuban", "toiyeuvietnam", "vietnam",
    "vietnamtoiyeu", "vietnammuonnam", "congsan", "dangcongsan", "dangcongsanvietnam", "hochiminh", "bachomuonnam",
    "hanoi", "saigon", "quantri", "quantrivien", "nguoidung", "thuky", "bithu", "phobithu", "capuy", "tuyengiao",
    "xinchao", "khongbiet", "khongcomatkhau", "iloveyou", "password", "passwordpassword", "qwertyuiop",
    "qwertyuiopasdfgh", "asdfghjkl", "administrator", "admin", "letmein", "welcome",
])
# fmt: on
SHORT_WORD = 5  # letters; `lan` stands inside too many innocent words to be refused there

_context_words: list[Callable] = []


def context_words_from(words_of: Callable) -> None:
    """Apps to the right say here, when Django starts, which names others would try: `words_of(user) -> names`."""
    if words_of not in _context_words:
        _context_words.append(words_of)


def rules(user=None) -> list[str]:
    """The same for the eyes, above the field."""
    return [
        _("Từ %(shortest)d đến %(longest)d ký tự; được dùng dấu cách, chữ có dấu, chữ số và mọi ký hiệu.")
        % {"shortest": shortest_for(user), "longest": LONGEST},
        _("Nên là một câu ngắn dễ nhớ với riêng đồng chí, không cần chữ hoa hay ký hiệu khó nhớ."),
        _("Không chứa “đảng viên”, “chi bộ”, tên tổ chức của đồng chí hoặc tên đăng nhập, dù viết liền hay bỏ dấu."),
        _("Không phải mật khẩu nhiều người hay dùng như “123456…” hoặc “mật khẩu 2026”."),
        _("Không phải đổi định kỳ; chỉ đổi khi nghi có người khác biết."),
    ]


def shortest_for(user) -> int:
    """Shorter where a second factor stands behind it, or will before anything else can be done."""
    if user is None or user.pk is None:
        return SHORTEST_ALONE
    return SHORTEST if second_factor.of(user).exists() or second_factor.is_demanded(user) else SHORTEST_ALONE


class Rule:
    """Explained by `rules` all together."""

    def get_help_text(self):
        return ""


class LengthValidator(Rule):
    def validate(self, password, user=None):
        length, shortest = len(unicodedata.normalize("NFC", password)), shortest_for(user)
        if length < shortest:
            text = _("Mật khẩu quá ngắn. Cần ít nhất %(shortest)d ký tự.") % {"shortest": shortest}
            raise ValidationError(text, code="password_too_short")
        if length > LONGEST:
            raise ValidationError(_("Mật khẩu quá dài. Nhiều nhất %d ký tự.") % LONGEST, code="password_too_long")


class GuessableValidator(Rule):
    """Lists of leaked passwords, with what people put around them taken away."""

    def __init__(self):
        self.common = CommonPasswordValidator().passwords

    def validate(self, password, user=None):
        core = folded(password).strip(string.digits + string.punctuation + " ")
        is_common = {password.lower().strip(), core, plain(core)} & (self.common | FAVOURITES)
        if is_common or is_monotonous(password):
            raise ValidationError(_("Mật khẩu này nhiều người dùng nên dễ bị đoán ra."), code="password_too_common")


class ContextValidator(Rule):
    def validate(self, password, user=None):
        given = folded(unicodedata.normalize("NFC", password))
        for word in words_around(user):
            if is_within(word, given):
                text = _("Mật khẩu chứa “%(word)s”, điều mà người ngoài sẽ thử trước tiên.") % {"word": word}
                raise ValidationError(text, code="password_in_context")


def words_around(user) -> Iterable[str]:
    yield from CONTEXT_WORDS
    if user is None:
        return
    yield user.username
    if user.pk:
        for words_of in _context_words:
            yield from words_of(user)


def is_within(word: str, given: str) -> bool:
    wanted = plain(folded(word))
    if len(wanted) >= SHORT_WORD:
        return wanted in plain(given)
    return bool(wanted) and wanted in re.split(r"[\W\d_]+", given)


def plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def is_monotonous(password: str) -> bool:
    """`aaaaaaaaaaaa`, `123456789012`, `abcdefghijkl`: few different signs, or each the neighbour of the one before."""
    if len(password) < SHORTEST:
        return False
    if len(set(password.lower())) < FEWEST_DIFFERENT:
        return True
    steps = [ord(after) - ord(before) for before, after in pairwise(password)]
    return sum(step in {-1, 0, 1} for step in steps) > 0.7 * len(steps)
