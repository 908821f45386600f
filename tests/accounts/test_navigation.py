import pytest
from django.http import HttpResponse
from django.urls import include, path

from accounts import navigation


def page(request):
    return HttpResponse()


reports = [path("", page, name="home"), path("theo-doi/", page, name="dashboard")]
sessions = [path("buoi/", page, name="list"), path("ke-hoach/", page, name="year_plans")]
urlpatterns = [
    path("", include((reports, "reports"))),
    path("", include((sessions, "sessions"))),
]


@pytest.fixture
def ask(rf, lan, settings, monkeypatch):
    settings.ROOT_URLCONF = __name__
    monkeypatch.setattr(navigation, "_shown_when", {})  # the rules of the apps to the right are theirs to try

    def ask(address):
        request = rf.get(address)
        request.user = lan
        return [(str(item.label), item.url, item.is_current) for item in navigation.items(request)]

    return ask


def test_only_pages_that_exist_are_offered_in_the_fixed_order(ask):
    assert ask("/") == [
        ("Trang chủ", "/", True),
        ("Buổi sinh hoạt", "/buoi/", False),
        ("Theo dõi", "/theo-doi/", False),
    ]


def test_a_page_below_an_entry_marks_it(ask):
    for address in ("/buoi/123/", "/ke-hoach/2026/"):
        assert [label for label, _, is_current in ask(address) if is_current] == ["Buổi sinh hoạt"]


def test_a_role_without_use_for_an_entry_does_not_see_it(ask, monkeypatch):
    navigation.show_when("reports:dashboard", lambda user: user.is_administrator)

    assert [label for label, *_ in ask("/")] == ["Trang chủ", "Buổi sinh hoạt"]
