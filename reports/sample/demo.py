"""The log-ins of the demo profile: one for each role."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from accounts.models import User
from cells.models import Organisation, Person, Post, Role
from reports.sample.people import DEMO_LOGINS, DEMO_PASSWORD

POSTS_SINCE = dt.date(2021, 1, 1)


@dataclass(frozen=True)
class Places:
    """Codes of the organisations at which the demo log-ins have their posts."""

    cell: str
    neighbour: str
    committee: str
    top: str


def make_users(
    faces: dict[str, Person], organisations: dict[str, Organisation], places: Places, today: dt.date
) -> None:
    """After people and organisations are stored."""
    users = {user.username: user for user in User.objects.bulk_create(new_users(faces))}
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
    "quantri": "Quản trị hệ thống (mẫu)",
}


def posts(places: Places, organisations: dict[str, Organisation], today: dt.date):
    since = POSTS_SINCE
    yield "lan", places.cell, Role.MINUTE_TAKER, since, None
    yield "hoa", places.cell, Role.SECRETARY, since, None
    yield "phuong", places.cell, Role.DEPUTY_SECRETARY, since, None
    yield "nam", places.neighbour, Role.SECRETARY, since, None
    yield "minh", places.committee, Role.COMMITTEE, since, None
    yield "binh", places.top, Role.BOARD, since, None
    yield "khanh", places.top, Role.INSPECTOR, today - dt.timedelta(days=30), today + dt.timedelta(days=60)
