from __future__ import annotations

import pytest
from django.core.management.color import no_style
from django.db import connection
from django.db.utils import ProgrammingError


@pytest.fixture
def append_only_table(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE FUNCTION refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'append-only'; END $$;
            CREATE TRIGGER refuse BEFORE TRUNCATE ON django_session
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
            """
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER refuse ON django_session; DROP FUNCTION refuse_truncate()")


def test_the_flush_between_tests_empties_append_only_tables(append_only_table):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_session VALUES ('a', 'b', now())")
        flush = connection.ops.sql_flush(no_style(), ["django_session"], allow_cascade=True)
        connection.ops.execute_sql_flush(flush)
        cursor.execute("SELECT count(*) FROM django_session")
        assert cursor.fetchone() == (0,)


def test_outside_of_the_flush_the_triggers_stand(append_only_table):
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="append-only"):
        cursor.execute("TRUNCATE django_session")
