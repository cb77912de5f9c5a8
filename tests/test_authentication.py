from __future__ import annotations

import base64

from django.test import RequestFactory

from rmaproject.access.authentication import actor_of_header


def test_a_name_with_a_nul_byte_is_nobody_and_no_error(db):
    header = "Basic " + base64.b64encode(b"a\0da:secret").decode()
    request = RequestFactory().get("/", headers={"Authorization": header})

    assert actor_of_header(request, door="ics", basic=True) is None
