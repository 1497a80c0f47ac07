"""What scales ask and tell: `/api/v1/device/…` (docs/device-api.md)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kit import clock
from kit.drf import StrictJSONParser
from kit.refusals import Invalid
from traceability.api import device_documents as documents
from traceability.api.device_auth import ClockAhead, DeviceAuthentication, FromDevice
from traceability.device_sale import cursor as read_cursor
from traceability.device_sale import read_sequence, whole
from traceability.selectors.device_delta import delta, voucher_url
from traceability.selectors.device_messages import open_gaps
from traceability.services.device_codes import reserve_codes
from traceability.services.device_sales import receive_sales
from traceability.services.device_seen import note_delta

MOST_SALES = 100
MOST_CODES = 500


class DeviceView(APIView):
    authentication_classes = [DeviceAuthentication]
    permission_classes = [FromDevice]
    parser_classes: list[type[JSONParser]] = [StrictJSONParser]
    filter_backends: list = []

    def handle_exception(self, exc: Exception) -> Response:
        response = super().handle_exception(exc)
        if isinstance(exc, ClockAhead):
            response.data["server_time"] = server_time()
        return response


class TimeView(DeviceView):
    authentication_classes = []
    permission_classes = []

    @extend_schema(
        operation_id="deviceTime", tags=["device"], auth=[], responses=documents.TimeDocument,
        summary="The platform's time, to set a clock by",
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        now = clock.now()
        return Response({"server_time": now.isoformat(timespec="milliseconds"), "unix": int(now.timestamp())})


class DeltaView(DeviceView):
    @extend_schema(
        operation_id="deviceDelta", tags=["device"], responses=documents.DeltaDocument,
        parameters=[OpenApiParameter("since", str, description="Cursor of the last answer; without it, everything")],
        summary="What changed: stalls, batches, buttons, holds, buyers",
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        since = request.query_params.get("since") or None
        at = clock.now()
        note_delta(request.device, at=at)
        return Response(delta(request.device, since and readable("since", read_cursor, since), at))


class CodesView(DeviceView):
    @extend_schema(
        operation_id="deviceCodes", tags=["device"], request=documents.CodesRequest, responses=documents.CodesDocument,
        summary="Voucher codes in advance",
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        asked = members(request)
        sequence = readable("sequence", read_sequence, asked.get("sequence"))
        count = readable("count", whole(1, MOST_CODES), asked.get("count"))
        check_header(request, sequence)
        codes = reserve_codes(request.device, sequence=sequence, count=count)
        return Response({"sequence": sequence, "codes": codes, "voucher_url": voucher_url()})


class SalesView(DeviceView):
    @extend_schema(
        operation_id="deviceSales", tags=["device"], request=documents.SalesRequest, responses=documents.SalesDocument,
        summary="What a scale has sold",
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        sales = readable("sales", sales_of, members(request).get("sales"))
        check_header(request, max(sale["sequence"] for sale in sales))
        items = receive_sales(request.device, sales=sales, late=request.auth.late)
        device = request.device
        device.refresh_from_db(fields=["last_sequence"])
        return Response(
            {
                "server_time": server_time(),
                "received_to": device.last_sequence,
                "gaps": open_gaps(device),
                "items": items,
            }
        )


def members(request: Request) -> dict[str, Any]:
    if not isinstance(request.data, dict):
        raise exceptions.ParseError(code="bad_json")
    return request.data


def sales_of(value: Any) -> list[dict[str, Any]]:
    """One to 100 objects, each with a readable sequence. Raises ValueError."""
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_SALES:
        raise ValueError
    for sale in value:
        read_sequence(sale.get("sequence") if isinstance(sale, dict) else None)
    return value


def readable(name: str, read: Callable[[Any], Any], value: Any) -> Any:
    try:
        return read(value)
    except ValueError as error:
        raise Invalid(fields={name: "invalid"}) from error


def check_header(request: Request, sequence: int) -> None:
    if request.auth.sequence != sequence:
        raise Invalid(fields={"Device-Sequence": "not the highest sequence of the body"})


def server_time() -> str:
    return clock.now().isoformat(timespec="milliseconds")
