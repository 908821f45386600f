"""Finds documents by words typed with or without marks, of their number, subject, issuer, type or outlines."""

from django.db.models import F, Q, QuerySet

from accounts.text import folded
from resolutions.models import Document, Outline, OutlineWords

FEWEST_LETTERS = 2  # a single letter stands in every outline


def matching(documents: QuerySet[Document], words: str, user=None) -> QuerySet[Document]:
    """Documents in which every word occurs, in any order; of outlines, in those that the user may read."""
    for word in folded(words).split():
        types = [value for value, label in Document.Type.choices if word in folded(label).split()]
        found = Q(search__contains=word) | Q(type__in=types)
        if user and len(word) >= FEWEST_LETTERS:
            found |= Q(pk__in=saying(word, user))
        documents = documents.filter(found)
    return documents


def saying(word: str, user) -> QuerySet:
    read = Outline.objects.for_user(user).order_by().values("pk")
    return OutlineWords.unscoped.filter(words__contains=word, outline__in=read).values("outline__document")


def newest_first(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Those whose day is not known come last; left alone, the two databases disagree."""
    return documents.order_by(F("issued_on").desc(nulls_last=True), "-pk")
