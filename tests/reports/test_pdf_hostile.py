"""Texts that try to make the typesetter fetch something: nothing is fetched, and they are printed as typed."""

import io
import json
import socket
import subprocess
import sys
import threading

import pytest
from django.conf import settings
from pypdf import PdfReader
from weasyprint.urls import FatalURLFetchingError

from cells.papers import pdf as typesetting
from cells.papers.pdf import PdfError, asset_fetcher, render
from tests.reports import pages
from tests.reports.contents import content, ending, heading, paragraph, table, text_in_order

pytestmark = pytest.mark.once

CANARY = "canary-7c1f-ở-trong-tệp"


@pytest.fixture(scope="module")
def listener():
    """A port on this machine and the connections it got."""
    calls = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=answer, args=(server, calls), daemon=True)
        thread.start()
        yield server.getsockname()[1], calls
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def answer(server, calls):
    while True:
        try:
            connection, address = server.accept()
        except OSError:
            return
        calls.append(address)
        connection.close()


def injections(port: int, file: str) -> list[str]:
    away, near = f"http://127.0.0.1:{port}/x", f"file://{file}"
    return [
        f"<a rel=attachment href={near}>tệp</a>",
        f"<link rel=attachment href={near}>",
        f"<link rel=stylesheet href={away}>",
        f"<style>@import url({away});</style>",
        f"<img src={away}>",
        f"<img src={near}>",
        f'<p style="background:url({away})">nền</p>',
        f"<style>@font-face{{font-family:x;src:url({away})}}*{{font-family:x}}</style>",
        f"<object data={near}></object>",
        f"<embed src={away}>",
        f"<svg><image href={away} /></svg>",
        f'<svg xmlns="http://www.w3.org/2000/svg"><use href="{away}#x"/></svg>',
        f"<style>p::before{{content:url({away})}}</style>",
        f"<ul style='list-style-image:url({away})'><li>mục</li></ul>",
        f"<base href={away}><img src=a.png>",
        f"<iframe src={near}></iframe>",
        f"<meta http-equiv=refresh content='0;url={away}'>",
        f"<input type=image src={away}>",
        f"<a href={away}>liên kết</a>",
        f"]]></p><!-- --><script src={away}></script>",
        "{% include 'hd05_2026/table.html' %}{{ letterhead }}{% debug %}",
    ]


@pytest.fixture(scope="module")
def hostile(listener, tmp_path_factory):
    canary = tmp_path_factory.mktemp("canary") / "secret.txt"
    canary.write_text(CANARY)
    forms = injections(listener[0], str(canary))
    found = content([block for form in forms for block in everywhere(form)] + [ending(" ".join(forms))])
    found["letterhead"] |= {"dated": forms[0][:40]}
    return found | {"title": " ".join(forms), "subject": forms[2], "span": forms[4]}


def everywhere(form: str) -> list[dict]:
    columns = [{"title": form, "width": 165, "align": "left"}]
    sums = {"label": form, "span": 1, "texts": []}
    cells = {"kind": "table", "columns": columns, "rows": [[form]], "total": sums}
    return [heading(form), {"kind": "subheading", "text": form}, paragraph(form), cells, {"kind": "note", "text": form}]


def test_nothing_is_fetched_and_every_form_is_printed_as_it_was_typed(hostile, listener):
    pdf = render(hostile)

    assert pages.text_of(pdf).replace(" ", "") == text_in_order(hostile).replace(" ", "")
    assert listener[1] == []
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.attachments == {}
    assert [page["/Annots"] for page in reader.pages if "/Annots" in page] == []
    assert [number for number in range(len(reader.xref[0])) if CANARY.encode() in stream(reader, number)] == []


def stream(reader: PdfReader, number: int) -> bytes:
    found = reader.get_object(number) if number else None
    return found.get_data() if hasattr(found, "get_data") else b""


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x",
        "file:///etc/hostname",
        "data:text/plain,x",
        "asset:tinos/../../../manage.py",
        "asset:tinos/Tinos-Regular.ttf?x",
        "asset:Tinos-Regular.ttf",
        "Tinos-Regular.ttf",
    ],
)
def test_the_fetcher_serves_four_fonts_by_name_and_nothing_else(url):
    with pytest.raises(FatalURLFetchingError):
        asset_fetcher().fetch(url)

    assert asset_fetcher().fetch("asset:tinos/Tinos-Bold.ttf").read()[:4] == b"\x00\x01\x00\x00"


def test_a_fetch_that_slips_into_a_template_ends_as_a_named_error(monkeypatch, listener):
    monkeypatch.setattr(
        typesetting, "html_of", lambda *_: f"<html lang=vi><img src='http://127.0.0.1:{listener[0]}/x'></html>"
    )

    with pytest.raises(PdfError) as refused:
        render(content([]))

    assert refused.value.reason == "blocked"
    assert listener[1] == []


def rendered_by_child(found: dict) -> subprocess.CompletedProcess:
    # Without settings: the child is to know neither database nor secret.
    return subprocess.run(
        [sys.executable, "-m", "cells.papers.render"],
        input=json.dumps(found).encode(),
        capture_output=True,
        cwd=settings.BASE_DIR,
        env={"PATH": "/usr/bin:/bin"},
        timeout=60,
        check=False,
    )


def test_the_child_tells_its_progress_and_hands_over_a_whole_file():
    child = rendered_by_child(content([heading("I- TÌNH HÌNH CHUNG"), table(3), ending()]))

    assert (child.returncode, child.stdout[:5], child.stdout.rstrip()[-5:]) == (0, b"%PDF-", b"%%EOF")
    assert child.stderr.decode().splitlines()[-1] == "1 1"


def test_the_child_names_its_failure_and_quotes_no_text():
    child = rendered_by_child(content([paragraph("Nguyễn Văn Mẫu")], layout="khác"))

    assert (child.returncode, child.stdout, child.stderr) == (1, b"", b"! layout\n")
