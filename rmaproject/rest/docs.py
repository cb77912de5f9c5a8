"""The page on which the API can be read and tried; its own content policy, no foreign origin."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

#: Swagger's own code sets styles on elements; scripts and data stay on this origin.
POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)


class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI with its script in a file of its own, as the content policy asks."""

    url_name = "api-schema"
    permission_classes = [AllowAny]

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response = super().get(request, *args, **kwargs)
        response.headers["Content-Security-Policy"] = POLICY
        return response


class SchemaView(SpectacularAPIView):
    """The OpenAPI document; it holds no data, so anybody may read it. Made once a process."""

    permission_classes = [AllowAny]
    made: ClassVar[dict[str, Any]] = {}

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        if not self.made:
            generator = self.generator_class()
            self.made.update(generator.get_schema(request=None, public=True))
        return Response(self.made)
