"""Finds documents by words typed with or without marks, of their number, subject, issuer or type."""

from django.db.models import F, Q, QuerySet

from accounts.text import folded
from resolutions.models import Document


def matching(documents: QuerySet[Document], words: str) -> QuerySet[Document]:
    """Documents in which every word occurs, in any order."""
    for word in folded(words).split():
        types = [value for value, label in Document.Type.choices if word in folded(label).split()]
        documents = documents.filter(Q(search__contains=word) | Q(type__in=types))
    return documents


def newest_first(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Those whose day is not known come last; left alone, the two databases disagree."""
    return documents.order_by(F("issued_on").desc(nulls_last=True), "-pk")
