"""Every page, for every principal, about things in every place: nobody is shown too much, nobody turned away."""

import random
import uuid
from collections import Counter

import pytest

from tests.access.asking import Answer, address_of, ask, named_urls
from tests.access.policy import POLICY, Page, may_know
from tests.access.sampling import SEED, in_parts, some
from tests.access.world import PRINCIPALS, WITHOUT_ROLE, Place, World

NO_PLACE = Place("nowhere", 99, None, None, False)
ALL_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
CARRIED_OUT = {200, 302, 400, 409, 422}  # or refused for what was sent, not for who sent it
pytestmark = [pytest.mark.django_db, pytest.mark.once]

OBJECTS = [name for name, page in POLICY.items() if page.of]
PLACES_SAMPLED, READERS_SAMPLED = 1, 5  # the slow run goes to all places, as everybody
tried = Counter()


def test_every_url_has_a_policy_and_every_policy_a_url():
    assert set(named_urls()) == set(POLICY)


@pytest.mark.parametrize("name", POLICY)
def test_nobody_sees_more_or_less_than_their_role(name, world, clients):
    found = failures(name, world, clients, ("GET", "POST"), PLACES_SAMPLED, some(PRINCIPALS, READERS_SAMPLED, name))
    assert not found, listed(found)


@pytest.mark.slow
@pytest.mark.parametrize("name", POLICY)
def test_all_methods(name, world, clients):
    found = failures(name, world, clients, ALL_METHODS)
    assert not found, listed(found)


def listed(found: list[str]) -> str:
    return "\n".join([f"{len(found)} leaks and wrong denials", *found])


def failures(name: str, world: World, clients, methods, most_places: int = 99, principals=PRINCIPALS) -> list[str]:
    chance = random.Random(f"{SEED} {name}")
    page = POLICY[name]
    found = []
    for principal in principals:
        for method in methods:
            everywhere = places(page, world, principal, method)
            for place in chance.sample(everywhere, min(most_places, len(everywhere))):
                for query in queries(page, method, chance if most_places < len(everywhere) else None):
                    tried["cells"] += 1
                    answer = ask(clients[principal], method, address(name, page, place) + query)
                    problems = [*wrong_status(page, principal, method, place, answer), *leaks(principal, world, answer)]
                    if method == "GET" and not problems and answer.status == 200:
                        problems = list(withheld(page, principal, place, world, answer))
                    found += [f"{method} {name}{query} as {principal} at {place.key}: {one}" for one in problems]
                    if answer.status in {403, 404}:
                        break
    tell(f"{name}: {tried['cells']} cells tried so far, {len(found)} leaks and wrong denials here")
    return found


def queries(page: Page, method: str, chance: random.Random | None) -> tuple[str, ...]:
    if method != "GET":
        return page.asked[:1]
    return (chance.choice(page.asked),) if chance else page.asked


def tell(text: str) -> None:
    print(text)  # noqa: T201 - a matrix says how much it tried


def places(page: Page, world: World, principal: str, method: str) -> list[Place]:
    """Where there is an object of the page; one is enough for those of whom nothing depends on the place."""
    if not page.of:
        return [NO_PLACE]
    found = [place for place in world.places.values() if page.of in place.objects]
    nothing_depends = principal in ("anonymous", *WITHOUT_ROLE) or (page.rule(method) is None and method != "OPTIONS")
    return found[:2] if nothing_depends else found


def address(name: str, page: Page, place: Place) -> str:
    return address_of(name, place.objects.get(page.of) if page.of else None)


def wrong_status(page: Page, principal: str, method: str, place: Place, answer: Answer):
    expected = expectation(page, principal, method, place)
    if expected == "log-in":
        fits = answer.goes_to_log_in
    elif expected == "done":
        fits = answer.status in CARRIED_OUT and (page.is_public or not answer.goes_to_log_in)
    else:
        fits = answer.status in expected
    if not fits:
        yield f"{answer.status} {answer.headers.get('Location', '')} instead of {expected}"


def expectation(page: Page, principal: str, method: str, place: Place):
    rule = page.rule(method)
    if method not in {"GET", "HEAD", "POST"}:
        return {405}
    if principal == "anonymous" and not page.is_public:
        return "log-in"
    if rule is None:
        return {403, 404, 405}  # in whatever order it asks: nothing was done
    if not page.of:
        return "done" if rule.get(principal) else {403}
    allowed = rule.get(principal, frozenset())
    if place.key in allowed:
        return "done"
    if place.key in page.sees.get(principal, frozenset()):
        return {403}
    return {404} if allowed else {403, 404}


def leaks(principal: str, world: World, answer: Answer):
    for kind, number in sorted(answer.canaries):
        place = world.place_of(number).key
        if not may_know(principal, kind, place):
            yield f"leaks the {kind} of {place}"


def withheld(page: Page, principal: str, place: Place, world: World, answer: Answer):
    """What the page is for must be on it: on that of an object its own texts, on a list those of all places."""
    for kind, to_whom in page.shows.items():
        keys = {place.key} if page.of else set(world.places)
        for key in sorted(keys & to_whom.get(principal, frozenset())):
            if has_text(world[key], kind) and (kind, world[key].number) not in answer.canaries:
                yield f"does not show the {kind} of {key}"


OF_CELLS = {"theme", "where", "absent", "present", "reason", "roster", "count"}
OF_CELLS |= {"agenda", "presenter", "record", "vote", "task", "rated", "scored"}


def has_text(place: Place, kind: str) -> bool:
    return place.is_cell or kind not in OF_CELLS


@pytest.mark.parametrize("name", in_parts(OBJECTS, 2, "foreign"))
@pytest.mark.parametrize("most", [READERS_SAMPLED, pytest.param(99, marks=pytest.mark.slow, id="all")])
def test_what_is_foreign_looks_like_what_does_not_exist(name, most, world, clients):
    page, nothing = POLICY[name], address_of(name, uuid.uuid4())
    differing, compared, chance = [], 0, random.Random(f"{SEED} {name}")
    for principal in some(PRINCIPALS, most, name):
        for method in ("GET", "POST"):
            if page.rule(method) is None:
                continue
            missing = ask(clients[principal], method, nothing).less_chance
            seen = page.sees.get(principal, frozenset())
            foreign = [place for place in places(page, world, principal, method) if place.key not in seen]
            for place in chance.sample(foreign, min(PLACES_SAMPLED, len(foreign))):
                compared += 1
                if ask(clients[principal], method, address(name, page, place)).less_chance != missing:
                    differing.append(f"{method} as {principal} at {place.key}")
    tell(f"{name}: {compared} pairs compared")
    assert compared
    assert not differing, listed(differing)


QUERIES = [name for name, page in POLICY.items() if page.query]


@pytest.mark.parametrize("name", QUERIES)
def test_an_organisation_in_the_address_is_looked_up_for_its_reader(name, world, clients):
    page, found = POLICY[name], []
    for principal in ("member", "two_hats", "secretary", "speaker", "board", "committee", "administrator"):
        if not page.get.get(principal):
            continue
        missing = ask(clients[principal], "GET", f"{address_of(name)}?{page.query}={uuid.uuid4()}")
        for place in world.places.values():
            tried["cells"] += 1
            answer = ask(clients[principal], "GET", f"{address_of(name)}?{page.query}={place.organisation.public_id}")
            found += [f"{principal} at {place.key}: {leak}" for leak in leaks(principal, world, answer)]
            if {place.key, "*"} & page.query_sees.get(principal, frozenset()):
                if answer.status != 200:
                    found.append(f"{principal} at {place.key}: {answer.status} instead of 200")
            elif answer.less_chance != missing.less_chance:
                found.append(f"{principal} at {place.key}: differs from one that does not exist")
    assert not found, listed(found)
