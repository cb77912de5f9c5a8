"""Every code of a refusal, by its HTTP status: what it says. Codes stay for good; more may come.

A test reads the source and the database's constraints and finds every code here.
"""

from __future__ import annotations

from typing import Final

from rmaproject.rest.trade_codes import BROKEN_RULE, CONFLICT

Codes = dict[str, str]

#: The request cannot be read, or a value in it cannot be meant. Those that stand in `errors` too.
MALFORMED: Final[Codes] = {
    "invalid_address": "A network is given as 192.0.2.7 or 192.0.2.0/24.",
    "invalid_redirect_uri": "An application is sent back to a whole https address.",
    "name_required": "The thing needs a name.",
    "not_grantable": "Only businesses, customers and returns are granted one by one.",
    "no_scopes": "A token with scopes names at least one.",
    "unknown_kind": "There is no such kind of job.",
    "unknown_scope": "There is no such scope.",
    "unsupported_grant_type": "A token is given for a code, a refresh token or a secret.",
    "malformed": "The request is not HTTP or JSON that can be read.",
    "invalid_host": "The request names a host that this server does not answer for.",
    "invalid": "Values are wrong; `errors` names each by its pointer.",
    "blank": "The value may not be empty.",
    "date": "A day is wanted, not an instant.",
    "datetime": "An instant is wanted, not a day.",
    "doubled_number": "Another line has this number too.",
    "doubled_serial": "A serial number stands here twice.",
    "empty": "The list or file may not be empty.",
    "empty_file": "The file is empty.",
    "idempotency_key_required": "This call is only made with an Idempotency-Key.",
    "invalid_choice": "The value is none of those that are offered.",
    "invalid_country": "A country is given by its two ISO 3166 letters.",
    "invalid_currency": "A currency is given by its three ISO 4217 letters.",
    "invalid_cursor": "The cursor does not belong to this list.",
    "invalid_date": "This is no day of the calendar.",
    "invalid_idempotency_key": "An Idempotency-Key has 1 to 255 printable characters.",
    "invalid_image": "The file is no picture that can be read.",
    "invalid_parameter": "A query parameter has a value that cannot be meant.",
    "invalid_unicode": "The text holds half a character.",
    "make_aware": "The instant does not exist in this time zone.",
    "max_decimal_places": "The figure has more decimals than are kept.",
    "max_digits": "The figure has more digits than are kept.",
    "max_length": "The value is longer than is kept.",
    "max_string_length": "The figure has more digits than are read.",
    "max_value": "The figure is above the highest that is taken.",
    "max_whole_digits": "The figure has more digits before its point than are kept.",
    "min_length": "The value is shorter than the shortest that is taken.",
    "min_value": "The figure is below the lowest that is taken.",
    "no_name": "The file has no name.",
    "not_a_dict": "An object is wanted here.",
    "not_a_list": "A list is wanted here.",
    "null": "The value may not be null.",
    "null_characters_not_allowed": "The text holds a NUL byte.",
    "one_of": "Exactly one of several fields is to be given.",
    "overflow": "The instant lies beyond the calendar.",
    "quantity_or_serials": "A quantity or serial numbers are to be given, not both.",
    "required": "The field is missing.",
    "serials_missing": "The serial numbers of the units are missing.",
    "surrogate_characters_not_allowed": "The text holds half a character.",
    "too_many_entries": "A list in the body has more entries than are read at once.",
    "unknown_field": "There is no such field; the body is refused rather than half understood.",
    "unknown_parameter": "There is no such query parameter here.",
}
UNAUTHENTICATED: Final[Codes] = {
    "not_authenticated": "Nobody is logged in, or the token is unknown, expired or revoked.",
}
FORBIDDEN: Final[Codes] = {
    "exceeds_own_rights": "More would be given, or longer, than what the caller holds.",
    "insufficient_scope": "You hold the right, but the token in use does not open it.",
    "not_a_member": "Feeds of a team are for its members.",
    "whole_key_needed": "Calendar feeds are made with a session or with a token without scopes.",
    "not_permitted": "You lack the right that the call needs.",
    "above_limit": "The amount is above the limit of your roles.",
    "csrf_failed": "A browser session changes something only with its CSRF token.",
    "four_eyes": "Somebody else than who asked has to approve it.",
    "own_request": "Nobody approves a request of their own.",
    "returns_disabled": "Returns are switched off; an administrator switches them on.",
}
MISSING: Final[Codes] = {
    "no_demo": "There is no demo data here.",
    "not_found": "There is no such thing, or you may not know of it.",
}
METHOD: Final[Codes] = {
    "method_not_allowed": "The address does not take this method; `Allow` names those it takes.",
}
UNACCEPTABLE: Final[Codes] = {
    "not_acceptable": "Answers are JSON, and the Accept header asks for something else.",
}
STALE: Final[Codes] = {
    "stale_version": "Somebody changed the record since its version was read.",
}
TOO_LARGE: Final[Codes] = {
    "too_large_body": "The body has more bytes than are read.",
}
MEDIA: Final[Codes] = {
    "unsupported_media_type": "The body is not of a type that the address reads.",
}
UNVERSIONED: Final[Codes] = {
    "version_required": "The record's version is missing: send its ETag as If-Match.",
}
TOO_OFTEN: Final[Codes] = {
    "quota_exceeded": "That were more calls than are answered in a while.",
}
DEFECT: Final[Codes] = {
    "internal_error": "Something broke on our side; the request id helps to find it.",
}
AWAY: Final[Codes] = {
    "busy": "The record is in use just now.",
    "database_unavailable": "The database does not answer just now.",
}

BY_STATUS: Final[dict[int, Codes]] = {
    400: MALFORMED,
    401: UNAUTHENTICATED,
    403: FORBIDDEN,
    404: MISSING,
    405: METHOD,
    406: UNACCEPTABLE,
    409: CONFLICT,
    412: STALE,
    413: TOO_LARGE,
    415: MEDIA,
    422: BROKEN_RULE,
    428: UNVERSIONED,
    429: TOO_OFTEN,
    500: DEFECT,
    503: AWAY,
}
