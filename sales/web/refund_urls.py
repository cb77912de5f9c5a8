"""The addresses of the pages of refunds and bank files."""

from __future__ import annotations

from django.urls import path

from sales.web import bank_files, refunds

app_name = "refunds"

urlpatterns = [
    path("", refunds.refunds, name="list"),
    path("bank-files/", bank_files.files, name="files"),
    path("bank-files/new/", bank_files.new_file, name="new_file"),
    path("bank-files/<uuid:ident>/", bank_files.file, name="file"),
    path("bank-files/<uuid:ident>/content/", bank_files.content, name="file_content"),
    path("bank-files/<uuid:ident>/confirm/", bank_files.confirm, name="confirm_file"),
    path("bank-details/<uuid:ident>/reveal/", refunds.reveal, name="reveal"),
    path("<uuid:ident>/", refunds.detail, name="detail"),
    path("<uuid:ident>/details/", refunds.details, name="details"),
    path("<uuid:ident>/change/", refunds.change, name="change"),
    *(
        path(f"<uuid:ident>/{verb}/", refunds.carry_out, {"verb": verb}, name=verb)
        for verb in refunds.SERVICES
    ),
]
