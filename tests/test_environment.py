from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from rmaproject import environment as env
from tests.programs import manage


def test_a_database_address_is_read_in_full():
    given = env.database("postgres://u%40x:p%2Fw@db.example:6543/shop?sslmode=require&options=")

    assert given == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "shop",
        "USER": "u@x",
        "PASSWORD": "p/w",
        "HOST": "db.example",
        "PORT": "6543",
        "OPTIONS": {"sslmode": "require", "options": ""},
    }


def test_a_socket_folder_may_stand_for_the_host():
    assert env.database("postgresql://rma@%2Frun%2Fpg/rma")["HOST"] == "/run/pg"


@pytest.mark.parametrize(
    "address", ["mysql://db/shop", "postgres://db", "postgres://db:x/shop", "shop"]
)
def test_another_address_is_refused_by_name(address):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        env.database(address)


def test_a_secret_may_come_from_a_file(monkeypatch, tmp_path):
    (tmp_path / "key").write_text("from a file\n")
    monkeypatch.delenv("RMA_SECRET_KEY", raising=False)
    monkeypatch.setenv("RMA_SECRET_KEY_FILE", str(tmp_path / "key"))

    assert env.text("RMA_SECRET_KEY") == "from a file"


def test_a_wrong_number_is_refused_by_name(monkeypatch):
    monkeypatch.setenv("RMA_DB_POOL", "many")

    with pytest.raises(ImproperlyConfigured, match="RMA_DB_POOL"):
        env.number("RMA_DB_POOL", 4)


def test_the_development_key_is_made_once_and_private(tmp_path):
    first = env.development_key(tmp_path / "data")

    assert env.development_key(tmp_path / "data") == first
    assert (tmp_path / "data" / "secret_key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("given", "said"),
    [({}, "RMA_SECRET_KEY"), ({"RMA_SECRET_KEY": "x" * 60, "RMA_DEBUG": "1"}, "RMA_DEBUG")],
)
def test_production_refuses_what_is_unsafe(tmp_path, given, said):
    answer = manage(tmp_path, "check", RMA_ENV="production", **given)

    assert answer.returncode == 1
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_field_key_is_made_once_and_only_we_may_read_it(tmp_path):
    first, again = (env.development_field_key(tmp_path) for _ in range(2))

    assert first == again
    assert Fernet(first)
    assert (tmp_path / "field_key").stat().st_mode & 0o777 == 0o600
