"""Addresses of companies, parts, stock and sales orders."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

rest_urls: list[URLPattern | URLResolver] = []
