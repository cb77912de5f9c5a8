"""Links to set a password, by mail where mail can be sent."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Final

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from rmaproject.access.models import User

LOG: Final = logging.getLogger(__name__)


@sensitive_variables("url", "text")
def send_link(user: User, url: str) -> bool:
    """Mail somebody their link; False where it has to be handed over in another way."""
    if not settings.EMAIL_HOST or not user.email:
        return False
    days = settings.PASSWORD_RESET_TIMEOUT // (24 * 3600)
    words = _(
        "Open this address to set your password for the returns desk:\n\n%(url)s\n\n"
        "It works once, and for %(days)s days. Your user name is %(name)s."
    )
    text = words % {"url": url, "days": days, "name": user.get_username()}
    try:
        sent = send_mail(_("Your password for the returns desk"), text, None, [user.email])
    except (OSError, SMTPException):
        LOG.warning("The link for %s could not be mailed.", user.get_username(), exc_info=True)
        return False
    return bool(sent)
