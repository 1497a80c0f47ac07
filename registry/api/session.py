"""`/api/v1/session`: sign in, who am I, sign out."""

from __future__ import annotations

from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kit.refusals import NotAllowed, Refusal
from registry.api.auth import SignedIn
from registry.lockout import check
from registry.models import Account, ApiSession
from registry.roles import Role
from registry.selectors.people import current_grants
from registry.services.sign_in import end_api_session, start_api_session


class WrongPassword(Refusal):
    code = "wrong_password"
    status = 401
    message = _("The name or the password is wrong.")


class PasswordToChoose(NotAllowed):
    code = "must_change_password"
    message = _("Choose a password on the web first.")


class CredentialsSerializer(serializers.Serializer):
    username = serializers.CharField(max_length=60, help_text="User name or phone")
    password = serializers.CharField(max_length=128, trim_whitespace=False, write_only=True)


class TokenSerializer(serializers.Serializer):
    token = serializers.CharField()
    expires_at = serializers.DateTimeField()


class GrantSerializer(serializers.Serializer):
    role = serializers.ChoiceField(choices=Role.choices())
    district_id = serializers.CharField()
    place_id = serializers.UUIDField(allow_null=True)
    market_id = serializers.UUIDField(allow_null=True)
    town_id = serializers.CharField(allow_null=True)


class PersonSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    username = serializers.CharField()
    name = serializers.CharField()
    roles = GrantSerializer(many=True)


@method_decorator(sensitive_post_parameters("password"), name="dispatch")
class SessionView(APIView):
    """A person's API session: 12 hours, ended early by signing out, a new password or a change of roles."""

    def get_permissions(self):
        return [] if self.request.method == "POST" else [SignedIn()]

    @extend_schema(request=CredentialsSerializer, responses={201: TokenSerializer}, auth=[])
    def post(self, request: Request) -> Response:
        asked = CredentialsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        account = check(request._request, **asked.validated_data)
        if account is None:
            raise WrongPassword
        if account.must_change_password:
            raise PasswordToChoose
        session, token = start_api_session(account)
        answer = TokenSerializer({"token": token, "expires_at": session.expires_at})
        return Response(answer.data, status=201, headers={"Cache-Control": "no-store"})

    @extend_schema(responses=PersonSerializer)
    def get(self, request: Request) -> Response:
        return Response(PersonSerializer(described(request.user)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        if isinstance(request.auth, ApiSession):
            end_api_session(request.auth)
        return Response(status=204)


def described(account: Account) -> dict[str, object]:
    return {
        "id": account.id,
        "username": account.username,
        "name": account.name,
        "roles": current_grants(account.id),
    }


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "registry.api.auth.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
