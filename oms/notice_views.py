"""The notices of a person: the list, one opened, all read."""

from typing import cast

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from oms.models import Notice, User
from oms.notices import mark_read, notices_for, page_of


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Show what a person was told, the unread first."""
    around = {**admin.site.each_context(request), "title": _("Notices")}
    return TemplateResponse(
        request, "oms/notices.html", {**around, "shown": notices_for(cast(User, request.user))}
    )


@require_POST
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notice as read and go to its document, or stay in the list when that is all that is wanted."""
    user = cast(User, request.user)
    notice = get_object_or_404(Notice.objects.visible_to(user), pk=pk)
    mark_read(user, notice.pk)
    return redirect("notices") if "stay" in request.POST else HttpResponseRedirect(page_of(notice))


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    mark_read(cast(User, request.user))
    return redirect("notices")


notices_in_office = admin.site.admin_view(notices)
open_in_office = admin.site.admin_view(open_notice)
read_all_in_office = admin.site.admin_view(read_all)
