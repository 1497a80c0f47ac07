"""How the API describes itself."""

from typing import Any

COMPONENTS = {
    "schemas": {
        "Problem": {
            "type": "object",
            "required": ["type", "title", "status", "code", "detail"],
            "properties": {
                "type": {"type": "string"},
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "code": {"type": "string", "description": "Stable: what programs should look at."},
                "detail": {"type": "string", "description": "For people, in the language of the request."},
                "fields": {"type": "object", "description": "What is wrong, by field."},
                "data": {"type": "object", "description": "Facts about this problem."},
                "request_id": {"type": "string"},
            },
        }
    }
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Sunshine Food Safety",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "DESCRIPTION": "From the wholesale gate to the plate. Sign in with `POST /api/v1/session`; every other POST wants "
    "an `Idempotency-Key`. What is missing and what is not yours answer alike: 404. Problems are RFC 9457 documents. "
    "Lists come in pages: follow `next`. Scales sign their messages instead: see docs/device-api.md.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "APPEND_COMPONENTS": COMPONENTS,
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [],
    "SORT_OPERATIONS": False,
    "TAGS": [
        {"name": name, "description": said}
        for name, said in (
            ("session", "Signing in and out"),
            ("declarations", "Goods on their way into a wholesale market, and the market's decision"),
            ("batches", "Goods: what there is, where it came from and where it went"),
            ("vouchers", "Sales: the seller's record and the buyer's in one"),
            ("intakes", "Goods taken in at a stall, canteen or shop"),
            ("holds", "Pauses of sale"),
            ("tests", "Rapid tests"),
            ("look-up", "Products, places of origin, stalls and stores, codes"),
            ("device", "Scales: docs/device-api.md"),
        )
    ],
}
