"""Who may do what to a request, and who may read it."""

import pytest

from bot.core.errors import UserError
from bot.features.requests.domain import Door, Move, Origin
from bot.features.requests.rights import Acting, check, may_see
from tests.features.requests.make import ALICE, ANA, BOB, acting, outsider, request

MEMBER, ADMIN, REQUESTER, OTHER_TEAM = (
    acting(),
    acting(works=(), admin=True),
    outsider(ANA),
    acting(BOB, works=(2,)),
)
OWN = {Move.RESOLVE, Move.REOPEN}
PRIVATE = Origin(door=Door.FORM, channel="C0PRIVATE1", private=True)


@pytest.mark.parametrize("move", list(Move))
@pytest.mark.parametrize("who", [MEMBER, ADMIN], ids=["member", "admin"])
def test_members_and_admins_work_the_queue(who: Acting, move: Move) -> None:
    check(who, request(), move, "Payments")


@pytest.mark.parametrize("move", sorted(OWN))
def test_a_requester_resolves_and_reopens_their_own(move: Move) -> None:
    check(REQUESTER, request(), move, "Payments")


@pytest.mark.parametrize("move", sorted(set(Move) - OWN))
def test_a_requester_is_told_that_the_rest_is_for_the_team(move: Move) -> None:
    with pytest.raises(UserError, match="Only members of Payments can do that with #12"):
        check(REQUESTER, request(), move, "Payments")


@pytest.mark.parametrize("move", list(Move))
@pytest.mark.parametrize("who", [outsider(), OTHER_TEAM], ids=["outsider", "another team"])
def test_others_change_nothing(who: Acting, move: Move) -> None:
    with pytest.raises(UserError, match="Only members of Payments"):
        check(who, request(), move, "Payments")


def test_whoever_filed_it_for_somebody_has_no_more_rights_than_others() -> None:
    with pytest.raises(UserError, match="Only members"):
        check(outsider(BOB), request(filed_by=BOB), Move.RESOLVE, "Payments")


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        (MEMBER, True),
        (ADMIN, True),
        (REQUESTER, True),
        (outsider(BOB), True),
        (outsider(), False),
        (OTHER_TEAM, True),
        (acting("U0OTHER001", works=(2,)), False),
    ],
)
def test_what_came_from_a_private_place_is_for_those_concerned(who: Acting, sees: bool) -> None:
    assert may_see(who, request(origin=PRIVATE, filed_by=BOB)) is sees


def test_everybody_reads_what_was_asked_in_public() -> None:
    assert may_see(outsider(), request())


def test_a_hidden_request_is_refused_like_one_that_does_not_exist() -> None:
    with pytest.raises(UserError, match="does not exist, or you cannot see it"):
        check(outsider(), request(origin=PRIVATE), Move.CLAIM, "Payments")


def test_nobody_of_another_workspace_sees_it() -> None:
    elsewhere = Acting(workspace_id="T0ELSEWHERE", user_id=ALICE, works=frozenset({1}), admin=True)
    assert not may_see(elsewhere, request())
