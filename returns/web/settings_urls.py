"""The settings pages."""

from __future__ import annotations

from django.urls import path

from returns.web import calendar_feeds, custom_settings, policies, roles, settings, sheets, tokens

urlpatterns = [
    path("", settings.general, name="settings"),
    path("switch/", settings.switch, name="settings-switch"),
    path("businesses/", settings.businesses, name="settings-businesses"),
    path("businesses/new/", settings.business, name="settings-new-business"),
    path("businesses/<uuid:ident>/", settings.business, name="settings-business"),
    path("reasons/", settings.reasons, name="settings-reasons"),
    path("reasons/new/", settings.reason, name="settings-new-reason"),
    path("reasons/<uuid:ident>/", settings.reason, name="settings-reason"),
    path("sheets/", sheets.sheets, name="settings-sheets"),
    path("sheets/new/", sheets.sheet, name="settings-new-sheet"),
    path("sheets/<uuid:ident>/", sheets.sheet, name="settings-sheet"),
    path("categories/", sheets.categories, name="settings-categories"),
    path("categories/new/", sheets.category, name="settings-new-category"),
    path("categories/<uuid:ident>/", sheets.category, name="settings-category"),
    path("dispositions/", settings.dispositions, name="settings-dispositions"),
    path("dispositions/new/", settings.disposition, name="settings-new-disposition"),
    path("dispositions/<uuid:ident>/", settings.disposition, name="settings-disposition"),
    path("fields/", custom_settings.custom_fields, name="settings-fields"),
    path("fields/new/", custom_settings.custom_field, name="settings-new-field"),
    path("fields/<uuid:ident>/", custom_settings.custom_field, name="settings-field"),
    path("policies/", policies.policies, name="settings-policies"),
    path("policies/new/", policies.policy, name="settings-new-policy"),
    path("policies/<uuid:ident>/", policies.policy, name="settings-policy"),
    path("policies/<uuid:ident>/publish/", policies.publish, name="settings-publish-policy"),
    path("policies/<uuid:ident>/end/", policies.end, name="settings-end-policy"),
    path("policies/<uuid:ident>/withdraw/", policies.withdraw, name="settings-withdraw-policy"),
    path("policies/<uuid:ident>/delete/", policies.delete, name="settings-delete-policy"),
    path("policies/<uuid:ident>/try/", policies.trial, name="settings-try-policy"),
    path("calendars/", calendar_feeds.feeds, name="settings-calendars"),
    path("calendars/new/", calendar_feeds.new, name="settings-new-calendar"),
    path("calendars/<uuid:ident>/", calendar_feeds.edit, name="settings-calendar"),
    path("calendars/<uuid:ident>/rotate/", calendar_feeds.rotate, name="settings-rotate-calendar"),
    path("calendars/<uuid:ident>/revoke/", calendar_feeds.revoke, name="settings-revoke-calendar"),
    path("roles/", roles.roles, name="settings-roles"),
    path("roles/<int:key>/", roles.role, name="settings-role"),
    path("tokens/", tokens.tokens, name="settings-tokens"),
    path("tokens/new/", tokens.new_token, name="settings-new-token"),
    path("tokens/<uuid:ident>/revoke/", tokens.end_token, name="settings-revoke-token"),
    path("consents/<uuid:ident>/withdraw/", tokens.end_consent, name="settings-withdraw-consent"),
    path("applications/", tokens.applications, name="settings-applications"),
    path(
        "applications/<uuid:ident>/revoke/",
        tokens.end_application,
        name="settings-revoke-application",
    ),
]
