"""Transactions, row locks, and the translation of the database's refusals into ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import lru_cache, wraps
from typing import Any, Final, ParamSpec, TypeVar

from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import (
    DataError,
    IntegrityError,
    OperationalError,
    connection,
    models,
    transaction,
)
from django.utils.translation import gettext

from rmaproject.shared.errors import Busy, Conflict, DomainError, RuleViolation

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=models.Model)

#: SQLSTATEs after which the same request may succeed: lock timeout, deadlock, cancelled statement.
PASSING_STATES = {"55P03", "40P01", "57014", "40001"}

#: The SQLSTATE of a figure that its column cannot hold.
TOO_LARGE = "22003"

#: Refusals that triggers raise, by the constraint name they give. Each app adds its own.
TRIGGER_REFUSALS: dict[str, tuple[type[DomainError], str, str]] = {}


def after_commit(act: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
    """Do this once what is done now is committed; its failure is logged and undoes nothing.

    A named function: Django names what failed in its log, which a `partial` cannot tell.
    """

    @wraps(act)
    def run() -> None:
        act(*args, **kwargs)

    transaction.on_commit(run, robust=True)


@lru_cache(maxsize=1)
def constraint_refusals() -> dict[str, tuple[type[DomainError], str, str]]:
    """Every named constraint of our models with the refusal it stands for.

    A doubled value is a conflict with what is there; a broken CHECK is a broken rule.
    """
    found: dict[str, tuple[type[DomainError], str, str]] = dict(TRIGGER_REFUSALS)
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            kind = Conflict if _compares_rows(constraint) else RuleViolation
            code = constraint.violation_error_code or constraint.name
            found[constraint.name] = (kind, code, str(constraint.violation_error_message))
    return found


def _compares_rows(constraint: models.BaseConstraint) -> bool:
    return isinstance(constraint, models.UniqueConstraint | ExclusionConstraint)


def refusal_for(error: IntegrityError) -> DomainError | None:
    """The domain error behind a database refusal; None when the constraint is not one of ours."""
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    if name not in constraint_refusals():
        return None
    kind, code, message = constraint_refusals()[name]
    return kind(gettext(message), code=code, constraint=name)


def _passing(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", None) in PASSING_STATES


def command(function: Callable[P, R]) -> Callable[P, R]:
    """Run a service in one transaction: all of it happens or nothing does.

    Database refusals leave as domain errors, a sum beyond its column as `too_large`; a lock that
    did not come in time leaves as `Busy`.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with transaction.atomic():
                return function(*args, **kwargs)
        except IntegrityError as error:
            refusal = refusal_for(error)
            if refusal is None:
                raise
            raise refusal from error
        except DataError as error:
            if getattr(error.__cause__, "sqlstate", None) != TOO_LARGE:
                raise
            message = gettext("A figure is too large to be kept in the books.")
            raise RuleViolation(message, code="too_large") from error
        except OperationalError as error:
            if not _passing(error):
                raise
            raise Busy(gettext("The record is in use just now; try again."), code="busy") from error

    return run


def lock_rows(model: type[M], keys: Iterable[int], **select: Any) -> dict[int, M]:
    """Lock rows in key order, so that two callers can never wait for each other; by key."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    rows = model._default_manager.filter(pk__in=wanted).order_by("pk")
    return {row.pk: row for row in rows.select_for_update(of=("self",), **select)}


_ADD: Final = (
    "UPDATE {table} SET {raised} FROM unnest({lists}) AS added ({names}) "
    "WHERE {table}.{key} = added.{key}"
)


def add_figures(
    model: type[models.Model], changes: Mapping[int, Sequence[Decimal]], *columns: str
) -> None:
    """Add to these columns of rows that the caller has locked, each row by its own amounts.

    One statement, however many rows; a constraint that refuses one leaves them all as they were.
    """
    if not changes:
        return
    quote, meta = connection.ops.quote_name, model._meta
    table, key = quote(meta.db_table), quote(str(meta.pk.column))
    fields = {field.name: quote(str(field.column)) for field in meta.concrete_fields}
    names = [fields[name] for name in columns]
    statement = _ADD.format(
        table=table,
        key=key,
        raised=", ".join(f"{name} = {table}.{name} + added.{name}" for name in names),
        lists=", ".join(["%s::bigint[]", *("%s::numeric[]" for _ in names)]),
        names=", ".join([key, *names]),
    )
    figures = [list(column) for column in zip(*changes.values(), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(changes), *figures])


def copy_rows(rows: Sequence[models.Model]) -> None:
    """Insert many new rows of one model by COPY: several times faster than INSERT.

    Keys are drawn first, so other rows can point to these. Constraints and triggers hold as ever,
    but values go to the database as they are: no JSON columns, no quantities finer than theirs.
    """
    if not rows:
        return
    meta = rows[0]._meta
    columns = [field for field in meta.concrete_fields if not field.generated]
    names = [field.attname for field in columns]
    quoted = ", ".join(connection.ops.quote_name(str(field.column)) for field in columns)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        for row, key in zip(rows, _draw_keys(cursor, meta, len(rows)), strict=True):
            row.pk = key
            for field in columns:
                if field.is_relation:
                    # The row that it points to may have got its key after this one was made.
                    _point(row, field)
        with cursor.copy(f"COPY {meta.db_table} ({quoted}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([getattr(row, name) for name in names])
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _draw_keys(cursor: Any, meta: Any, count: int) -> list[int]:
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
        [meta.db_table, meta.pk.column, count],
    )
    return [key for (key,) in cursor.fetchall()]


def _point(row: models.Model, field: Any) -> None:
    if getattr(row, field.attname) is None and field.is_cached(row):
        target = field.get_cached_value(row)
        setattr(row, field.attname, target.pk if target is not None else None)


def try_lock(name: str) -> bool:
    """Take a named lock until the end of the transaction; False when somebody else holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        row = cursor.fetchone()
    return bool(row and row[0])


@contextmanager
def session_lock(name: str) -> Iterator[bool]:
    """Hold a named lock without a transaction; False when somebody else holds it.

    Postgres forgets it when the process dies.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        row = cursor.fetchone()
    mine = bool(row and row[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])
