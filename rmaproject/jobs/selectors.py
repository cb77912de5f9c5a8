"""Jobs belong to who started them: nobody else sees them or their files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.jobs.models import Job
from rmaproject.shared.errors import NotFound


def own_jobs(actor: Actor) -> QuerySet[Job, Job]:
    """The jobs that this actor started, newest first."""
    return Job.objects.filter(owner=actor.user_id).order_by("-pk")


def access_job(actor: Actor, ident: UUID) -> Job:
    """A job of this actor. Raises NotFound for those of others."""
    found = own_jobs(actor).filter(uuid=ident).first()
    if found is None:
        raise NotFound(_("There is no such job of yours."), code="not_found")
    return found


def kept_files(names: Sequence[str]) -> Iterable[str]:
    """Those of the stored names that are the file of a job."""
    return Job.objects.filter(stored__in=names).values_list("stored", flat=True)
