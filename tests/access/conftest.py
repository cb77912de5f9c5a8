"""What tests of OAuth2 begin with."""

from __future__ import annotations

import pytest

from tests.access.keys import shop


@pytest.fixture
def made(roles):
    return shop()


@pytest.fixture
def browser(client, ada):
    """A browser in which Ada is logged in, and that insists on CSRF tokens where it is told to."""
    client.force_login(ada.user)
    return client
