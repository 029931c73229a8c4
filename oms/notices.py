"""Notices inside the office: who is told what, and what a person has read. No app is known here.

An app declares its words with `says`. What is told comes from the outbox and from the clock, never from a service; the
same source tells a person once, however often and by however many its task is run.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Case, When
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from oms.gathering import gather
from oms.models import ImportJob, ImportStatus, Notice, User

MOST_COUNTED = 99
MOST_LISTED = 200
LATELY = timedelta(days=1)
TOLD_OF_IMPORTS = {
    ImportStatus.CHECKED: "import checked",
    ImportStatus.IMPORTED: "import done",
    ImportStatus.REFUSED: "import refused",
    ImportStatus.BROKEN: "import refused",
}
WORDS: dict[str, str | Promise] = {
    "import checked": _("your file is checked; look at what it would do"),
    "import done": _("your file is imported"),
    "import refused": _("your file could not be imported"),
}
PAGES = {"oms.importjob": "import_job"}


@dataclass(frozen=True, slots=True)
class News:
    """What happened to a document, and the source by which it is told once; empty words where none are needed."""

    what: str
    document: models.Model
    source: str
    note: str = ""
    at: datetime | None = None


def says(words: Mapping[str, str | Promise]) -> None:
    """Declare how what happens is told."""
    WORDS.update(words)


def tell(people: Iterable[int], news: News) -> None:
    """Tell these people, each once, in one statement."""
    tell_all((pk, news) for pk in people)


def tell_all(told: Iterable[tuple[int, News]]) -> None:
    """Tell many people many things, each of one source once, in one statement."""
    rows = [
        Notice(
            user_id=pk,
            what=news.what,
            about=news.document._meta.label_lower,
            object_id=news.document.pk,
            source=news.source,
            note=news.note[:300],
            at=news.at or timezone.now(),
        )
        for pk, news in told
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)


def tell_of_imports() -> None:
    """Tell who sent a file that it was checked, imported, or could not be."""
    lately = timezone.now() - LATELY
    jobs = ImportJob.objects.filter(status__in=TOLD_OF_IMPORTS, status_since__gte=lately)
    words = {str(status): word for status, word in TOLD_OF_IMPORTS.items()}
    tell_all(
        (job.by_id, News(words[job.status], job, f"oms.importjob:{job.pk}:{job.status}", job.said))
        for job in jobs
    )


def count_unread(user: User) -> int:
    """Return how many notices wait for a person, at most one more than are ever shown; one statement."""
    return Notice.objects.visible_to(user).unread().order_by()[: MOST_COUNTED + 1].count()


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice with the document that it is about; without one where the person may not see it any more."""

    notice: Notice
    document: Any

    @property
    def words(self) -> str:
        return str(WORDS.get(self.notice.what, self.notice.what))


def notices_for(user: User) -> list[Shown]:
    """Return the newest notices of a person, the unread first; one statement more for each kind of document."""
    gather("notices")
    mine = Notice.objects.visible_to(user)
    unread_first = Case(When(read_at=None, then=0), default=1)
    found = list(mine.order_by(unread_first, "-at", "-pk")[:MOST_LISTED])
    seen = _seen(found, user)
    return [Shown(one, seen.get((one.about, one.object_id))) for one in found]


def _seen(notices: Iterable[Notice], user: User) -> dict[tuple[str, int], Any]:
    ids: defaultdict[str, set[int]] = defaultdict(set)
    for notice in notices:
        ids[notice.about].add(notice.object_id)
    return {
        (about, document.pk): document
        for about, keys in ids.items()
        for document in _model(about)._default_manager.visible_to(user).filter(pk__in=keys)
    }


def _model(about: str) -> Any:
    return apps.get_model(about)


def page_of(notice: Notice) -> str:
    """Return the page of the document that a notice is about."""
    name = PAGES.get(notice.about, f"admin:{notice.about.replace('.', '_')}_change")
    try:
        return reverse(name, args=[notice.object_id])
    except NoReverseMatch:
        return reverse("notices")


def mark_read(user: User, notice_id: int | None = None) -> int:
    """Mark one notice of a person as read, or all of them; return how many were not yet."""
    mine = Notice.objects.visible_to(user).unread()
    return (mine if notice_id is None else mine.filter(pk=notice_id)).update(read_at=timezone.now())


def forget_old() -> int:
    """Delete what was read longer ago than notices are kept; return how many."""
    kept = timezone.now() - timedelta(days=settings.OMS_NOTICES_KEPT_DAYS)
    deleted, _by_model = Notice.objects.filter(read_at__lt=kept).delete()
    return deleted
