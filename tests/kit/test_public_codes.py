"""Public codes: given once, followed for ever."""

import datetime as dt
import uuid

import pytest

from kit import codes, public_codes
from kit.ids import uuid7
from kit.models import PublicCode
from kit.transitions import IllegalMove

AT = dt.datetime(2026, 11, 22, 5, 40, tzinfo=dt.UTC)
DISTRICT = "440607"

pytestmark = pytest.mark.django_db


def issued(kind="b", target=None):
    return public_codes.issue(kind, DISTRICT, target or uuid7(), AT)


def test_an_issued_code_leads_to_its_target():
    target = uuid7()
    code = issued("s", target)
    found = public_codes.look_up(code.token)
    assert (found.kind, found.district_id, found.target_id, found.state) == ("s", DISTRICT, target, "active")
    assert public_codes.look_up_typed(code.typed_code) == found


def test_a_code_is_found_however_it_is_typed():
    code = issued()
    assert public_codes.look_up(f" {code.token.lower()} ") == code
    assert public_codes.look_up_typed(codes.grouped(code.typed_code).lower()) == code


def test_a_wrong_check_character_costs_no_query(django_assert_num_queries):
    code = issued()
    wrong = code.token[:-1] + ("0" if code.token[-1] != "0" else "1")
    with django_assert_num_queries(0):
        assert public_codes.look_up(wrong) is None
        assert public_codes.look_up_typed("nonsense") is None


def test_an_unknown_code_leads_nowhere():
    assert public_codes.look_up(codes.new_token()) is None


def test_codes_for_several_targets_come_in_their_order():
    targets = [uuid7() for _ in range(20)]
    made = public_codes.issue_many("s", DISTRICT, targets, AT)
    assert [code.target_id for code in made] == targets
    assert len({code.typed_code for code in made}) == 20


def test_a_typed_code_already_given_is_drawn_again(monkeypatch):
    first = issued()
    fresh = codes.new_typed_code()
    drawn = iter([first.typed_code, fresh])
    monkeypatch.setattr(codes, "new_typed_code", lambda: next(drawn))
    assert issued().typed_code == fresh


def test_drawing_ends_when_the_trouble_is_not_a_collision():
    with pytest.raises(Exception, match="public_code_reserved_or_has_target"):
        public_codes.issue("b", DISTRICT, None, AT)


def test_a_device_puts_a_reserved_code_to_use_once():
    device, target = uuid7(), uuid7()
    reserved = public_codes.reserve("v", DISTRICT, device, 3, AT)
    assert {code.state for code in reserved} == {"reserved"}
    token = reserved[0].token
    public_codes.activate(token, device_id=device, kind="v", target_id=target)
    assert public_codes.look_up(token).target_id == target
    with pytest.raises(public_codes.NotReserved):
        public_codes.activate(token, device_id=device, kind="v", target_id=uuid7())


@pytest.mark.parametrize("claim", [{"device_id": uuid.UUID(int=1)}, {"kind": "b"}])
def test_a_code_reserved_for_another_device_or_page_is_refused(claim):
    device = uuid7()
    (code,) = public_codes.reserve("v", DISTRICT, device, 1, AT)
    with pytest.raises(public_codes.NotReserved):
        public_codes.activate(code.token, **{"device_id": device, "kind": "v", "target_id": uuid7(), **claim})


def test_a_replaced_code_says_by_which():
    old = issued("d")
    new = public_codes.replace(old.token, AT)
    old = public_codes.look_up(old.token)
    assert (old.state, old.replaced_by, old.ended_at) == ("replaced", new.token, AT)
    assert (new.kind, new.target_id, new.state) == ("d", old.target_id, "active")
    with pytest.raises(IllegalMove):
        public_codes.replace(old.token, AT)
    assert PublicCode.objects.filter(target_id=new.target_id).count() == 2


def test_a_retired_code_still_answers():
    code = issued()
    public_codes.retire(code.token, AT)
    assert public_codes.look_up(code.token).state == "retired"
    with pytest.raises(IllegalMove):
        public_codes.retire(code.token, AT)


def test_touching_raises_the_version_of_the_page():
    one, two, other = issued(), issued(), issued()
    public_codes.touch(one.token, two.token)
    assert [public_codes.look_up(code.token).version for code in (one, two, other)] == [2, 2, 1]


@pytest.mark.parametrize("end", [public_codes.replace, public_codes.retire])
def test_an_ended_code_has_its_page_drawn_anew(end):
    code = issued()
    end(code.token, AT)
    assert public_codes.look_up(code.token).version == 2
