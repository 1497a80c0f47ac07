"""A sealed ledger shows what was changed, removed or inserted, and names it.

The ledger here is a table of notes. Who tampers is the owner of the tables: the application's own
role cannot even try.
"""

import datetime as dt
import hashlib
import json

import pytest
from django.db import ProgrammingError, connection, models, transaction
from django.test.utils import isolate_apps

from kit import clock, jsonsafe, seals
from kit.models import AppendOnly, Seal, SealLeaf
from kit.verification import Finding, verify
from tests.kit.together import together

pytestmark = pytest.mark.django_db(transaction=True)

HERE, THERE = "320582", "320583"
NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


class Notes:
    """A ledger of notes, written and sealed at minutes after noon."""

    name = "notes"
    moment = "recorded_at"

    def __init__(self, model):
        self.model = model

    def rows(self):
        return self.model.objects.all()

    def canonical(self, row):
        return jsonsafe.canonical({"id": row.id, "words": row.words, "recorded_at": row.recorded_at})

    def write(self, words, minute, district_id=HERE):
        return self.model.objects.create(district_id=district_id, words=words, recorded_at=NOON + minute * MINUTE)

    def seal(self, minute, district_id=HERE):
        with clock.freeze(NOON + minute * MINUTE):
            return seals.seal(self, district_id)


@pytest.fixture
def notes(owner_cursor):
    with isolate_apps("kit"):

        class Note(AppendOnly):
            words = models.TextField()
            recorded_at = models.DateTimeField()

            class Meta:
                app_label = "kit"
                db_table = "kit_test_note"

            def __str__(self):
                return self.words

    owner_cursor.execute("CREATE TABLE kit_test_note (id uuid, district_id text, words text, recorded_at timestamptz)")
    owner_cursor.execute(f"GRANT SELECT, INSERT ON kit_test_note TO {connection.settings_dict['USER']}")
    yield Notes(Note)
    owner_cursor.execute("DROP TABLE kit_test_note")


@pytest.fixture
def sealed(notes):
    """Four notes under two seals: a and b under the first, c and d under the second."""
    notes.a, notes.b = notes.write("a", 0), notes.write("b", 1)
    notes.first = notes.seal(10)
    notes.c, notes.d = notes.write("c", 11), notes.write("d", 12)
    notes.second = notes.seal(20)
    return notes


class TestSealing:
    def test_a_seal_covers_what_is_older_than_the_lateness(self, notes):
        notes.write("a", 0)
        notes.write("too fresh", 9)
        made = notes.seal(10)
        assert (made.number, made.leaf_count, made.cutoff) == (1, 1, NOON + 8 * MINUTE)
        assert seals.sealed_until(notes, HERE) == made.cutoff

    def test_the_next_one_covers_the_rest_and_is_chained_to_it(self, sealed):
        assert sealed.first.previous_root == seals.GENESIS
        assert (sealed.second.number, sealed.second.previous_root) == (2, sealed.first.root)
        assert set(sealed.second.leaves.values_list("row_id", flat=True)) == {sealed.c.id, sealed.d.id}

    def test_nothing_due_makes_no_seal(self, notes):
        assert notes.seal(10) is None
        notes.write("a", 0)
        assert notes.seal(10).leaf_count == 1
        assert notes.seal(11) is None

    def test_a_quiet_ledger_is_sealed_empty_once_an_hour(self, sealed):
        assert sealed.seal(79) is None
        assert sealed.seal(80).leaf_count == 0
        assert verify(sealed) == []

    def test_a_clock_that_went_back_seals_nothing(self, sealed):
        sealed.write("e", 5)
        assert sealed.seal(15) is None

    def test_districts_have_chains_of_their_own(self, sealed):
        sealed.write("there", 0, THERE)
        assert sealed.seal(20, THERE).previous_root == seals.GENESIS
        assert verify(sealed) == []

    def test_the_root_is_the_one_the_documentation_describes(self, sealed):
        """Anybody can check a root with SHA-256 and JSON alone."""
        a, b = (hashlib.sha256(b"\x00" + sealed.canonical(row)).digest() for row in (sealed.a, sealed.b))
        header = {
            "algorithm": "sha256-rfc6962",
            "cutoff": "2026-11-22T12:08:00.000000+00:00",
            "district_id": HERE,
            "leaf_count": 2,
            "ledger": "notes",
            "number": 1,
            "previous_root": "0" * 64,
            "sealed_at": "2026-11-22T12:10:00.000000+00:00",
            "tree": hashlib.sha256(b"\x01" + a + b).hexdigest(),
        }
        written = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
        assert sealed.first.root == hashlib.sha256(b"\x02" + written).hexdigest()

    def test_of_several_sealers_one_seals(self, notes):
        notes.model.objects.create(district_id=HERE, words="a", recorded_at=NOON - dt.timedelta(days=30))
        made = together(*[lambda: seals.seal(notes, HERE)] * 6)
        assert sum(each is not None for each in made) == 1
        assert Seal.objects.count() == SealLeaf.objects.count() == 1

    @pytest.mark.parametrize("model", [Seal, SealLeaf])
    def test_the_application_can_neither_change_nor_remove_a_seal(self, sealed, model):
        for attempt in (
            lambda: model.objects.update(district_id=THERE),
            lambda: model.objects.all()._raw_delete("default"),
        ):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                attempt()


class TestVerifying:
    def finding(self, sealed, kind, seal=None, row=None):
        return [Finding(kind, "notes", HERE, seal, row.id if row else None)]

    def test_an_untouched_ledger_has_no_findings(self, sealed):
        sealed.write("not due yet", 19)
        assert verify(sealed, seals.published(Seal.objects.all())) == []

    def test_a_changed_row_is_named(self, sealed, owner_cursor):
        owner_cursor.execute("UPDATE kit_test_note SET words = 'A' WHERE id = %s", [sealed.a.id])
        assert verify(sealed) == self.finding(sealed, "changed", 1, sealed.a)

    def test_a_removed_row_is_named(self, sealed, owner_cursor):
        owner_cursor.execute("DELETE FROM kit_test_note WHERE id = %s", [sealed.c.id])
        assert verify(sealed) == self.finding(sealed, "removed", 2, sealed.c)

    def test_a_row_moved_to_another_district_is_named_in_both(self, sealed, owner_cursor):
        sealed.write("there", 0, THERE)
        sealed.seal(20, THERE)
        owner_cursor.execute("UPDATE kit_test_note SET district_id = %s WHERE id = %s", [THERE, sealed.a.id])
        assert verify(sealed) == [
            Finding("removed", "notes", HERE, 1, sealed.a.id),
            Finding("inserted", "notes", THERE, None, sealed.a.id),
        ]

    def test_an_inserted_row_is_named_before_the_next_seal(self, sealed):
        false = sealed.write("never happened", 3)
        assert verify(sealed) == self.finding(sealed, "inserted", None, false)

    def test_an_inserted_row_is_named_after_the_next_seal_too(self, sealed):
        false = sealed.write("never happened", 3)
        assert sealed.seal(30).number == 3
        assert verify(sealed) == self.finding(sealed, "inserted", 3, false)

    def test_a_row_dated_days_back_is_never_covered_and_always_named(self, sealed):
        false = sealed.write("never happened", -3 * 24 * 60)
        assert sealed.seal(30) is None
        assert verify(sealed) == self.finding(sealed, "inserted", None, false)

    def test_a_row_dated_into_a_quiet_night_is_named(self, sealed):
        sealed.seal(90)
        false = sealed.write("never happened", 60)
        sealed.seal(150)
        assert verify(sealed) == self.finding(sealed, "inserted", 4, false)

    def test_a_row_whose_leaf_was_changed_with_it_breaks_the_seal(self, sealed, owner_cursor):
        self.rewrite(sealed, owner_cursor)
        assert verify(sealed) == self.finding(sealed, "seal_broken", 1)

    def test_a_row_removed_with_its_leaf_breaks_the_seal(self, sealed, owner_cursor):
        owner_cursor.execute("DELETE FROM kit_test_note WHERE id = %s", [sealed.a.id])
        owner_cursor.execute("DELETE FROM kit_sealleaf WHERE row_id = %s", [sealed.a.id])
        assert verify(sealed) == self.finding(sealed, "seal_broken", 1)

    def test_a_changed_seal_is_named(self, sealed, owner_cursor):
        owner_cursor.execute("UPDATE kit_seal SET cutoff = cutoff - interval '1 hour' WHERE number = 2")
        assert Finding("seal_broken", "notes", HERE, 2) in verify(sealed)

    def test_a_removed_seal_is_named_and_so_is_the_one_that_hung_on_it(self, sealed, owner_cursor):
        owner_cursor.execute("DELETE FROM kit_sealleaf WHERE seal_id = %s", [sealed.first.id])
        owner_cursor.execute("DELETE FROM kit_seal WHERE id = %s", [sealed.first.id])
        found = {(finding.kind, finding.seal_number or finding.row_id) for finding in verify(sealed)}
        assert found == {
            ("seal_missing", 1), ("seal_broken", 2), ("inserted", sealed.a.id), ("inserted", sealed.b.id),
        }  # fmt: skip

    def test_a_ledger_without_any_seal_is_not_taken_for_a_sealed_one(self, sealed, owner_cursor):
        owner_cursor.execute("DELETE FROM kit_sealleaf")
        owner_cursor.execute("DELETE FROM kit_seal")
        with clock.freeze(NOON + dt.timedelta(days=2)):
            assert len(verify(sealed)) == 4

    def test_who_rewrites_rows_and_seals_alike_is_found_by_the_published_roots_alone(self, sealed, owner_cursor):
        published = json.loads(json.dumps(seals.published(Seal.objects.all())))
        self.rewrite(sealed, owner_cursor)
        self.rechain(owner_cursor)
        assert verify(sealed) == [], "control: from inside, nothing is to be seen"
        assert {finding.seal_number for finding in verify(sealed, published)} == {1, 2}
        assert {finding.kind for finding in verify(sealed, published)} == {"published_differs"}

    def test_a_published_seal_that_is_gone_is_missed(self, sealed, owner_cursor):
        published = seals.published(Seal.objects.all())
        owner_cursor.execute("DELETE FROM kit_sealleaf WHERE seal_id = %s", [sealed.second.id])
        owner_cursor.execute("DELETE FROM kit_seal WHERE id = %s", [sealed.second.id])
        assert verify(sealed, published) == self.finding(sealed, "seal_missing", 2)

    def test_roots_of_other_ledgers_are_not_its_business(self, sealed):
        assert verify(sealed, [{"ledger": "money", "district_id": HERE, "number": 9, "root": ""}]) == []

    def rewrite(self, sealed, owner_cursor):
        owner_cursor.execute("UPDATE kit_test_note SET words = 'A' WHERE id = %s", [sealed.a.id])
        digest = seals.digest(sealed, sealed.model.objects.get(id=sealed.a.id))
        owner_cursor.execute("UPDATE kit_sealleaf SET digest = %s WHERE row_id = %s", [digest, sealed.a.id])

    def rechain(self, owner_cursor):
        previous = seals.GENESIS
        for made in Seal.objects.order_by("number"):
            made.previous_root = previous
            previous = seals.root_of(made, made.leaves.order_by("position").values_list("digest", flat=True))
            owner_cursor.execute(
                "UPDATE kit_seal SET previous_root = %s, root = %s WHERE id = %s",
                [made.previous_root, previous, made.id],
            )


def test_a_finding_reads_as_a_sentence_in_a_report(sealed):
    assert (
        str(Finding("changed", "notes", HERE, 1, sealed.a.id))
        == f"changed · notes · 320582 · seal 1 · row {sealed.a.id}"
    )
