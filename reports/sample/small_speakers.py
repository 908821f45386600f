"""Speakers, documents and conferences of the small sample."""

from reports.sample.content import Content


def appoint(content: Content) -> None:
    pass
