"""The schema rules that let one database become many, tried on every model."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation

from deploy.local.venv import ROOT
from kit.district import DistrictField, DistrictForeignKey
from kit.ids import uuid7
from tests.house.packages import PACKAGES

# Rows of no district, and why they have none.
GLOBAL = {
    "kit.IdempotencyRecord": "a request's key, kept for days; the account that sent it may act in several districts",
    "kit.OutboxJob": "names and ids only; kept for days",
    "registry.Account": "a person signs in before any district is known",
    "registry.HistoricalAccount": "the history of a global row",
    "registry.ApiSession": "of an account",
    "registry.SignInTicket": "of an account",
    "registry.Organisation": "a legal subject trades in many districts",
    "registry.HistoricalOrganisation": "the history of a global row",
    "registry.Product": "reference data",
    "registry.ProductAlias": "reference data",
    "registry.ProductCategory": "reference data",
    "registry.ReferenceSet": "which reference data is loaded",
    "registry.Region": "reference data",
    "traceability.TestItem": "reference data",
    "traceability.TestLimit": "reference data",
    "traceability.TestMethod": "reference data",
}

# Tables Django makes for a choice of reference rows, and why they may stay without a district.
PAIRS = {
    "registry.Base_products": "written and read only together with their base",
    "registry.Place_categories": "written and read only together with their place",
}

# Constraints of tenant tables that hold without the district, and why.
UNIQUE_WITHOUT_DISTRICT = {
    "kit.PublicCode.typed_code": "a global table: a typed code must lead to one thing anywhere",
}

# Keys that are no UUID, and why.
OTHER_KEYS = {
    "kit.PublicCode": "the token itself, 80 random bits",
    "registry.Product": "a stable code of reference data",
    "registry.ProductCategory": "a stable code of reference data",
    "registry.ReferenceSet": "the name of the set",
    "registry.Region": "the code of GB/T 2260",
    "traceability.TestItem": "a stable code of reference data",
}


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in PACKAGES]


def pair_models() -> list[type[models.Model]]:
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model._meta.app_label in PACKAGES and model._meta.auto_created]


def tenant_models() -> list[type[models.Model]]:
    return [model for model in own_models() if is_tenant(model)]


def is_tenant(model: type[models.Model]) -> bool:
    return any(isinstance(field, DistrictField) for field in model._meta.concrete_fields)


def label(model: type[models.Model]) -> str:
    return model._meta.label


def each(found: list[type[models.Model]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("model", found, ids=label)


def unique_sets(model: type[models.Model]) -> Iterator[tuple[str, set[str]]]:
    for field in model._meta.local_concrete_fields:
        if field.unique and not field.primary_key:
            yield field.name, {field.name}
    for together in model._meta.unique_together:
        yield "+".join(together), set(together)
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            yield (
                constraint.name,
                set(constraint.fields) | {part.name for part in constraint.expressions if hasattr(part, "name")},
            )


def test_every_row_carries_its_district_or_is_known_to_have_none():
    assert {label(model) for model in own_models() if not is_tenant(model)} == set(GLOBAL)


def test_pairs_join_a_row_with_reference_data_only():
    assert {label(model) for model in pair_models()} == set(PAIRS)
    for model in pair_models():
        ends = [field.related_model for field in model._meta.local_concrete_fields if field.is_relation]
        assert any(getattr(end, "reference", False) for end in ends), model


@each(tenant_models())
def test_the_district_is_always_there(model):
    field = model._meta.get_field("district_id")
    assert not field.null
    assert not field.editable


@each(tenant_models())
def test_unique_means_unique_in_a_district(model):
    found = {f"{label(model)}.{name}" for name, fields in unique_sets(model) if "district_id" not in fields}
    assert found <= set(UNIQUE_WITHOUT_DISTRICT)


@each(tenant_models())
def test_relations_between_tenant_rows_carry_the_district(model):
    """A relation that may cross districts has no constraint in the database."""
    for field in model._meta.local_concrete_fields:
        if field.is_relation and is_tenant(field.related_model) and getattr(field, "db_constraint", True):
            assert isinstance(field, DistrictForeignKey), field


@each(own_models())
def test_nothing_global_points_at_a_tenant_row(model):
    if is_tenant(model):
        return
    for field in model._meta.local_concrete_fields:
        assert not (field.is_relation and is_tenant(field.related_model)), field


@each(own_models())
def test_ids_are_made_by_the_application_in_order_of_time(model):
    if label(model) in OTHER_KEYS:
        return
    key = model._meta.pk
    assert isinstance(key, models.UUIDField)
    assert key.default is uuid7


@each([model for model in own_models() if getattr(model, "append_only", False)])
def test_a_ledger_belongs_to_a_district(model):
    assert is_tenant(model)


@each([model for model in own_models() if getattr(model, "reference", False)])
def test_reference_data_points_only_at_reference_data(model):
    for field in model._meta.local_concrete_fields:
        if field.is_relation:
            assert getattr(field.related_model, "reference", False), field


@pytest.mark.django_db
def test_the_database_has_no_triggers_of_its_own():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        assert cursor.fetchall() == []


@pytest.mark.django_db
def test_the_app_may_add_to_a_ledger_and_never_change_it():
    ledgers = {model._meta.db_table for model in own_models() if getattr(model, "append_only", False)}
    assert ledgers
    with connection.cursor() as cursor:
        for table in ledgers:
            rights = ("INSERT", "SELECT", "UPDATE", "DELETE", "TRUNCATE")
            cursor.execute(
                f"SELECT {', '.join(f'has_table_privilege(%s, {right!r})' for right in rights)}", [table] * 5
            )
            assert cursor.fetchone() == (True, True, False, False, False), table


def test_every_change_of_a_model_has_its_migration():
    loader = MigrationLoader(None)
    with translation.override(None):  # labels are compared as they are written
        present = ProjectState.from_apps(apps)
        changes = MigrationAutodetector(loader.project_state(), present).changes(graph=loader.graph)
    assert {label: changes[label] for label in changes if label in PACKAGES} == {}


def test_migrations_hold_no_triggers():
    for file in ROOT.glob("*/migrations/*.py"):
        words = [node.value for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Constant)]
        assert not any("trigger" in str(word).lower() for word in words), file
