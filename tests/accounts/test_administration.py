import pytest

from accounts import administration


@pytest.fixture
def links(monkeypatch):
    links = []
    monkeypatch.setattr(administration, "_links", links)
    return links


def test_an_app_adds_its_card_once_however_often_it_starts(links):
    for _ in range(2):
        administration.link("accounts:password", "Mật khẩu", "key", "Đổi mật khẩu của bạn.")

    assert [(link.label, link.url) for link in links] == [("Mật khẩu", "/mat-khau/")]


def test_the_index_leads_an_administrator_to_each_task(cast, client, links):
    administration.link("accounts:password", "Mật khẩu", "key", "Đổi mật khẩu của bạn.")
    client.force_login(cast.quan)

    page = client.get("/quan-tri/").content.decode()

    assert '<a href="/mat-khau/">Mật khẩu</a>' in page
    assert "Đổi mật khẩu của bạn." in page


def test_only_administrators_are_led_there(cast, client):
    for user, status in ((cast.minh, 403), (cast.quan, 200)):
        client.force_login(user)
        assert client.get("/quan-tri/").status_code == status
        assert ('href="/quan-tri/"' in client.get("/mat-khau/").content.decode()) == (status == 200)
