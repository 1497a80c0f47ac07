"""PostgreSQL, Valkey and the platform's processes on one machine with nothing installed."""


class Trouble(Exception):
    """Why it cannot start, in one sentence for the person who typed the command."""
