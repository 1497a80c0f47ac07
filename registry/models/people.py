from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from kit.district import DistrictForeignKey, DistrictModel
from kit.ids import uuid7
from registry.roles import BUSINESS_ROLES, Role

from .contact import HasPhone
from .history import history
from .visibility import reach


class AccountQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Oneself, and everybody who holds or held a role within the actor's scopes."""
        within = Grant.objects.visible_to(actor).filter(account_id=models.OuterRef("pk"))
        return self.filter(Q(pk=actor.account_id) | models.Exists(within))


class AccountManager(BaseUserManager.from_queryset(AccountQuerySet)):
    def get_by_natural_key(self, username):
        return self.get(username=username)


class Account(AbstractBaseUser, HasPhone):
    """A person who signs in. Global; what the person may do is in `Grant`.

    `session_epoch` is part of the session's hash: raising it ends every session of the person, which
    happens when roles change or the person leaves.
    """

    class Theme(models.TextChoices):
        AUTO = "auto", "跟随系统"
        LIGHT = "light", "浅色"
        DARK = "dark", "深色"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField("用户名", max_length=40, unique=True)
    name = models.CharField("姓名", max_length=40)
    is_active = models.BooleanField("在用", default=True)
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    must_change_password = models.BooleanField("须改密码", default=False)
    language = models.CharField("语言", max_length=10, default="zh-hans")
    theme = models.CharField("配色", max_length=5, choices=Theme, default=Theme.AUTO)
    care = models.BooleanField("关怀版", default=False)
    created_at = models.DateTimeField("开通时间", auto_now_add=True)
    left_at = models.DateTimeField("离岗时间", null=True, blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = []

    last_login = None
    objects = AccountManager()
    history = history(excluded=("password", "session_epoch"))

    class Meta:
        verbose_name = verbose_name_plural = "账号"
        constraints = [
            models.UniqueConstraint(fields=["phone_index"], condition=~Q(phone_index=""), name="account_phone_once")
        ]

    def __str__(self):
        return self.name

    def get_session_auth_hash(self):
        return self._session_hash()

    def get_session_auth_fallback_hash(self):
        from django.conf import settings

        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(secret)

    def _session_hash(self, secret=None):
        return salted_hmac(
            "registry.account.session", f"{self.password}:{self.session_epoch}", secret=secret, algorithm="sha256"
        ).hexdigest()

    @property
    def is_staff(self):
        """Support staff may open /admin/ (read-only but for reference data)."""
        let_in = self.is_active and not self.must_change_password
        return let_in and self.grants.current().filter(role=Role.SUPPORT).exists()

    def has_module_perms(self, app_label):
        return self.is_staff

    def has_perm(self, perm, obj=None):
        return self.is_staff


class GrantQuerySet(models.QuerySet):
    def current(self):
        return self.filter(ended_at__isnull=True)

    def visible_to(self, actor):
        """Roles held at the actor's own places, or in the market, town or district the actor answers for."""
        own = reach(actor, BUSINESS_ROLES, place="place_id", organisation="organisation_id")
        above = frozenset(Role) - BUSINESS_ROLES
        found = own | reach(actor, above, market="market_id", town="town_id")
        found |= reach(actor, above, market="place__market_id", town="place__town_id")
        return self.filter(found | reach(actor, above, town="market__town_id"))


class Grant(DistrictModel):
    """A role of a person, with its scope: a place of an organisation, a market, a town, or the district."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="grants", verbose_name="账号")
    role = models.CharField("角色", max_length=16, choices=Role.choices())
    organisation = models.ForeignKey(
        "registry.Organisation", models.PROTECT, null=True, blank=True, verbose_name="主体"
    )
    place = DistrictForeignKey("registry.Place", null=True, blank=True, related_name="grants", verbose_name="场所")
    market = DistrictForeignKey("registry.Market", null=True, blank=True, related_name="grants", verbose_name="市场")
    town = models.ForeignKey("registry.Region", models.PROTECT, null=True, blank=True, verbose_name="镇街")
    title = models.CharField("职务", max_length=32, blank=True)
    granted_at = models.DateTimeField("授予时间")
    granted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name="授予人")
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)

    objects = GrantQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = verbose_name_plural = "角色授权"
        constraints = [
            models.UniqueConstraint(
                F("district_id"),
                F("account"),
                F("role"),
                F("place"),
                F("market"),
                F("town"),
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="grant_once_while_it_lasts",
            ),
            models.CheckConstraint(
                condition=(
                    Q(role__in=["wholesaler", "vendor", "store_manager"], place__isnull=False,
                      organisation__isnull=False, market__isnull=True, town__isnull=True)
                    | Q(role="market_manager", market__isnull=False, place__isnull=True, town__isnull=True)
                    | Q(role="town_officer", town__isnull=False, place__isnull=True, market__isnull=True)
                    | Q(role__in=["tester", "coordinator", "reviewer"], place__isnull=True)
                    | Q(role__in=["district_officer", "finance", "auditor", "support"],
                        place__isnull=True, market__isnull=True, town__isnull=True)
                ),
                name="grant_scope_fits_role",
            ),
        ]  # fmt: skip


class SignInTicket(models.Model):
    """A one-time sign-in a manager shows as a QR to somebody who forgot the password (128 bits, hashed)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="tickets", verbose_name="账号")
    secret_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name="出示人")
    made_at = models.DateTimeField("出示时间")
    expires_at = models.DateTimeField("失效时间")
    used_at = models.DateTimeField("使用时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "一次性登录码"

    def __str__(self):
        return f"{self.account} {self.made_at:%Y-%m-%d %H:%M}"


class ApiSession(models.Model):
    """A person's sign-in through the API: the token's hash. It ends with the person's web sessions,
    since it counts only while the account has the epoch it was made in."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="api_sessions", verbose_name="账号")
    token_hash = models.CharField(max_length=64, unique=True)
    session_epoch = models.PositiveIntegerField()
    made_at = models.DateTimeField("登录时间")
    expires_at = models.DateTimeField("失效时间")
    ended_at = models.DateTimeField("退出时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "接口登录"

    def __str__(self):
        return f"{self.account} {self.made_at:%Y-%m-%d %H:%M}"
