"""Lists of rows within the reach of who asks."""

from __future__ import annotations

from typing import Any

from rest_framework.generics import ListAPIView

from registry.actors import Actor


class Listing(ListAPIView):
    """`rows(actor)` in pages, newest first."""

    model: Any

    def rows(self, actor: Actor) -> Any:
        raise NotImplementedError

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.model.objects.none()
        return self.rows(self.request.actor)
