"""Whatever stands in an address bar, the pages answer with a page."""

from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import ConferenceFactory
from tests.resolutions.factories import DocumentFactory, OutlineFactory

pytestmark = pytest.mark.once

ODD = st.one_of(
    st.text(max_size=120),
    st.sampled_from(
        ["", "%", "_", "\x00", "\\", "'", "1e9", "-1", "31/02/2024", "01/01/1900", "31/12/2199", "now", "held"]
    ),
    st.uuids().map(str),
    st.integers().map(str),
    st.dates().map("{:%d/%m/%Y}".format),
)
LISTS = {
    "/van-ban/": ["search", "type", "page", "extra"],
    "/van-ban/hoi-nghi/": ["first_day", "last_day", "state", "organisation", "structure", "on", "page"],
}


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("name", ["mai", "binh"])
def test_odd_questions_are_answered(client, cast, address, name):
    OutlineFactory(document=DocumentFactory(owner=cast.cell))
    ConferenceFactory(organisation=cast.cell)
    client.force_login(getattr(cast, name))

    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
    @given(st.dictionaries(st.sampled_from(LISTS[address]), ODD))
    def ask(question):
        answer = client.get(f"{address}?{urlencode(question, errors='surrogatepass')}")
        strangers = "organisation" in question and answer.status_code == 404
        assert strangers or answer.status_code == 200

    ask()


@pytest.mark.parametrize("asked", ["bytes=" + "9" * 400 + "-", "bytes=0-" + "9" * 400, "\u00fc", "bytes=0-0" * 900])
def test_an_odd_range_is_answered(client, cast, asked):
    outline = OutlineFactory(document=DocumentFactory(owner=cast.cell))
    client.force_login(cast.mai)

    answer = client.get(f"/van-ban/de-cuong/{outline.public_id}/", headers={"range": asked})

    assert (answer.status_code, answer.getvalue()) == (200, OutlineFactory._meta.declarations["body"])
