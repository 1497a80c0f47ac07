"""The environment, read once, typed, with every mistake reported together."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

T = TypeVar("T")

HERE = Path(__file__).resolve().parent.parent

SHORTEST_SECRET = 50
DEVELOPMENT_SECRET = "development-only-secret-key-never-used-in-production-0000000000"  # noqa: S105
DEVELOPMENT_FIELD_KEY = "development-only-field-key"
DEVELOPMENT_INDEX_KEY = "development-only-blind-index-key"


class BadEnvironment(Exception):
    """One sentence per missing or malformed variable, all at once."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("The environment is not usable:\n" + "\n".join(f"  - {line}" for line in problems))


@dataclass(frozen=True)
class Database:
    """A PostgreSQL address taken apart; `options` are its query parameters."""

    host: str
    port: str
    name: str
    user: str
    password: str
    options: dict[str, str]


@dataclass(frozen=True)
class Environment:
    app_env: Literal["development", "production"]
    debug: bool
    demo: bool
    secret_key: str
    secret_key_fallbacks: list[str]
    field_keys: list[str]
    blind_index_key: str
    allowed_hosts: list[str]
    base_url: str
    trusted_proxies: int
    database: Database
    owner_database: Database
    pool_size: int
    broker_url: str
    cache_url: str
    var: Path
    embedded: bool
    metrics_token: str
    notice_channels: dict[str, str]
    log_level: str

    @property
    def production(self) -> bool:
        return self.app_env == "production"


def text(value: str) -> str:
    return value


def switch(value: str) -> bool:
    choices = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if value.lower() not in choices:
        raise ValueError("must be 1 or 0")
    return choices[value.lower()]


def number(value: str) -> int:
    if not (value.isascii() and value.isdigit()):
        raise ValueError("must be a whole number")
    return int(value)


def words(value: str) -> list[str]:
    return [word.strip() for word in value.split(",") if word.strip()]


def one_of(*choices: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in choices:
            raise ValueError("must be one of " + ", ".join(choices))
        return value

    return parse


def url(*schemes: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if urlsplit(value).scheme not in schemes or "://" not in value:
            raise ValueError("must start with " + " or ".join(f"{scheme}://" for scheme in schemes))
        return value.rstrip("/")

    return parse


def channels(value: str) -> dict[str, str]:
    """`sms=https://:secret@gateway/notices,mail=smtp://user:password@host?from=…&to={phone}@…`: a name and an address
    each."""
    found: dict[str, str] = {}
    for word in words(value):
        name, _, address = word.partition("=")
        if not name.isidentifier() or len(name) > 20 or name in found:
            raise ValueError(f"names each channel once, like sms=https://…; not {name!r}")
        if problem := channel_problem(address):
            raise ValueError(f"has a channel {name} that {problem}")
        found[name] = address
    return found


def channel_problem(address: str) -> str:
    try:
        parts = urlsplit(address)
        if parts.scheme not in {"https", "http", "smtp", "smtps"} or not parts.hostname or parts.port == 0:
            return "does not start with https://, http://, smtp:// or smtps:// and a host"
    except ValueError:
        return "is not an address"
    if parts.scheme.startswith("http"):
        return "" if parts.password else "has no secret (https://:secret@host/path)"
    asked = parse_qs(parts.query)
    if "{phone}" not in asked.get("to", [""])[0] or "@" not in asked.get("from", [""])[0]:
        return "does not say ?from=sender@host&to={phone}@host"
    return ""


def in_the_clear(address: str) -> bool:
    """Whether what is sent there could be read on the way."""
    parts = urlsplit(address)
    return parts.scheme == "http" or (parts.scheme == "smtp" and parse_qs(parts.query).get("tls") == ["0"])


def database(value: str) -> Database:
    """`postgres://user:password@host:port/name?sslmode=require`; `?host=/folder` names a socket folder."""
    parts = urlsplit(value)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("must start with postgres:// (PostgreSQL is the only engine)")
    if not parts.path.strip("/"):
        raise ValueError("must name a database after the host")
    options = {}
    for pair in filter(None, parts.query.split("&")):
        name, _, option = pair.partition("=")
        options[name] = unquote(option)
    try:
        port = str(parts.port or options.pop("port", ""))
    except ValueError as error:
        raise ValueError("has a port that is not a number") from error
    return Database(
        host=unquote(parts.hostname or "") or options.pop("host", ""),
        port=port,
        name=unquote(parts.path.strip("/")),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        options=options,
    )


class Reader:
    """Takes variables one by one and remembers what was wrong with each."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.complaints: dict[str, str] = {}

    @property
    def problems(self) -> list[str]:
        return [f"{name} {sentence}." for name, sentence in self.complaints.items()]

    def complain(self, name: str, sentence: str) -> None:
        """The first complaint about a variable is the one worth reading."""
        self.complaints.setdefault(name, sentence)

    def take(self, name: str, parse: Callable[[str], T], default: T) -> T:
        raw = self.environ.get(name, "").strip()
        if not raw:
            return default
        try:
            return parse(raw)
        except ValueError as error:
            self.complain(name, str(error))
            return default

    def need(self, name: str, parse: Callable[[str], T], fallback: T, *, why: str) -> T:
        if not self.environ.get(name, "").strip():
            self.complain(name, f"is missing: {why}")
            return fallback
        return self.take(name, parse, fallback)


def with_local_servers(environ: Mapping[str, str]) -> Mapping[str, str]:
    """Where a running `make run` has left the addresses of its servers, they fill what is not set."""
    note = Path(environ.get("VAR") or HERE / "var") / "env"
    if environ.get("APP_ENV") == "production" or environ.get("DATABASE_URL") or not note.exists():
        return environ
    left = dict(line.split("=", 1) for line in note.read_text().splitlines())
    return {**left, **environ}


def read(environ: Mapping[str, str] = os.environ) -> Environment:
    """The whole environment, or BadEnvironment with every problem found."""
    reader = Reader(with_local_servers(environ))
    production = reader.take("APP_ENV", one_of("development", "production"), "development") == "production"
    nowhere = Database("", "", "", "", "", {})

    def secret(name: str, parse: Callable[[str], T], default: T, why: str) -> T:
        return reader.need(name, parse, default, why=why) if production else reader.take(name, parse, default)

    app = reader.need(
        "DATABASE_URL",
        database,
        nowhere,
        why="the address of PostgreSQL for the app's role (`make run` starts one by itself)",
    )
    broker = reader.need(
        "BROKER_URL",
        url("redis", "rediss", "unix", "amqp", "amqps"),
        "",
        why="the address of Valkey, Redis or RabbitMQ",
    )
    found = Environment(
        app_env="production" if production else "development",
        debug=reader.take("DEBUG", switch, default=False),
        demo=reader.take("DEMO", switch, default=not production),
        secret_key=secret("SECRET_KEY", text, DEVELOPMENT_SECRET, "50 or more random characters"),
        secret_key_fallbacks=reader.take("SECRET_KEY_FALLBACKS", words, []),
        field_keys=secret("FIELD_KEYS", words, [DEVELOPMENT_FIELD_KEY], "secrets of encrypted columns, newest first"),
        blind_index_key=secret(
            "BLIND_INDEX_KEY", text, DEVELOPMENT_INDEX_KEY, "the key under which phones are searched"
        ),
        allowed_hosts=secret("ALLOWED_HOSTS", words, ["*"], "the host names this platform answers to"),
        base_url=secret(
            "BASE_URL", url("http", "https"), "http://127.0.0.1:8000", "the address printed in every QR code"
        ),
        trusted_proxies=reader.take("TRUSTED_PROXIES", number, 0),
        database=app,
        owner_database=secret(
            "MIGRATE_DATABASE_URL", database, app, "the address of PostgreSQL for the role that owns the tables"
        ),
        pool_size=reader.take("DATABASE_POOL", number, 10),
        broker_url=broker,
        cache_url=reader.take(
            "CACHE_URL", url("redis", "rediss", "unix"), broker if not broker.startswith("amqp") else ""
        ),
        var=Path(reader.take("VAR", text, str(HERE / "var"))).resolve(),
        embedded=reader.take("EMBEDDED", switch, default=False),
        metrics_token=reader.take("METRICS_TOKEN", text, ""),
        notice_channels=reader.take("NOTICE_CHANNELS", channels, {}),
        log_level=reader.take("LOG_LEVEL", one_of("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"),
    )
    if production:
        for name, sentence in unfit_for_production(found).items():
            reader.complain(name, sentence)
    if reader.problems:
        raise BadEnvironment(reader.problems)
    return found


def unfit_for_production(env: Environment) -> dict[str, str]:
    """What is convenient on a desk and dangerous in the open: variable and sentence."""
    strong = f"must be random and have {SHORTEST_SECRET} characters or more"
    rules = {
        ("DEBUG", "must be off"): env.debug,
        ("DEMO", "must be off: demo people have known passwords"): env.demo,
        ("EMBEDDED", "servers are for trying out: name servers that are looked after"): env.embedded,
        ("SECRET_KEY", strong): too_weak(env.secret_key),
        ("FIELD_KEYS", strong): any(map(too_weak, env.field_keys)),
        ("BLIND_INDEX_KEY", strong): too_weak(env.blind_index_key),
        ("ALLOWED_HOSTS", "may not be `*`"): "*" in env.allowed_hosts,
        ("BASE_URL", "must start with https://"): not env.base_url.startswith("https://"),
        ("NOTICE_CHANNELS", "must be encrypted: https://, smtps:// or smtp:// with TLS"): any(
            map(in_the_clear, env.notice_channels.values())
        ),
        ("MIGRATE_DATABASE_URL", "must name another role than DATABASE_URL"): env.owner_database.user
        == env.database.user,
    }
    return {name: sentence for (name, sentence), broken in rules.items() if broken}


def too_weak(secret: str) -> bool:
    return len(secret) < SHORTEST_SECRET or secret.startswith("development-only") or len(set(secret)) < 10
