"""Our own way for instruments: signed like a scale's messages (docs/device-api.md, section 11)."""

from __future__ import annotations

import dataclasses

from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from kit.refusals import Invalid
from registry.models import Device
from traceability.api import device_documents as documents
from traceability.api.devices import DeviceView, check_header, members, readable, server_time
from traceability.device_sale import read_sequence
from traceability.instrument_message import Unreadable, read_signed
from traceability.services.instrument_readings import receive_readings


class NotAnInstrument(exceptions.PermissionDenied):
    default_code = "not_an_instrument"
    default_detail = "Readings come from instruments; this device is a scale."


class ReadingsView(DeviceView):
    @extend_schema(
        operation_id="deviceReadings", tags=["device"], request=documents.ReadingsRequest,
        responses=documents.ReadingsDocument, summary="What an instrument has read",
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        if request.device.kind != Device.Kind.INSTRUMENT:
            raise NotAnInstrument
        sent = members(request)
        check_header(request, readable("sequence", read_sequence, sent.get("sequence")))
        try:
            readings = read_signed(sent.get("readings"))
        except Unreadable as why:
            raise Invalid(fields={why.field: "invalid"}) from why
        answers = receive_readings(request.device, readings=readings)
        return Response({"server_time": server_time(), "items": [dataclasses.asdict(each) for each in answers]})
