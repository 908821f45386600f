"""The books of the speakers' work: one set of pages for all, since they differ only in what a line holds."""

import datetime as dt

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import roles
from cells.comparing import side_by_side
from cells.naming import names_for
from cells.reach import MEMBER
from cells.spreadsheets import table_response
from speakers import recording
from speakers.appointing import ChangedMeanwhile
from speakers.books import BOOKS, Book, rows_of, targets_of, usual_duties
from speakers.duties import duty_rows
from speakers.forms.books import BookQuery, RemoveForm
from speakers.keeping import KEEPERS, READERS, keeps, kept, place, sees
from speakers.models import RecurringDuty
from speakers.views.places import crumbs, name_of

ROWS_ON_A_PAGE = 50


def book_named(slug: str) -> Book:
    if slug not in BOOKS:
        raise Http404
    return BOOKS[slug]


def address(here, book: Book) -> str:
    return reverse("speakers:book", args=[here.public_id, book.slug])


@roles(*READERS)
@require_safe
def read(request, public_id, book):
    user = request.user
    here, book = place(user, public_id, sees), book_named(book)
    query = BookQuery(request.GET)
    year = query.values["year"]
    rows = rows_of(book, user, here.pk, year, query.values["search"])
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(query.values["page"])
    this_year = year or user.reach.day.year
    context = {
        "here": here,
        "book": book,
        "books": BOOKS.values(),
        "query": query,
        "page": page,
        "rows": lines(page, book, user),
        "year": this_year,
        "duties": duty_rows(here.pk, this_year, user.reach.day) if book.slug in ("viec-dinh-ky", "nhat-ky") else [],
        "targets": targets_of(here.pk, this_year) if book.slug in ("lop", "chi-tieu") else [],
        "keeps": keeps(user.reach, here.pk),
        "may_set_up": book.slug == "viec-dinh-ky" and not rows.exists(),
        "crumbs": crumbs(user, here, (book.title, "")),
    }
    return render(request, "speakers/book.html", context)


@roles(MEMBER, *READERS)
@require_safe
def models(request):
    """What one's own cell and those above it hold up to others: for every member, to be read."""
    user, book, query = request.user, BOOKS["mo-hinh"], BookQuery(request.GET)
    rows = rows_of(book, user, None, query.values["year"], query.values["search"])
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(query.values["page"])
    context = {"book": book, "query": query, "page": page, "rows": lines(page, book, user)}
    context["crumbs"] = [(_("Văn bản"), reverse("resolutions:list")), (book.title, "")]
    return render(request, "speakers/book.html", context)


def lines(page, book: Book, user) -> list[dict]:
    rows = list(page)
    names = names_for(user, {row.organisation_id for row in rows}, user.reach.day)
    return [
        {
            "row": row,
            "name": names.get(row.organisation_id, ""),
            "cells": list(zip(book.headings, book.line(row), strict=True)),
            "evidence": getattr(row, "evidence", ""),
            "is_overdue": hasattr(row, "is_overdue") and row.is_overdue(user.reach.day),
        }
        for row in rows
    ]


@roles(*READERS)
@require_safe
def table(request, public_id, book):
    user = request.user
    here, book = place(user, public_id, sees), book_named(book)
    query = BookQuery(request.GET)
    rows = rows_of(book, user, here.pk, query.values["year"], query.values["search"])
    headings = [*(str(one) for one in book.headings), _("Tổ chức"), _("Minh chứng")]
    told = ([*book.line(one["row"]), one["name"], one["evidence"]] for one in lines(rows, book, user))
    if book.mark:
        headings.append(_("Nguồn số liệu"))
        told = ([*one, str(book.mark)] for one in told)
    return table_response(request, here, f"{book.title} {name_of(user, here)}", headings, told)


@roles(*KEEPERS)
def add(request, public_id, book):
    here, book = place(request.user, public_id, keeps), book_named(book)
    form = book.form(request.POST or None)
    if form.is_valid():
        try:
            return once(request, lambda: added(request, here, book, form.values))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    context = {"form": form, "title": book.adds, "back": address(here, book)}
    context["crumbs"] = crumbs(request.user, here, (book.title, address(here, book)))
    return render(request, "speakers/form.html", context)


def added(request, here, book: Book, values: dict) -> str:
    recording.add(book.model(organisation=here, **values), actor=request.user, request=request)
    messages.success(request, _("Đã ghi."))
    return address(here, book)


@roles(*KEEPERS)
def change(request, public_id, book):
    book = book_named(book)
    row = kept(book.model, request.user, public_id, "organisation")
    form = book.form(request.POST or None, row=row)
    context = {"form": form, "title": _("Sửa dòng"), "back": address(row.organisation, book), "row": row, "book": book}
    context["crumbs"] = crumbs(request.user, row.organisation, (book.title, context["back"]))
    if form.is_valid():
        try:
            return once(request, lambda: changed(request, row, book, form))
        except ChangedMeanwhile:
            row = kept(book.model, request.user, public_id, "organisation")
            context |= side_by_side(form, book.form(row=row)) | {"row": row}
            return render(request, "speakers/form.html", context, status=409)
        except Refused as refusal:
            form.add_error(None, refusal.text)
    return render(request, "speakers/form.html", context)


def changed(request, row, book: Book, form) -> str:
    version = form.cleaned_data["version"] or row.version
    recording.change(row, form.values, version=version, actor=request.user, request=request)
    messages.success(request, _("Đã sửa."))
    return address(row.organisation, book)


@roles(*KEEPERS)
@require_POST
def remove(request, public_id, book):
    book = book_named(book)
    row = kept(book.model, request.user, public_id, "organisation")
    form = RemoveForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0

    def write() -> str:
        recording.remove(row, version=version, actor=request.user, request=request)
        messages.success(request, _("Đã bỏ dòng."))
        return address(row.organisation, book)

    try:
        return once(request, write)
    except Refused as refusal:
        messages.error(request, refusal.text)
        return render(request, "409.html", {"message": refusal.text}, status=409)


@roles(*KEEPERS)
@require_POST
def set_up_duties(request, public_id):
    """The usual ones at once, from the beginning of the year; each can be changed afterwards."""
    here = place(request.user, public_id, keeps)

    def write() -> str:
        if not RecurringDuty.objects.for_user(request.user).filter(organisation=here).exists():
            for duty in usual_duties(here, dt.date(request.user.reach.day.year, 1, 1)):
                recording.add(duty, actor=request.user, request=request)
        return address(here, BOOKS["viec-dinh-ky"])

    return once(request, write)
