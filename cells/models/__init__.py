"""The models of organisations and people, by what they are about; import them from here."""

from cells.models.estimates import Estimate
from cells.models.files import ImportBatch, ImportBatchQuerySet, Revision, UploadStatement
from cells.models.layouts import HeadingStyle, LayoutCode, PaperLayout
from cells.models.numbers import (
    NOT_FOR_CELLS,
    DocumentType,
    NumberSeries,
    RegisteredNumber,
    RegisteredNumberQuerySet,
    Term,
    TermQuerySet,
)
from cells.models.people import (
    EXPECTED_STATUSES,
    Leaving,
    Membership,
    MembershipQuerySet,
    Person,
    PersonQuerySet,
    RosterChange,
    Standing,
    Status,
)
from cells.models.posts import Post, PostQuerySet, Role
from cells.models.reorganisations import Reorganisation, ReorganisationPart, ReorganisationQuerySet
from cells.models.tree import (
    CELL_KINDS,
    FunctionQuerySet,
    Kind,
    Lineage,
    LineageQuerySet,
    Organisation,
    OrganisationFunction,
    OrganisationPeriod,
    OrganisationQuerySet,
    name_keys,
)

__all__ = [
    "CELL_KINDS",
    "EXPECTED_STATUSES",
    "NOT_FOR_CELLS",
    "DocumentType",
    "Estimate",
    "FunctionQuerySet",
    "HeadingStyle",
    "ImportBatch",
    "ImportBatchQuerySet",
    "Kind",
    "LayoutCode",
    "Leaving",
    "Lineage",
    "LineageQuerySet",
    "Membership",
    "MembershipQuerySet",
    "NumberSeries",
    "Organisation",
    "OrganisationFunction",
    "OrganisationPeriod",
    "OrganisationQuerySet",
    "PaperLayout",
    "Person",
    "PersonQuerySet",
    "Post",
    "PostQuerySet",
    "RegisteredNumber",
    "RegisteredNumberQuerySet",
    "Reorganisation",
    "ReorganisationPart",
    "ReorganisationQuerySet",
    "Revision",
    "Role",
    "RosterChange",
    "Standing",
    "Status",
    "Term",
    "TermQuerySet",
    "UploadStatement",
    "name_keys",
]
