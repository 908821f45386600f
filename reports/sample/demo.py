"""The log-ins of the demo profile: one for each role."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from accounts.models import User
from cells.models import Organisation, Person, Post, Role
from reports.sample.people import DEMO_LOGINS, DEMO_PASSWORD
from reports.sample.rosters import Rosters

POSTS_SINCE = dt.date(2021, 1, 1)
DEMO_CELL = "M-BDV"
# The members behind log-ins: given name, sex, cell.
FACES = {
    "lan": ("Lan", Person.Sex.FEMALE, DEMO_CELL),
    "hoa": ("Hoa", Person.Sex.FEMALE, DEMO_CELL),
    "phuong": ("Phương", Person.Sex.FEMALE, DEMO_CELL),
    "mai": ("Mai", Person.Sex.FEMALE, DEMO_CELL),
    "nam": ("Nam", Person.Sex.MALE, "M-BTC"),
    "son": ("Sơn", Person.Sex.MALE, "M-PN"),
}


@dataclass(frozen=True)
class Places:
    """Codes of the organisations at which the demo log-ins have their posts."""

    neighbour: str
    committee: str
    top: str


def introduce(rosters: Rosters) -> dict[str, Person]:
    """The members behind the log-ins, by user name, on their rosters."""
    faces = {}
    for username, (given, sex, cell) in FACES.items():
        since = max(dt.date(2018, 6, 1), rosters.tree.first_day(cell))
        faces[username] = rosters.join(cell, since, rosters.people.new(given, sex)).person
    return faces


def make_users(
    faces: dict[str, Person], organisations: dict[str, Organisation], places: Places, today: dt.date
) -> None:
    """After people and organisations are stored."""
    made = new_users(faces)
    for user in made:
        user.fill_keys()
    users = {user.username: user for user in User.objects.bulk_create(made)}
    for username, person in faces.items():
        person.user = users[username]
        Person.unscoped.filter(pk=person.pk).update(user=person.user)
    Post.unscoped.bulk_create(
        Post(user=users[username], organisation=organisations[code], role=role, first_day=first_day, last_day=last_day)
        for username, code, role, first_day, last_day in posts(places, organisations, today)
    )


def new_users(faces: dict[str, Person]) -> list[User]:
    password = make_password(DEMO_PASSWORD)
    return [
        User(
            username=username,
            full_name=faces[username].full_name if username in faces else OFFICIALS[username],
            password=password,
            is_administrator=username == "quantri",
        )
        for username, _, _, _ in DEMO_LOGINS
    ]


OFFICIALS = {
    "minh": "Khổng Hữu Thiện Minh",
    "binh": "Quách Diệu Hà Bình",
    "khanh": "Sái Ngọc Bảo Khánh",
    "quantri": "Nghiêm Bảo Kỳ An",
}


def posts(places: Places, organisations: dict[str, Organisation], today: dt.date):
    since = POSTS_SINCE
    yield "lan", DEMO_CELL, Role.MINUTE_TAKER, since, None
    yield "hoa", DEMO_CELL, Role.SECRETARY, since, None
    yield "phuong", DEMO_CELL, Role.DEPUTY_SECRETARY, since, None
    yield "nam", places.neighbour, Role.SECRETARY, since, None
    yield "minh", places.committee, Role.COMMITTEE, since, None
    yield "binh", places.top, Role.BOARD, since, None
    yield "khanh", places.top, Role.INSPECTOR, today - dt.timedelta(days=30), today + dt.timedelta(days=60)
