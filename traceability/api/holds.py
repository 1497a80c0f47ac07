"""Pauses of sale (`/api/v1/holds`) and rapid tests (`/api/v1/rapid-tests`)."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kit.openapi import reads
from kit.refusals import NotFound
from registry.api.lists import Listing
from traceability.api.batches import batches
from traceability.api.briefs import BatchBrief
from traceability.api.filters import HoldFilter, RapidTestFilter
from traceability.api.rows import one
from traceability.api.writing import Acting, Writing, writes
from traceability.models import Hold, RapidTest, TestItem
from traceability.selectors.holds import holds_for
from traceability.selectors.points import point_for
from traceability.selectors.rapid_tests import tests_for
from traceability.services.hold import place_hold, release_hold
from traceability.services.record_test import record_test


class HoldSerializer(serializers.ModelSerializer):
    batches = serializers.IntegerField(help_text="How many batches it stops")
    places = serializers.IntegerField()

    class Meta:
        model = Hold
        fields = ("id", "reason", "note", "placed_at", "released_at", "release_note", "batches", "places")


class NewHold(serializers.Serializer):
    batches = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=100)
    reason = serializers.ChoiceField(Hold.Reason.choices)
    note = serializers.CharField(max_length=200, required=False)


class Release(serializers.Serializer):
    note = serializers.CharField(max_length=200)


class RapidTestSerializer(serializers.ModelSerializer):
    batch = BatchBrief()

    class Meta:
        model = RapidTest
        fields = ("id", "batch", "place_id", "item", "result", "why", "point_id", "tested_at", "recorded_at", "note")


class NewRapidTest(serializers.Serializer):
    batch = serializers.UUIDField()
    item = serializers.SlugRelatedField(slug_field="code", queryset=TestItem.objects.filter(active=True))
    result = serializers.ChoiceField(RapidTest.Result.choices)
    tested_at = serializers.DateTimeField(required=False)
    note = serializers.CharField(max_length=200, required=False)


@reads("listHolds", "holds", "Pauses that touch goods you may see")
@writes("placeHold", "holds", "Pause the sale of batches and of all that came from them", asks=NewHold,
        answers=HoldSerializer)  # fmt: skip
class HoldsView(Writing, Listing):
    may_read = ("view_goods",)
    may_write = ("place_hold",)
    model = Hold
    serializer_class = HoldSerializer
    filterset_class = HoldFilter

    def rows(self, actor: Any) -> Any:
        return holds_for(actor)

    def carry_out(self, actor, asked, key):
        wanted = set(asked.pop("batches"))
        found = list(batches(actor).filter(pk__in=wanted))
        if len(found) != len(wanted):
            raise NotFound
        return one(holds_for(actor), place_hold(actor, batches=found, client_key=key, **asked).pk)


@writes("releaseHold", "holds", "Lift one pause", asks=Release, answers=HoldSerializer)
class ReleaseView(Acting):
    may_write = ("release_hold",)

    def among(self, actor):
        return holds_for(actor)

    def carry_out(self, actor, asked, key, row):
        release_hold(actor, hold=row, **asked)
        return one(holds_for(actor), row.pk)


@reads("listRapidTests", "tests", "Rapid tests of goods you may see")
@writes("recordRapidTest", "tests", "Record a rapid test", asks=NewRapidTest, answers=RapidTestSerializer)
class RapidTestsView(Writing, Listing):
    may_read = ("view_goods",)
    may_write = ("record_test",)
    model = RapidTest
    serializer_class = RapidTestSerializer
    filterset_class = RapidTestFilter

    def rows(self, actor: Any) -> Any:
        return tests_for(actor)

    def carry_out(self, actor, asked, key):
        batch = one(batches(actor), asked.pop("batch"))
        point = point_for(actor, batch.place)
        if point is None:
            raise NotFound
        return one(tests_for(actor), record_test(actor, batch=batch, point=point, client_key=key, **asked).pk)
