import pytest

from accounts.models import User

PASSWORD = "mot cau de nho"


@pytest.fixture
def lan(db):
    return User.objects.create_user("lan", PASSWORD, full_name="Nguyễn Thị Lan")


@pytest.fixture
def log_in(client):
    """Types name and password into the log-in page."""

    def log_in(username="lan", password=PASSWORD, **options):
        return client.post("/dang-nhap/", {"username": username, "password": password}, **options)

    return log_in
