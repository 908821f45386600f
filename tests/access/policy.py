"""Who may see and do what: stated here once more, from the role table, and not read from the code.

A page answers everybody else: to the log-in page (not logged in), 403 (not for any role of yours), 404 (for your
role, but this object does not exist for you), 403 (it exists for you, and this is not yours to do).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.access.world import CELL, CELL_PRINCIPALS, PRINCIPALS, TREE, TREE_PRINCIPALS, WITHOUT_ROLE

# Where things of the world lie, seen from the cell 1.1.1 and from the committee 1.1.
OWN_PAST = frozenset({"own_cell", "predecessor"})
OWN_COMMITTEE = frozenset({"own_committee"})
LINE_ABOVE_COMMITTEE = frozenset({"root", "top"})
BELOW_THEN_OR_NOW = frozenset(
    {
        *("own_committee", "own_cell", "beside", "section", "deep"),
        "predecessor",  # its heir is below
        *("moved_out", "moved_in", "moved_in_since"),  # then; now; both
        *("ended", "foreign_predecessor"),  # then
    }
)
BELOW_TODAY = frozenset({"own_committee", "own_cell", "beside", "section", "deep", "moved_in", "moved_in_since"})
EVER_BELOW = BELOW_THEN_OR_NOW | {"moved_out_since"}
NOWHERE = frozenset()

AT_THE_CELL = ("minute_taker", "deputy", "secretary", "two_hats")
LEADING = ("deputy", "secretary", "two_hats")
MEMBERS = ("member", "two_hats")
ROSTERS = ("committee", "inspector")
LOGGED_IN = tuple(name for name in PRINCIPALS if name != "anonymous")


def where(*rules: tuple[tuple[str, ...], frozenset]) -> dict[str, frozenset]:
    """{principal: places}; several rules for one add up."""
    found: dict[str, frozenset] = {}
    for principals, places in rules:
        for principal in principals:
            found[principal] = found.get(principal, NOWHERE) | places
    return found


CELL_ROLES = (CELL_PRINCIPALS, OWN_PAST), (("two_hats",), OWN_PAST | {"beside"})
WORKING = (AT_THE_CELL, OWN_PAST)
DOWN = (TREE_PRINCIPALS, BELOW_THEN_OR_NOW)

SESSIONS = where(*CELL_ROLES, DOWN)
CONFERENCES = SESSIONS
REPORTS = where(WORKING, DOWN)  # once they are sent
OWN_REPORTS = where(WORKING, (("committee",), OWN_COMMITTEE))  # until then they are their issuer's alone
LAID = where((("committee",), OWN_COMMITTEE))  # before its executive committee, at a report that is not sent
# What an ended organisation put up goes on being shared by its successor.
SHARED_WITH_CELLS = frozenset({"own_cell", "predecessor", *OWN_COMMITTEE, *LINE_ABOVE_COMMITTEE})
DOCUMENTS = where(
    (CELL_PRINCIPALS, SHARED_WITH_CELLS),
    (("two_hats",), SHARED_WITH_CELLS | {"beside"}),
    (("speaker",), OWN_COMMITTEE | LINE_ABOVE_COMMITTEE),
    (TREE_PRINCIPALS, BELOW_TODAY | LINE_ABOVE_COMMITTEE | {"predecessor"}),
)
SPEAKERS_OUTLINES = {name: places for name, places in DOCUMENTS.items() if name != "member"}
# Who puts up documents and outlines, and where; and the book of paper hand-overs, which is nobody else's.
KEEPERS = ("deputy", "secretary", "two_hats", "board", "committee")
KEPT = where((("deputy", "secretary", "two_hats"), frozenset({"own_cell"})), (("board", "committee"), OWN_COMMITTEE))
SEEN_BY_KEEPERS = {name: DOCUMENTS[name] for name in KEEPERS}
HANDOVERS = where(WORKING, (("board", "committee"), OWN_COMMITTEE))
HANDOVERS_KEPT = where((AT_THE_CELL, frozenset({"own_cell"})), (("board", "committee"), OWN_COMMITTEE))
# Names of organisations: where one stands and stood, what ever hung below, and the line above all of these.
ABOVE_OWN_CELL = OWN_COMMITTEE | LINE_ABOVE_COMMITTEE | {"foreign"}  # the predecessor hung below 11
NAMES = where(
    (CELL_PRINCIPALS, OWN_PAST | ABOVE_OWN_CELL),
    (("two_hats",), OWN_PAST | ABOVE_OWN_CELL | {"beside"}),
    (("speaker",), OWN_COMMITTEE | LINE_ABOVE_COMMITTEE),
    (TREE_PRINCIPALS, EVER_BELOW | LINE_ABOVE_COMMITTEE),
    (("administrator",), frozenset({"*"})),
)
NAMED = {**NAMES, "administrator": frozenset({*TREE, "moved_out_since", "moved_in_since"})}
NAMES_OF_ABSENT = where(WORKING, (ROSTERS, BELOW_THEN_OR_NOW))
REASONS = where(WORKING)
ROSTER = where(WORKING, (ROSTERS, BELOW_TODAY))
# What was said, voted and given to do is for the cell, and for those above who may read roll-calls; not for boards.
RECORDS = NAMES_OF_ABSENT
COUNTS = where(WORKING, DOWN)  # how many came is not for plain members
SPEAKERS = where(WORKING, (TREE_PRINCIPALS, BELOW_TODAY))
TALLIES = SPEAKERS
# They are held up to all below, members too; kept where they are by who looks after the speakers' work.
MODELS = where(
    WORKING,
    (("member",), frozenset({"own_cell"})),
    (("two_hats",), frozenset({"beside"})),
    ((*CELL_PRINCIPALS, "two_hats"), OWN_COMMITTEE | LINE_ABOVE_COMMITTEE),
    (TREE_PRINCIPALS, BELOW_TODAY | LINE_ABOVE_COMMITTEE),
)
NUMBERS = where(WORKING, (ROSTERS, BELOW_THEN_OR_NOW))
TERMS = where(WORKING, (ROSTERS, BELOW_TODAY | {"predecessor"}))  # of what is there, and of what came to it

# Themes are for all who see sessions; who prepares them, for the cell and those who may read names.
PREPARERS = where(*CELL_ROLES, (ROSTERS, BELOW_THEN_OR_NOW))
# Rules are read where they hold today, and from above.
RULES = where(
    (CELL_PRINCIPALS, SHARED_WITH_CELLS - {"predecessor"}),
    (("two_hats",), (SHARED_WITH_CELLS | {"beside"}) - {"predecessor"}),
    (TREE_PRINCIPALS, BELOW_TODAY | LINE_ABOVE_COMMITTEE),
    (("administrator",), frozenset({*TREE, "moved_out_since", "moved_in_since"})),
)
WAIVERS = where(WORKING, (TREE_PRINCIPALS, BELOW_TODAY | {"predecessor"}))
LETTING_OFF = where((("board", "committee"), BELOW_TODAY - OWN_COMMITTEE))
# Targets hold where they are set and below; whose figures one reads, whose targets one reads.
TARGETS = where(
    (AT_THE_CELL, OWN_PAST | ABOVE_OWN_CELL),
    (("two_hats",), frozenset({"beside"})),
    (TREE_PRINCIPALS, EVER_BELOW | LINE_ABOVE_COMMITTEE),
)
RULES_MADE = {principal: places & frozenset(TREE) for principal, places in RULES.items()}  # one for each organisation
ADMINISTERED = {"administrator": RULES["administrator"]}

# Whatever page it is: a text of this kind from a place not named here is a leak.
MAY_KNOW = {
    "name": NAMES,
    "leader": NAMES,
    "theme": SESSIONS,
    "where": SESSIONS,
    "agenda": SESSIONS,
    "presenter": RECORDS,
    "record": RECORDS,
    "vote": RECORDS,
    "task": RECORDS,
    "absent": NAMES_OF_ABSENT,
    "present": NAMES_OF_ABSENT,
    "roster": ROSTER,
    "reason": REASONS,
    "preparer": PREPARERS,
    "rulereason": RULES,
    "targetsource": TARGETS,
    "document": DOCUMENTS,
    "outline": DOCUMENTS,
    "secretoutline": SPEAKERS_OUTLINES,
    "conference": CONFERENCES,
    "site": CONFERENCES,
    "followup": COUNTS,
    "tally": TALLIES,
    "question": DOCUMENTS,
    "speaker": {**SPEAKERS, "speaker": OWN_COMMITTEE},  # they are in one team
    "decision": SPEAKERS,
    "model": MODELS,
    "failure": OWN_REPORTS,
    "drafted": OWN_REPORTS,
    "reported": REPORTS,
    "laid": LAID,
    "count": COUNTS,
    "rated": COUNTS,
    "scored": RECORDS,
    "number": NUMBERS,
    "waitingoutline": KEPT,
    "handover": HANDOVERS,
    "waiver": WAIVERS,
}


def may_know(principal: str, kind: str, place: str) -> bool:
    places = MAY_KNOW[kind].get(principal, NOWHERE)
    return place in places or "*" in places


@dataclass(frozen=True)
class Page:
    """One named URL. `get` and `post` say for whom and where; without an object, the places are just not empty."""

    of: str = ""  # the object in its path
    sees: Mapping[str, frozenset] = field(default_factory=dict)  # for whom that object exists
    get: Mapping[str, frozenset] | None = None  # None: it does not answer this method
    post: Mapping[str, frozenset] | None = None
    is_public: bool = False
    shows: Mapping[str, Mapping[str, frozenset]] = field(default_factory=dict)  # kinds of text it must show, to whom
    rows: str = ""  # it is a list of these
    readers: tuple[str, ...] = ()  # who see that list; else whoever of the usual ones may
    query: str = ""  # the parameter that takes an organisation, and who may name which
    query_sees: Mapping[str, frozenset] = field(default_factory=dict)
    asked: tuple[str, ...] = ("",)  # query strings with which it is read
    tried_at: str = "own_cell"  # the place whose object its forms are tried with

    def rule(self, method: str) -> Mapping[str, frozenset] | None:
        return self.get if method in {"GET", "HEAD"} else self.post


def writer_of(name: str) -> str:
    """Somebody who may send this form: the secretary where she may."""
    allowed = POLICY[name].post
    return next(one for one in ("secretary", "administrator", "committee", "board", *allowed) if allowed.get(one))


def everybody(*principals: str) -> dict[str, frozenset]:
    return dict.fromkeys(principals, frozenset({"anywhere"}))


WITH_SESSIONS = everybody(*CELL_PRINCIPALS, "two_hats", *TREE_PRINCIPALS)
READS_FIGURES = everybody(*AT_THE_CELL, *TREE_PRINCIPALS)
HELPERS = everybody("committee", "administrator")
ASKS_FOR_REPORTS = everybody(*AT_THE_CELL, "committee")
SIGNED_REPORTS = where((LEADING, OWN_PAST), (("committee",), OWN_COMMITTEE))
TO_ANSWER = where((("board",), BELOW_THEN_OR_NOW))  # all of them go to the committee through its board
LOOKS_DOWN = everybody(*TREE_PRINCIPALS)
ANSWERS_REPORTS = everybody("board", "committee")
RUNS = where((TREE_PRINCIPALS, OWN_COMMITTEE))  # each is begun at one place
RUNS_RETRIED = where((("board", "committee"), OWN_COMMITTEE))
BUNDLES = where((("committee",), OWN_COMMITTEE))  # who asked for it, and nobody else
TO_WORK_ON = where(WORKING)
TO_LEAD = where((LEADING, OWN_PAST))
TO_ATTEND = where((("member",), OWN_PAST), (("two_hats",), frozenset({"beside"})))  # for themselves
LEADS_REGISTERS = where((LEADING, OWN_PAST), (("committee",), OWN_COMMITTEE))
KEEPS_REGISTERS = everybody(*AT_THE_CELL, "board", "committee")
READS_TRAIL = everybody("administrator", "inspector")
COPIED = dict.fromkeys(("theme", "where", "agenda", "presenter", "record", "vote", "task", "scored"), TO_WORK_ON)
READS_TASKS = everybody(*CELL_PRINCIPALS, "two_hats", *ROSTERS)  # members find their own
TAKES_TASKS = everybody(*AT_THE_CELL, *ROSTERS)
TO_DECIDE = where((("committee",), BELOW_TODAY))
TO_RULE = where((LEADING, frozenset({"own_cell"})), (("committee",), BELOW_TODAY))
TO_TARGET = where((("board", "committee"), BELOW_TODAY))
# Figures are about an organisation, whenever it was below; a page about days when it was not says only that.
FIGURES = where(WORKING, (TREE_PRINCIPALS, EVER_BELOW))
IMPORTERS = everybody(*LEADING, "committee", "administrator")
WORKBOOK_IMPORTERS = everybody("committee", "administrator")
OWN_IMPORTS = where((("secretary",), OWN_PAST))  # who uploaded the file, and nobody else
TABS = ("", "?show=wrong", "?show=added", "?show=changed&page=2", "?show=closed", "?show=warnings")
YEARS = ("?span=Y&year=2024", "?span=Y&year=2024&structure=now", "?span=Y&year=2025")


def about_a_session(kind: str, rule=None, **more) -> Page:
    return Page(of=kind, sees=SESSIONS, **dict.fromkeys(more.pop("by"), rule), **more)


def about_a_report(kind: str, rule=None, **more) -> Page:
    return Page(of=kind, sees=OWN_REPORTS, **dict.fromkeys(more.pop("by"), rule or OWN_REPORTS), **more)


def about_a_yearly_report() -> Page:
    """Of a committee; what a cell may not write there, it is told."""
    return Page(of="yearly_report", sees=LAID, get=LAID, post=LAID, shows={"laid": LAID}, tried_at="own_committee")


def about_a_sent_report(rule, **more) -> Page:
    return Page(of="sent_report", sees=REPORTS, **dict.fromkeys(more.pop("by"), rule), **more)


def about_a_plan(rule, **more) -> Page:
    return Page(of="year_plan", sees=SESSIONS, **dict.fromkeys(more.pop("by"), rule), **more)


def about_a_document(kind: str, rule) -> Page:
    return Page(of=kind, sees=DOCUMENTS, get=rule, post=rule)


def figures_page(**more) -> Page:
    return Page(of="organisation", sees=FIGURES, get=FIGURES, asked=YEARS, **more)


EVERYWHERE = NAMED["administrator"]
ACCOUNTS = ("", "?q=nguyen+an", "?state=invited", "?role=secretary", "?state=x&role=x&page=0")
ENDED = frozenset({"predecessor", "foreign_predecessor", "ended", "ended_elsewhere"})
CELLS = frozenset({key for key, (_code, kind, *_rest) in TREE.items() if kind == CELL} | {"moved_in_since"})
SECRETARIES = ("secretary", "two_hats")
# Who says who holds which post; what stands no more has none to give.
ADMINISTRATION = where((("administrator",), EVERYWHERE))
GIVING_POSTS = where(
    (("administrator",), EVERYWHERE - ENDED), (("committee",), BELOW_TODAY), (SECRETARIES, frozenset({"own_cell"}))
)
POSTS = where((AT_THE_CELL, frozenset({"own_cell"})), (("committee",), BELOW_TODAY), (("administrator",), EVERYWHERE))
# A secretary does not end another secretary's post, nor a committee those of its own members.
ENDING_POSTS = where((("administrator",), EVERYWHERE - ENDED), (("committee",), BELOW_TODAY - OWN_COMMITTEE))
# The file holds the roster of a cell: for who leads it, and for the committees above.
HAND_OVER_FILE = where((("committee",), BELOW_TODAY & CELLS), (LEADING, frozenset({"own_cell"})))
HANDING_OVER = where(
    (("administrator",), (CELLS | {"moved_out_since"}) - ENDED),
    (("committee",), BELOW_TODAY & CELLS),
    (SECRETARIES, frozenset({"own_cell"})),
)


def about_an_account(*methods: str) -> Page:
    return Page(of="account", sees=ADMINISTRATION, **dict.fromkeys(methods, ADMINISTRATION))


ON_A_DAY = ("?day=23/07/2024", "?day=23/07/2024&search=tran")
TO_MANAGE = where((LEADING, OWN_PAST), (("committee",), BELOW_TODAY))
# Only where there is a cell today.
TO_ADD_TO = {name: places - {"predecessor", "own_committee", "section"} for name, places in TO_MANAGE.items()}


def roster_page(**more) -> Page:
    return Page(of="organisation", sees=NAMED, get=ROSTER, asked=ON_A_DAY, shows={"roster": ROSTER}, **more)


def task_of_a_roster(**methods) -> Page:
    return Page(of="person", sees=ROSTER, **(methods or {"get": TO_MANAGE, "post": TO_MANAGE}))


REORGANISES = everybody("committee", "administrator")
CARRIED_OUT = where((TREE_PRINCIPALS, EVER_BELOW), (("administrator",), EVERYWHERE))
DRAFTS = where((("committee",), BELOW_TODAY - OWN_COMMITTEE))
# What has ended, by those above it in its last days; what goes on, by those above it today.
TAKING_BACK = where(
    (("committee",), (BELOW_TODAY - OWN_COMMITTEE) | {"ended", "foreign_predecessor"}), (("administrator",), EVERYWHERE)
)
GIVING_BODIES = where(
    (("committee",), BELOW_TODAY),
    (("administrator",), EVERYWHERE - {"predecessor", "foreign_predecessor", "ended", "ended_elsewhere"}),
)


def about_a_draft(*methods: str) -> Page:
    return Page(of="reorganisation_draft", sees=DRAFTS, **dict.fromkeys(methods, DRAFTS))


APPOINTING = ("board", "committee")
TO_APPOINT = where((APPOINTING, BELOW_TODAY))
TO_KEEP = where((LEADING, OWN_PAST), (APPOINTING, BELOW_TODAY))
APPOINTED_NOW = {name: places - {"predecessor"} for name, places in SPEAKERS.items()}
TEAMS = {**SPEAKERS, "speaker": OWN_COMMITTEE}
OWN_TURNS = where((("speaker",), OWN_COMMITTEE))
TO_PLAN = {**TO_KEEP, **OWN_TURNS}
YEARLY = ("", "?year=2024", "?year=x&search=mau")


def about_speakers(rule, *methods: str, **more) -> Page:
    """Of an organisation that one may know of."""
    return Page(of="organisation", sees=NAMED, **dict.fromkeys(methods, rule), **more)


def about_a_speaker(kind: str, rule, *methods: str, sees=SPEAKERS, **more) -> Page:
    return Page(of=kind, sees=sees, **dict.fromkeys(methods, rule), **more)


def own_page(kind: str, *methods: str, sees=TEAMS) -> Page:
    """Only for the speaker whose turn it is; to the others of the team it is there, and not theirs."""
    return Page(of=kind, sees=sees, **dict.fromkeys(methods, OWN_TURNS), tried_at="own_committee")


SPEAKERS_PAGES = {
    "speakers:index": Page(get=everybody(*LOGGED_IN)),
    "speakers:levels": Page(get=everybody("administrator")),
    "speakers:change_level": Page(of="level_span", sees=ADMINISTERED, get=ADMINISTERED, post=ADMINISTERED),
    "speakers:mine": Page(get=everybody(*LOGGED_IN)),
    "speakers:announce": Page(get=everybody("speaker"), post=everybody("speaker")),
    "speakers:remove_absence": own_page("speaker_absence", "post", sees=OWN_TURNS),
    "speakers:place": about_speakers(SPEAKERS, "get"),
    "speakers:roster": about_speakers(SPEAKERS, "get", rows="speakers", shows={"speaker": APPOINTED_NOW}),
    "speakers:roster_print": about_speakers(SPEAKERS, "get", rows="speakers", shows={"speaker": APPOINTED_NOW}),
    "speakers:roster_table": about_speakers(SPEAKERS, "get", rows="speakers", shows={"decision": APPOINTED_NOW}),
    "speakers:appoint": about_speakers(TO_APPOINT, "get", "post"),
    "speakers:begin_review": about_speakers(TO_APPOINT, "get", "post"),
    "speakers:make_team": about_speakers(TO_KEEP, "get", "post"),
    "speakers:set_up_duties": about_speakers(TO_KEEP, "post"),
    "speakers:models": Page(get=WITH_SESSIONS, shows={"model": MODELS}),
    "speakers:book": about_speakers(SPEAKERS, "get", rows="classes", asked=YEARLY),
    "speakers:book_table": about_speakers(SPEAKERS, "get", rows="classes", asked=YEARLY),
    "speakers:add_record": about_speakers(TO_KEEP, "get", "post"),
    "speakers:change_record": about_a_speaker("speaker_record", TO_KEEP, "get", "post"),
    "speakers:remove_record": about_a_speaker("speaker_record", TO_KEEP, "post"),
    "speakers:correct": about_a_speaker("appointment", TO_APPOINT, "get", "post", shows={"decision": TO_APPOINT}),
    "speakers:end": about_a_speaker("appointment", TO_APPOINT, "get", "post", shows={"speaker": TO_APPOINT}),
    "speakers:review": about_a_speaker("speaker_review", SPEAKERS, "get", shows={"speaker": SPEAKERS}),
    "speakers:proposal_pdf": about_a_speaker("speaker_review", SPEAKERS, "get", shows={"speaker": SPEAKERS}),
    "speakers:proposal_word": about_a_speaker("speaker_review", SPEAKERS, "get"),
    "speakers:finish_review": about_a_speaker("speaker_review", TO_APPOINT, "get", "post"),
    "speakers:decide": about_a_speaker("review_item", TO_APPOINT, "get", "post", shows={"speaker": TO_APPOINT}),
    "speakers:team": about_a_speaker("team", TEAMS, "get", sees=TEAMS, shows={"speaker": TEAMS}),
    "speakers:change_team": about_a_speaker("team", TO_KEEP, "get", "post", sees=TEAMS),
    "speakers:add_member": about_a_speaker("team", TO_KEEP, "get", "post", sees=TEAMS),
    "speakers:change_member": about_a_speaker("team_member", TO_KEEP, "get", "post", sees=TEAMS),
    "speakers:upload_rules": about_a_speaker("team", TO_KEEP, "get", "post", sees=TEAMS),
    "speakers:download_rules": about_a_speaker("team_rules", TEAMS, "get", sees=TEAMS),
    "speakers:release_rules": about_a_speaker("waiting_rules", TO_KEEP, "post", sees=TEAMS),
    "speakers:refuse_rules": about_a_speaker("waiting_rules", TO_KEEP, "post", sees=TEAMS),
    "speakers:turns": Page(of="team", sees=TEAMS, get=TEAMS, post=TO_KEEP, shows={"speaker": TEAMS}),
    "speakers:accept": about_a_speaker("wish", TO_KEEP, "post", sees=TEAMS),
    "speakers:decline": about_a_speaker("turn", TO_PLAN, "get", "post", sees=TEAMS),
    "speakers:register": own_page("team", "get", "post"),
    "speakers:withdraw": own_page("wish", "post"),
    "speakers:swap": own_page("turn", "get", "post"),
    "speakers:answer_swap": own_page("swap", "post", sees=OWN_TURNS),
}


KEEPS_CONFERENCES = where((LEADING, OWN_PAST), (("board", "committee"), OWN_COMMITTEE))
# A site's own people report, its host does it for them; in the world both are one organisation.
REPORTS_ON_SITES = where(WORKING, (("board", "committee"), OWN_COMMITTEE))


def about_a_conference(kind: str, rule, *methods: str, **more) -> Page:
    return Page(of=kind, sees=CONFERENCES, **dict.fromkeys(methods, rule), **more)


CONFERENCE_PAGES = {
    "resolutions:conference": about_a_conference(
        "conference",
        CONFERENCES,
        "get",
        shows={"conference": CONFERENCES, "site": CONFERENCES},
        rows="sites",
        asked=("", "?sites=missing", "?sites=x&search=diem&page=0"),
    ),
    "resolutions:plan_conference": Page(get=everybody(*KEEPERS), post=everybody(*KEEPERS)),
    **{
        f"resolutions:{name}": about_a_conference(kind, KEEPS_CONFERENCES, *methods, shows=shows)
        for name, kind, methods, shows in (
            ("change_conference", "conference", ("get", "post"), {"conference": KEEPS_CONFERENCES}),
            ("postpone_conference", "planned_conference", ("get", "post"), {}),
            ("cancel_conference", "planned_conference", ("get", "post"), {}),
            ("hold_conference", "conference", ("get", "post"), {}),
            ("add_site", "conference", ("get", "post"), {}),
            ("add_child_sites", "conference", ("post",), {}),
            ("make_site_links", "conference", ("post",), {}),
            ("sites_workbook", "conference", ("get",), {"site": KEEPS_CONFERENCES}),
            ("sites_table", "conference", ("get",), {"site": KEEPS_CONFERENCES}),
            ("import_sites", "conference", ("get", "post"), {}),
            ("change_site", "site", ("get", "post"), {"site": KEEPS_CONFERENCES}),
            ("remove_site", "missing_site", ("post",), {}),
            ("make_site_link", "site", ("post",), {}),
            ("revoke_site_link", "site", ("post",), {}),
        )
    },
    "resolutions:site": about_a_conference(
        "site", REPORTS_ON_SITES, "get", "post", shows={"conference": REPORTS_ON_SITES, "site": REPORTS_ON_SITES}
    ),
    "resolutions:host_roll_call": about_a_conference(
        "conference", TO_WORK_ON, "get", "post", shows={"present": TO_WORK_ON, "absent": TO_WORK_ON}
    ),
    "resolutions:site_roll_call": about_a_conference(
        "site", TO_WORK_ON, "get", "post", shows={"present": TO_WORK_ON, "absent": TO_WORK_ON}
    ),
    "resolutions:tallies": Page(get=READS_FIGURES, shows={"tally": TALLIES}, rows="tallies"),
    "resolutions:add_tally": Page(get=everybody(*KEEPERS), post=everybody(*KEEPERS)),
    "resolutions:change_tally": Page(
        of="tally", sees=TALLIES, get=KEEPS_CONFERENCES, post=KEEPS_CONFERENCES, shows={"tally": KEEPS_CONFERENCES}
    ),
    "resolutions:remove_tally": Page(of="tally", sees=TALLIES, post=KEEPS_CONFERENCES),
    "resolutions:conference_indicators": Page(
        get=everybody(*TREE_PRINCIPALS), rows="conferences", asked=("", "?year=2024", "?year=2026", "?year=x")
    ),
    "resolutions:conference_rules": Page(get=everybody("administrator")),
    "resolutions:change_conference_rule": Page(
        of="conference_rule", sees=ADMINISTERED, get=ADMINISTERED, post=ADMINISTERED
    ),
    "resolutions:give_follow_up": about_a_conference("conference", KEEPS_CONFERENCES, "get", "post"),
    "resolutions:give_for_document": Page(of="document", sees=DOCUMENTS, get=KEPT, post=KEPT),
    "resolutions:follow_ups": Page(
        get=READS_FIGURES, shows={"followup": COUNTS}, rows="follow_ups", asked=("?show=all", "?show=all&kind=x&page=0")
    ),
    **{
        f"resolutions:{name}": Page(of=kind, sees=COUNTS, **dict.fromkeys(methods, rule), shows=shows)
        for name, kind, rule, methods, shows in (
            ("follow_up", "follow_up", COUNTS, ("get",), {"followup": COUNTS}),
            ("change_follow_up", "follow_up", KEEPS_CONFERENCES, ("get", "post"), {"followup": KEEPS_CONFERENCES}),
            ("waive_follow_up", "follow_up", KEEPS_CONFERENCES, ("get", "post"), {}),
            ("reopen_follow_up", "done_follow_up", KEEPS_CONFERENCES, ("get", "post"), {}),
            ("inspected_follow_up", "inspection", REPORTS_ON_SITES, ("get", "post"), {}),
            ("finish_follow_up", "follow_up", REPORTS_ON_SITES, ("get", "post"), {}),
            ("evidence", "evidence", COUNTS, ("get",), {"followup": COUNTS}),
            ("release_evidence", "waiting_evidence", REPORTS_ON_SITES, ("post",), {}),
            ("refuse_evidence", "waiting_evidence", REPORTS_ON_SITES, ("post",), {}),
        )
    },
    **{
        f"resolutions:{name}": Page(of=kind, sees=DOCUMENTS, **dict.fromkeys(methods, rule), **more)
        for name, kind, rule, methods, more in (
            ("quiz", "document", DOCUMENTS, ("get", "post"), {"shows": {"question": DOCUMENTS}}),
            ("quiz_result", "document", DOCUMENTS, ("get",), {}),
            (
                "quiz_participation",
                "document",
                {name: DOCUMENTS[name] for name in (*AT_THE_CELL, *TREE_PRINCIPALS)},
                ("get",),
                {"rows": "cells", "readers": ("committee",)},
            ),
            ("questions", "document", SEEN_BY_KEEPERS, ("get",), {"shows": {"question": KEPT}, "rows": "questions"}),
            ("add_question", "document", SEEN_BY_KEEPERS, ("get", "post"), {}),
            ("change_question", "question", KEPT, ("get", "post"), {"shows": {"question": KEPT}}),
            ("withdraw_question", "question", KEPT, ("post",), {}),
        )
    },
    # A public page that answers nothing to a made-up token.
    "resolutions:site_link": Page(is_public=True),
}


# What is owed is followed at one's own cell, and from above by the tree of today; above alone may let off.
FOLLOWED = where((AT_THE_CELL, frozenset({"own_cell"})), (TREE_PRINCIPALS, BELOW_TODAY))
OBLIGATIONS = {
    "reports:due": Page(get=READS_FIGURES, rows="cells", asked=("", "?state=late&name=chi+bo", "?state=x&page=0")),
    "reports:due_of": Page(
        of="organisation",
        sees=FOLLOWED,
        get=FOLLOWED,
        asked=("?year=2024&state=waived", "?year=2025&state=waived"),
        rows="cells",
    ),
    "reports:due_table": Page(
        of="organisation", sees=FOLLOWED, get=FOLLOWED, asked=("?year=2024&state=waived", "?year=2025&state=waived")
    ),
    "reports:obligation_rules": Page(get=everybody("administrator"), rows="obligation_rules"),
    "reports:new_obligation_rule": Page(get=everybody("administrator"), post=everybody("administrator")),
    **{
        f"reports:{name}_obligation_rule": Page(
            of="obligation_rule", sees=ADMINISTERED, get=ADMINISTERED, post=ADMINISTERED
        )
        for name in ("change", "end")
    },
    "reports:reminders": Page(get=everybody(*LOGGED_IN), post=everybody(*LOGGED_IN)),
    "reports:waive": Page(of="organisation", sees=FOLLOWED, get=LETTING_OFF, post=LETTING_OFF),
    "reports:take_back_waiver": Page(
        of="waiver", sees=WAIVERS, get=LETTING_OFF, post=LETTING_OFF, shows={"waiver": LETTING_OFF}
    ),
}


def import_page(kind: str, **more) -> Page:
    return Page(of=kind, sees=OWN_IMPORTS, get=OWN_IMPORTS, **more)


POLICY = {
    **SPEAKERS_PAGES,
    **CONFERENCE_PAGES,
    **OBLIGATIONS,
    "accounts:login": Page(is_public=True, get=everybody(*PRINCIPALS), post=everybody(*PRINCIPALS)),
    "accounts:logout": Page(is_public=True, post=everybody(*PRINCIPALS)),
    "accounts:password": Page(get=everybody(*LOGGED_IN), post=everybody(*LOGGED_IN)),
    "accounts:one_time_code": Page(is_public=True, get=everybody(*PRINCIPALS), post=everybody(*PRINCIPALS)),
    "accounts:new_password": Page(is_public=True, get=everybody(*PRINCIPALS), post=everybody(*PRINCIPALS)),
    "accounts:forgotten": Page(is_public=True),  # only where a mail server is set up
    "accounts:account": Page(get=everybody(*LOGGED_IN)),
    "accounts:guide": Page(get=everybody(*LOGGED_IN)),
    "accounts:guide_page": Page(get=everybody(*LOGGED_IN)),
    "accounts:mail_address": Page(get=everybody(*LOGGED_IN), post=everybody(*LOGGED_IN)),
    "accounts:end_log_in": Page(post=everybody(*LOGGED_IN)),
    "accounts:end_other_log_ins": Page(post=everybody(*LOGGED_IN)),
    "accounts:log_in_ends": Page(get=everybody(*LOGGED_IN), post=everybody(*LOGGED_IN)),
    "accounts:make_reset_code": Page(get=HELPERS, post=HELPERS),
    "accounts:second_factor_resets": Page(get=HELPERS, post=HELPERS),
    "accounts:confirm_second_factor_reset": Page(post=HELPERS),
    "account_login": Page(is_public=True, get=everybody(*PRINCIPALS), post=everybody(*PRINCIPALS)),
    "mfa_authenticate": Page(is_public=True, get=everybody(*PRINCIPALS), post=everybody(*PRINCIPALS)),
    "account_reauthenticate": Page(get=everybody(*LOGGED_IN), post=everybody(*LOGGED_IN)),
    "mfa_index": Page(get=everybody(*LOGGED_IN)),
    "mfa_activate_totp": Page(get=everybody(*LOGGED_IN), post=everybody(*LOGGED_IN)),
    "mfa_deactivate_totp": Page(get=everybody(*LOGGED_IN), post=everybody(*LOGGED_IN)),
    "mfa_add_webauthn": Page(get=everybody(*LOGGED_IN), post=everybody(*LOGGED_IN)),
    "mfa_remove_webauthn": Page(post=everybody(*LOGGED_IN)),
    "mfa_view_recovery_codes": Page(get=everybody(*LOGGED_IN)),
    "mfa_generate_recovery_codes": Page(get=everybody(*LOGGED_IN), post=everybody(*LOGGED_IN)),
    "accounts:administration": Page(get=everybody("administrator")),
    "reports:healthz": Page(is_public=True, get=everybody(*PRINCIPALS)),
    "reports:readyz": Page(is_public=True, get=everybody(*PRINCIPALS)),
    "reports:home": Page(get=everybody(*LOGGED_IN)),
    # Without a role it is an empty page that says so: the navigation is the same for all.
    "sessions:list": Page(
        get=everybody(*LOGGED_IN),
        shows={"theme": SESSIONS},  # how they were rated too, but on later pages
        rows="sessions",
        query="organisation",
        query_sees=NAMES,
    ),
    "sessions:plan": Page(get=everybody(*AT_THE_CELL), post=everybody(*AT_THE_CELL)),
    "sessions:detail": about_a_session(
        "closed_session",
        SESSIONS,
        by=("get",),
        shows={
            "theme": SESSIONS,
            "where": SESSIONS,
            "agenda": SESSIONS,
            "presenter": RECORDS,
            "record": RECORDS,
            "vote": RECORDS,
            "task": RECORDS,
            "count": COUNTS,
            "rated": COUNTS,
            "scored": RECORDS,
            "absent": NAMES_OF_ABSENT,
            "present": NAMES_OF_ABSENT,
            "reason": REASONS,
        },
    ),
    "sessions:change_plan": about_a_session("planned_session", TO_WORK_ON, by=("get", "post")),
    "sessions:open": about_a_session("planned_session", TO_WORK_ON, by=("post",)),
    "sessions:roll_call": about_a_session(
        "open_session", TO_WORK_ON, by=("get", "post"), shows={"absent": TO_WORK_ON, "reason": TO_WORK_ON}
    ),
    "sessions:save_draft": about_a_session("open_session", TO_WORK_ON, by=("post",)),
    "sessions:saved_marks": about_a_session("open_session", TO_WORK_ON, by=("get",), shows={"reason": TO_WORK_ON}),
    "sessions:close": about_a_session("open_session", TO_LEAD, by=("get", "post")),
    "sessions:undo": about_a_session("closed_session", TO_LEAD, by=("post",)),
    "sessions:reopen": about_a_session("closed_session", TO_LEAD, by=("get", "post")),
    # A public page that answers nothing to a made-up token: 404 for the feed, 403 for the code.
    "sessions:calendar_feed": Page(is_public=True),
    "sessions:check_in_landing": Page(is_public=True),
    "sessions:calendar": Page(get=everybody(*LOGGED_IN)),
    "sessions:renew_calendar": Page(post=everybody(*LOGGED_IN)),
    "sessions:revoke_calendar": Page(post=everybody(*LOGGED_IN)),
    "sessions:preparation": about_a_session("planned_session", TO_WORK_ON, by=("get",)),
    "sessions:tick": about_a_session("planned_session", TO_WORK_ON, by=("post",)),
    "sessions:assign": about_a_session("planned_session", TO_WORK_ON, by=("get", "post")),
    "sessions:invitation": about_a_session(
        "planned_session", TO_WORK_ON, by=("get",), shows={"agenda": TO_WORK_ON, "where": TO_WORK_ON}
    ),
    "sessions:postpone": about_a_session("planned_session", TO_WORK_ON, by=("get", "post")),
    "sessions:cancel": about_a_session("planned_session", TO_WORK_ON, by=("get", "post")),
    "sessions:announce_absence": about_a_session("planned_session", TO_ATTEND, by=("get", "post")),
    "sessions:withdraw_absence": about_a_session("planned_session", TO_ATTEND, by=("post",)),
    "sessions:absences": about_a_session("planned_session", TO_WORK_ON, by=("get", "post")),
    "sessions:remove_absence": about_a_session("planned_session", TO_WORK_ON, by=("post",)),
    "sessions:check_in_screen": about_a_session("open_session", TO_WORK_ON, by=("get",)),
    "sessions:check_in_code": about_a_session("open_session", TO_WORK_ON, by=("get",)),
    "sessions:check_in": about_a_session("open_session", TO_ATTEND, by=("get", "post")),
    "sessions:signature_sheet": about_a_session("planned_session", TO_WORK_ON, by=("get",)),
    "sessions:attach_sheet": about_a_session("closed_session", TO_WORK_ON, by=("get", "post")),
    "sessions:sheet_photo": Page(of="sheet", sees=TO_WORK_ON, get=TO_WORK_ON),
    "sessions:remove_sheet": Page(of="sheet", sees=TO_WORK_ON, get=TO_WORK_ON, post=TO_WORK_ON),
    "cells:organisations": Page(
        get=everybody(*LOGGED_IN), rows="cells", asked=("", "?search=chi+bo", "?day=01/07/2024", "?search=x&day=x")
    ),
    "cells:organisation": Page(
        of="organisation", sees=NAMED, get=NAMED, shows={"name": NAMED}, asked=("", "?day=01/07/2024", "?search=chi")
    ),
    "cells:reorganisations": Page(get=everybody(*TREE_PRINCIPALS, "administrator"), rows="reorganisations"),
    "cells:reorganise": Page(get=REORGANISES, post=REORGANISES),
    "cells:reorganisation": Page(of="reorganisation", sees=CARRIED_OUT, get=CARRIED_OUT),
    "cells:reorganisation_take_back": Page(of="reorganisation", sees=CARRIED_OUT, post=TAKING_BACK),
    "cells:reorganisation_choose": about_a_draft("get", "post"),
    "cells:reorganisation_fill": about_a_draft("get", "post"),
    "cells:reorganisation_preview": about_a_draft("get", "post"),
    "cells:reorganisation_discard": about_a_draft("post"),
    "cells:functions": Page(
        of="organisation", sees=NAMED, get=GIVING_BODIES, post=GIVING_BODIES, tried_at="own_committee"
    ),
    "cells:function": Page(of="function", sees=NAMED, get=GIVING_BODIES, post=GIVING_BODIES, tried_at="own_committee"),
    "cells:accounts": Page(get=everybody("administrator"), rows="users", asked=ACCOUNTS),
    "cells:new_account": Page(get=everybody("administrator"), post=everybody("administrator")),
    "cells:account": about_an_account("get"),
    "cells:account_post": about_an_account("get", "post"),
    "cells:account_tie": about_an_account("get", "post"),
    "cells:account_invite": about_an_account("get", "post"),
    "cells:account_revoke": about_an_account("get", "post"),
    "cells:account_deactivate": about_an_account("get", "post"),
    "cells:account_reactivate": about_an_account("get", "post"),
    "cells:make_administrator": about_an_account("get", "post"),
    "cells:end_administrator": about_an_account("get", "post"),
    "cells:invitation_made": Page(get=everybody(*LOGGED_IN)),
    "cells:invitation": Page(is_public=True, get=everybody(*PRINCIPALS), post=everybody(*PRINCIPALS)),
    "cells:invitation_open": Page(is_public=True, get=everybody(*PRINCIPALS)),
    "cells:posts": Page(of="organisation", sees=NAMED, get=GIVING_POSTS, shows={"leader": GIVING_POSTS}, rows="posts"),
    "cells:post_give": Page(of="organisation", sees=NAMED, get=GIVING_POSTS, post=GIVING_POSTS),
    "cells:hand_over": Page(of="organisation", sees=NAMED, get=HANDING_OVER, post=HANDING_OVER),
    "reports:hand_over_workbook": Page(
        of="organisation", sees=NAMED, get=HAND_OVER_FILE, shows={"roster": HAND_OVER_FILE}
    ),
    "reports:hand_over_pdf": Page(of="organisation", sees=NAMED, get=HAND_OVER_FILE),
    "reports:first_start": Page(get=everybody("administrator")),
    "reports:first_organisation": Page(get=everybody("administrator"), post=everybody("administrator")),
    "reports:first_administrator": Page(get=everybody("administrator"), post=everybody("administrator")),
    "reports:first_cells": Page(get=everybody("administrator"), post=everybody("administrator")),
    "reports:take_back_first_cells": Page(get=everybody("administrator"), post=everybody("administrator")),
    "reports:remove_sample": Page(get=everybody("administrator"), post=everybody("administrator")),
    "cells:post_end": Page(of="post", sees=POSTS, get=ENDING_POSTS, post=ENDING_POSTS),
    "cells:post_invite": Page(of="post", sees=POSTS, get=ENDING_POSTS, post=ENDING_POSTS),
    "sessions:agenda": about_a_session("planned_session", TO_WORK_ON, by=("get",), shows={"agenda": TO_WORK_ON}),
    "sessions:add_block": about_a_session("planned_session", TO_WORK_ON, by=("get", "post")),
    "sessions:lay_out_again": about_a_session("planned_session", TO_WORK_ON, by=("post",)),
    "sessions:copy_agenda": about_a_session("planned_session", TO_WORK_ON, by=("post",)),
    "sessions:keep_agenda": about_a_session("planned_session", TO_LEAD, by=("post",)),
    "sessions:change_block": about_a_session("block", TO_WORK_ON, by=("get", "post"), shows={"agenda": TO_WORK_ON}),
    "sessions:move_block": about_a_session("block", TO_WORK_ON, by=("post",)),
    "sessions:remove_block": about_a_session("block", TO_WORK_ON, by=("post",)),
    "sessions:record": about_a_session(
        "open_session", TO_WORK_ON, by=("get", "post"), shows={"agenda": TO_WORK_ON, "record": TO_WORK_ON}
    ),
    "sessions:save_record": about_a_session("open_session", TO_WORK_ON, by=("post",)),
    "sessions:saved_record": about_a_session("open_session", TO_WORK_ON, by=("get",), shows={"record": TO_WORK_ON}),
    "sessions:rate": about_a_session("open_session", TO_WORK_ON, by=("get",)),
    "sessions:rate_by": about_a_session("closed_session", TO_WORK_ON, by=("get", "post"), shows={"scored": TO_WORK_ON}),
    "sessions:save_rating": about_a_session("closed_session", TO_WORK_ON, by=("post",)),
    "sessions:saved_rating": about_a_session("closed_session", TO_WORK_ON, by=("get",), shows={"scored": TO_WORK_ON}),
    "sessions:work_out_again": about_a_session("closed_session", TO_WORK_ON, by=("post",)),
    "sessions:handbook": about_a_session("closed_session", TO_WORK_ON, by=("get",), shows=COPIED),
    "sessions:tick_handbook": about_a_session("closed_session", TO_WORK_ON, by=("post",)),
    "sessions:handbook_zip": about_a_session("closed_session", TO_WORK_ON, by=("get",), shows=COPIED),
    "sessions:add_vote": about_a_session("open_session", TO_WORK_ON, by=("get", "post")),
    "sessions:change_vote": Page(of="vote", sees=RECORDS, get=TO_WORK_ON, post=TO_WORK_ON, shows={"vote": TO_WORK_ON}),
    "sessions:remove_vote": Page(of="vote", sees=RECORDS, post=TO_WORK_ON),
    **{
        f"sessions:{name}": about_a_session("closed_session", RECORDS, by=("get",), shows=shows)
        for name, shows in (
            ("minutes", {"record": RECORDS, "absent": RECORDS, "reason": REASONS, "vote": RECORDS}),
            ("minutes_pdf", {}),
            ("minutes_docx", {}),
            ("resolution", {"name": RECORDS}),
            ("resolution_pdf", {}),
            ("resolution_docx", {}),
        )
    },
    "sessions:adopt_minutes": about_a_session("closed_session", TO_LEAD, by=("get", "post")),
    "sessions:adopt_resolution": about_a_session("closed_session", TO_LEAD, by=("get", "post")),
    "sessions:write_resolution": about_a_session("closed_session", TO_WORK_ON, by=("get", "post")),
    "sessions:paper": Page(of="paper", sees=RECORDS, get=RECORDS, shows={"record": RECORDS, "reason": REASONS}),
    "sessions:paper_pdf": Page(of="paper", sees=RECORDS, get=RECORDS),
    "sessions:paper_docx": Page(of="paper", sees=RECORDS, get=RECORDS),
    "sessions:withdraw_paper": Page(of="paper", sees=RECORDS, get=TO_LEAD, post=TO_LEAD),
    "sessions:correct_paper": Page(of="paper", sees=RECORDS, get=TO_LEAD, post=TO_LEAD),
    "sessions:add_scan": Page(of="paper", sees=RECORDS, get=TO_WORK_ON, post=TO_WORK_ON),
    # A scan of minutes shows reasons of absence, which stay in the cell; one of a resolution does not.
    "sessions:scan": Page(of="resolution_scan", sees=RECORDS, get=RECORDS, shows={"record": RECORDS}),
    "sessions:release_scan": Page(of="minutes_scan", sees=REASONS, post=TO_WORK_ON),
    "sessions:remove_scan": Page(of="minutes_scan", sees=REASONS, post=TO_WORK_ON),
    "sessions:give_task": about_a_session("open_session", TO_WORK_ON, by=("get", "post")),
    "sessions:tasks": Page(get=READS_TASKS, shows={"task": TO_WORK_ON}, rows="tasks"),
    "sessions:task_table": Page(get=TAKES_TASKS, shows={"task": RECORDS}, rows="tasks"),
    "sessions:task": Page(of="task", sees=RECORDS, get=RECORDS, shows={"task": RECORDS}),
    "sessions:change_task": Page(of="task", sees=RECORDS, get=TO_WORK_ON, post=TO_WORK_ON, shows={"task": TO_WORK_ON}),
    "sessions:tell_task": Page(of="task", sees=RECORDS, get=TO_WORK_ON, post=TO_WORK_ON, shows={"task": TO_WORK_ON}),
    "sessions:remove_task": Page(of="task", sees=RECORDS, post=TO_WORK_ON),
    "cells:roster": roster_page(rows="members"),
    "cells:roster_print": roster_page(rows="members"),
    "cells:roster_table": roster_page(rows="members"),
    "cells:add_member": Page(of="organisation", sees=NAMED, get=TO_ADD_TO, post=TO_ADD_TO),
    "cells:person": Page(of="person", sees=ROSTER, get=ROSTER, shows={"present": ROSTER}),
    "cells:amend_person": task_of_a_roster(),
    "cells:transfer": task_of_a_roster(),
    "cells:send_away": task_of_a_roster(),
    "cells:bring_back": task_of_a_roster(),
    "cells:turn_to": task_of_a_roster(),
    "cells:make_official": task_of_a_roster(),
    "cells:leave": task_of_a_roster(),
    "cells:confirm_arrival": task_of_a_roster(),
    "cells:correct_span": task_of_a_roster(),
    "cells:merge_person": task_of_a_roster(),
    "cells:undo_roster": task_of_a_roster(post=TO_MANAGE),
    "cells:imports": Page(get=IMPORTERS | everybody("board"), rows="imports"),
    "cells:import_upload": Page(get=IMPORTERS, post=IMPORTERS),
    "cells:workbook_template": Page(get=WORKBOOK_IMPORTERS),
    "cells:roster_template": Page(get=IMPORTERS),
    "cells:import": import_page("wrong_import", asked=TABS),
    "cells:import_state": import_page("import", shows={"failure": OWN_IMPORTS}),
    "cells:import_wrong_rows": import_page("wrong_import"),
    "cells:import_confirm": Page(of="right_import", sees=OWN_IMPORTS, post=OWN_IMPORTS),
    "cells:import_drop": Page(of="wrong_import", sees=OWN_IMPORTS, post=OWN_IMPORTS),
    "cells:import_undo": Page(of="past_import", sees=OWN_IMPORTS, post=OWN_IMPORTS),
    "cells:import_retry": Page(of="import", sees=OWN_IMPORTS, post=OWN_IMPORTS),
    **{
        name: Page(get=everybody("administrator"), post=everybody("administrator"))
        for name in ("sessions:new_national_rule", "sessions:holidays")
    },
    "sessions:national_rules": Page(get=everybody("administrator")),
    "sessions:rubrics": Page(get=everybody("administrator"), rows="rubrics"),
    "sessions:rubric": Page(of="rubric", sees=ADMINISTERED, get=ADMINISTERED),
    "sessions:copy_rubric": Page(of="rubric", sees=ADMINISTERED, get=ADMINISTERED, post=ADMINISTERED),
    "sessions:change_rubric": Page(of="rubric", sees=ADMINISTERED, get=ADMINISTERED, post=ADMINISTERED),
    "sessions:end_rubric": Page(of="rubric", sees=ADMINISTERED, get=ADMINISTERED, post=ADMINISTERED),
    "sessions:change_holiday": Page(of="holiday", sees=ADMINISTERED, get=ADMINISTERED, post=ADMINISTERED),
    "sessions:remove_holiday": Page(of="holiday", sees=ADMINISTERED, post=ADMINISTERED),
    "sessions:rules": Page(of="organisation", sees=RULES, get=RULES, shows={"rulereason": RULES_MADE}),
    "sessions:new_rule": Page(of="organisation", sees=RULES, **dict.fromkeys(("get", "post"), TO_RULE)),
    "sessions:change_rule": Page(of="rule", sees=RULES, **dict.fromkeys(("get", "post"), TO_RULE)),
    "sessions:end_rule": Page(of="rule", sees=RULES, **dict.fromkeys(("get", "post"), TO_RULE)),
    "sessions:year_plans": Page(get=WITH_SESSIONS, rows="year_plans", readers=("committee",)),
    "sessions:year_plan": about_a_plan(SESSIONS, by=("get",), shows={"theme": SESSIONS, "preparer": PREPARERS}),
    "sessions:print_year_plan": about_a_plan(SESSIONS, by=("get",), shows={"theme": SESSIONS, "preparer": PREPARERS}),
    "sessions:edit_year_plan": about_a_plan(TO_WORK_ON, by=("get", "post")),
    "sessions:copy_year_plan": about_a_plan(TO_WORK_ON, by=("post",)),
    "sessions:register_year_plan": about_a_plan(TO_LEAD, by=("post",)),
    "sessions:withdraw_year_plan": about_a_plan(TO_LEAD, by=("post",)),
    "sessions:accept_year_plan": about_a_plan(TO_DECIDE, by=("post",)),
    "sessions:return_year_plan": about_a_plan(TO_DECIDE, by=("get", "post")),
    "sessions:move_theme": Page(of="planned_theme", sees=SESSIONS, get=TO_WORK_ON, post=TO_WORK_ON),
    "resolutions:list": Page(
        get=everybody(*LOGGED_IN),
        shows={"document": DOCUMENTS, "outline": DOCUMENTS, "secretoutline": SPEAKERS_OUTLINES},
        rows="documents",
    ),
    "resolutions:document": Page(
        of="document",
        sees=DOCUMENTS,
        get=DOCUMENTS,
        shows={"document": DOCUMENTS, "outline": DOCUMENTS, "secretoutline": SPEAKERS_OUTLINES},
    ),
    "resolutions:download": Page(of="outline", sees=DOCUMENTS, get=DOCUMENTS, shows={"outline": DOCUMENTS}),
    "resolutions:add": Page(
        get=everybody(*KEEPERS), post=everybody(*KEEPERS), asked=("", "?cite=05-NQ/TW", "?cite=x&page=0")
    ),
    "resolutions:amend": about_a_document("document", KEPT),
    "resolutions:withdraw": about_a_document("document", KEPT),
    "resolutions:add_outline": about_a_document("document", SEEN_BY_KEEPERS),
    "resolutions:new_edition": about_a_document("outline", KEPT),
    "resolutions:withdraw_outline": about_a_document("outline", KEPT),
    "resolutions:waiting": Page(get=everybody(*KEEPERS), shows={"waitingoutline": KEPT}, rows="waiting_outlines"),
    "resolutions:review": Page(of="waiting_outline", sees=KEPT, get=KEPT, shows={"waitingoutline": KEPT}),
    "resolutions:review_file": Page(of="waiting_outline", sees=KEPT, get=KEPT),
    "resolutions:release": Page(of="waiting_outline", sees=KEPT, post=KEPT),
    "resolutions:refuse": Page(of="waiting_outline", sees=KEPT, post=KEPT),
    "resolutions:receive": Page(of="outline", sees=DOCUMENTS, post=where((AT_THE_CELL, SHARED_WITH_CELLS)), shows={}),
    "resolutions:receipts": Page(
        of="outline",
        sees=DOCUMENTS,
        get={name: DOCUMENTS[name] for name in TREE_PRINCIPALS},
        rows="children",
        asked=("", "?holding=missing&search=chi+bo", "?holding=x&page=0"),
    ),
    "resolutions:receipts_table": Page(
        of="outline", sees=DOCUMENTS, get={name: DOCUMENTS[name] for name in TREE_PRINCIPALS}
    ),
    "resolutions:handovers": Page(
        get=everybody(*AT_THE_CELL, "board", "committee"), shows={"handover": HANDOVERS}, rows="handovers"
    ),
    "resolutions:handovers_print": Page(
        get=everybody(*AT_THE_CELL, "board", "committee"), shows={"handover": HANDOVERS}, rows="handovers"
    ),
    "resolutions:handovers_table": Page(get=everybody(*AT_THE_CELL, "board", "committee")),
    "resolutions:handover_enter": Page(
        get=everybody(*AT_THE_CELL, "board", "committee"), post=everybody(*AT_THE_CELL, "board", "committee")
    ),
    "resolutions:handover_returned": Page(of="handover", sees=HANDOVERS, get=HANDOVERS_KEPT, post=HANDOVERS_KEPT),
    "resolutions:handover_cancel": Page(of="handover", sees=HANDOVERS, get=HANDOVERS_KEPT, post=HANDOVERS_KEPT),
    "resolutions:conference_list": Page(
        get=WITH_SESSIONS,
        shows={"conference": CONFERENCES},
        rows="conferences",
        query="organisation",
        query_sees=NAMES,
    ),
    "reports:dashboard": Page(get=READS_FIGURES),
    "reports:dashboard_of": figures_page(rows="children"),
    "reports:children_table": figures_page(),
    "reports:sessions_behind": figures_page(rows="sessions"),
    "reports:sessions_table": figures_page(),
    "reports:duties_behind": figures_page(rows="cells"),
    "reports:duties_table": figures_page(),
    "reports:members_behind": figures_page(rows="members"),
    "reports:members_table": figures_page(),
    "reports:speakers_behind": figures_page(rows="speakers"),
    "reports:speakers_table": figures_page(),
    "reports:organisations_behind": figures_page(rows="cells"),
    "reports:organisations_table": figures_page(),
    "reports:targets": Page(
        of="organisation",
        sees=FIGURES,
        get=FIGURES,
        shows={"targetsource": {name: places & frozenset(TREE) for name, places in FIGURES.items()}},
        asked=("?span=Y&year=2024",),
    ),
    "reports:targets_table": figures_page(),
    "reports:new_target": Page(of="organisation", sees=FIGURES, **dict.fromkeys(("get", "post"), TO_TARGET)),
    "reports:change_target": Page(of="target", sees=TARGETS, **dict.fromkeys(("get", "post"), TO_TARGET)),
    "reports:remove_target": Page(of="target", sees=TARGETS, post=TO_TARGET),
    "reports:propaganda": figures_page(),
    "reports:outlines_behind": figures_page(rows="documents"),
    "reports:outlines_table": figures_page(),
    "reports:conferences_behind": figures_page(rows="conferences"),
    "reports:conferences_table": figures_page(),
    "reports:lights": figures_page(rows="cells"),
    "reports:lights_table": figures_page(),
    "reports:changes": figures_page(rows="cells"),
    "reports:changes_table": figures_page(),
    "reports:heat_map": figures_page(rows="cells"),
    "reports:heat_map_table": figures_page(),
    "reports:comparison": figures_page(rows="children"),
    "reports:comparison_table": figures_page(),
    "reports:year_before": figures_page(),
    "reports:year_before_table": figures_page(),
    "reports:list": Page(get=READS_FIGURES, rows="reports"),
    "reports:request": Page(
        get=ASKS_FOR_REPORTS,
        post=ASKS_FOR_REPORTS,
        asked=("?span=Q3&year=2024&until=14%2F08%2F2024", "?organisation=x"),
    ),
    "reports:rules": Page(get=everybody("administrator")),
    "reports:new_layout": Page(get=everybody("administrator"), post=everybody("administrator")),
    "reports:new_route": Page(get=everybody("administrator"), post=everybody("administrator")),
    "reports:runs": Page(get=LOOKS_DOWN, rows="runs", readers=TREE_PRINCIPALS),
    "reports:begin_run": Page(get=ANSWERS_REPORTS, post=ANSWERS_REPORTS),
    "reports:run": Page(of="run", sees=RUNS, get=RUNS),
    "reports:run_state": Page(of="run", sees=RUNS, get=RUNS),
    "reports:retry_run": Page(of="run", sees=RUNS, post=RUNS_RETRIED),
    "reports:bundle": Page(get=LOOKS_DOWN),
    "reports:bundle_zip": Page(get=LOOKS_DOWN),
    "reports:ask_for_bundle": Page(post=LOOKS_DOWN),
    "reports:made_bundle": Page(of="bundle", sees=BUNDLES, get=BUNDLES, shows={"reported": BUNDLES}),
    "reports:bundle_state": Page(of="failed_bundle", sees=BUNDLES, get=BUNDLES, shows={"failure": BUNDLES}),
    "reports:download_bundle": Page(of="bundle", sees=BUNDLES, get=BUNDLES, shows={"reported": BUNDLES}),
    "reports:make_bundle_again": Page(of="failed_bundle", sees=BUNDLES, post=BUNDLES, tried_at="own_committee"),
    "reports:call_off_bundle": Page(of="waiting_bundle", sees=BUNDLES, post=BUNDLES, tried_at="own_committee"),
    "reports:request_about_conference": Page(get=ASKS_FOR_REPORTS, post=ASKS_FOR_REPORTS),
    "reports:detail": about_a_report("failed_report", by=("get",), shows={"failure": OWN_REPORTS}),
    "reports:state": about_a_report("failed_report", by=("get",), shows={"failure": OWN_REPORTS}),
    "reports:download": about_a_sent_report(REPORTS, by=("get",), shows={"reported": REPORTS}),
    "reports:retry": about_a_report("failed_report", by=("post",)),
    "reports:make_anew": about_a_report("report", by=("post",)),
    "reports:preview": about_a_sent_report(REPORTS, by=("get",), shows={"reported": REPORTS}),
    "reports:figure": about_a_sent_report(REPORTS, by=("get",)),
    "reports:word": about_a_sent_report(REPORTS, by=("get",)),
    "reports:spreadsheet": about_a_sent_report(REPORTS, by=("get",), shows={"reported": REPORTS}),
    "reports:write": about_a_report("report", by=("get", "post"), shows={"drafted": OWN_REPORTS}),
    "reports:save_texts": about_a_report("report", by=("post",)),
    "reports:saved_texts": about_a_report("report", by=("get",), shows={"drafted": OWN_REPORTS}),
    "reports:wordings": about_a_report("report", by=("get",), shows={"drafted": OWN_REPORTS}),
    "reports:take_wording": about_a_report("report_wording", by=("post",)),
    "reports:submit": about_a_report("report", by=("post",)),
    "reports:take_back": about_a_report("submitted_report", by=("post",)),
    "reports:sign": about_a_report("report", SIGNED_REPORTS, by=("get", "post"), shows={"drafted": SIGNED_REPORTS}),
    "reports:send": about_a_report("signed_report", SIGNED_REPORTS, by=("post",)),
    "reports:lay": about_a_yearly_report(),
    "reports:take_back_laying": about_a_yearly_report(),
    "reports:receive": about_a_sent_report(TO_ANSWER, by=("post",)),
    "reports:send_back": about_a_sent_report(TO_ANSWER, by=("get", "post")),
    "reports:add_scan": about_a_report("signed_report", by=("get", "post")),
    "reports:scan": Page(of="report_scan", sees=REPORTS, get=REPORTS, shows={"reported": REPORTS}),
    "reports:release_scan": Page(of="report_scan", sees=REPORTS, post=OWN_REPORTS),
    "reports:remove_scan": Page(of="report_scan", sees=REPORTS, post=OWN_REPORTS),
    "cells:numbers": Page(get=READS_FIGURES, shows={"number": NUMBERS}, rows="numbers"),
    "cells:numbers_table": Page(get=READS_FIGURES, shows={"number": NUMBERS}),
    "cells:take_number": Page(get=KEEPS_REGISTERS, post=KEEPS_REGISTERS),
    "cells:cancel_number": Page(
        of="registered_number",
        sees=NUMBERS,
        get=LEADS_REGISTERS,
        post=LEADS_REGISTERS,
        shows={"number": LEADS_REGISTERS},
    ),
    "cells:terms": Page(get=READS_FIGURES, rows="terms"),
    "cells:make_term": Page(
        get=everybody(*LEADING, "board", "committee"), post=everybody(*LEADING, "board", "committee")
    ),
    "cells:change_term": Page(of="term", sees=TERMS, get=LEADS_REGISTERS, post=LEADS_REGISTERS),
    "cells:continue_register": Page(of="term", sees=TERMS, get=LEADS_REGISTERS, post=LEADS_REGISTERS),
    "cells:audit": Page(get=READS_TRAIL),
    "cells:audit_table": Page(get=READS_TRAIL),
    "cells:my_data": Page(get=everybody(*LOGGED_IN)),
    "cells:my_data_file": Page(get=everybody(*LOGGED_IN)),
    "cells:personal_data": Page(get=everybody("administrator"), post=everybody("administrator")),
    # Only after a reason went on record; without one it leads back to where it is asked for.
    "cells:personal_data_of": Page(of="rostered", sees=ADMINISTRATION, get=ADMINISTRATION),
    "cells:personal_data_file": Page(of="rostered", sees=ADMINISTRATION, get=ADMINISTRATION),
    "cells:correct_personal_data": Page(of="rostered", sees=ADMINISTRATION, get=ADMINISTRATION, post=ADMINISTRATION),
    "cells:anonymise": Page(of="rostered", sees=ADMINISTRATION, get=ADMINISTRATION, post=ADMINISTRATION),
}


assert set(WITHOUT_ROLE) < set(LOGGED_IN)
