"""Whose name stands under a report, and from which place it is dated."""

from accounts.models import User
from cells.models import Role
from reports.issuing import Signature
from reports.models import Report, SignerPost

POSTS = {Role.SECRETARY: SignerPost.SECRETARY, Role.DEPUTY_SECRETARY: SignerPost.DEPUTY}


def own_post(user: User, report: Report) -> SignerPost | None:
    """As which post of the cell the user signs; None where it is no cell of theirs."""
    for role, post in POSTS.items():
        if user.reach.acts_at({role}, report.organisation_id):
            return post
    return None


def usual(report: Report) -> dict[str, str]:
    """Where the last report of this organisation was signed, and by whom."""
    earlier = Report.unscoped.filter(organisation=report.organisation_id, content__isnull=False)
    last = earlier.order_by("signed_at").last()
    if last is None:
        return {}
    dated = last.content["letterhead"]["dated"]
    ending = next(block for block in last.content["blocks"] if block["kind"] == "ending")
    seat = dated.partition(", ngày ")[0]
    found = {"signer": ending["signer"], "seat": "" if seat.startswith("…") else seat}
    posts = {str(post.label): post.value for post in SignerPost}
    return found | {"signer_post": posts.get(ending["post"], SignerPost.SECRETARY)}


def signature(user: User, report: Report, told: dict) -> Signature:
    post = own_post(user, report)
    if post is not None:
        return Signature(told["seat"], str(user), post)
    return Signature(told["seat"], told["signer"], SignerPost(told["signer_post"]))
