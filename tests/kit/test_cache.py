"""What is kept near: bodies in the process, one client for Valkey."""

from kit.cache import Near, OneServer


def test_a_body_is_made_once():
    near, made = Near(2), []

    def make():
        made.append(1)
        return b"body"

    assert [near.get_or_make("name", make) for _ in range(3)] == [b"body"] * 3
    assert len(made) == 1


def test_the_latest_used_stay():
    near = Near(2)
    for name in ("first", "second", "first", "third"):
        near.get_or_make(name, name.encode)
    assert list(near.kept) == ["first", "third"]


def test_the_cache_makes_its_client_once():
    server = OneServer("redis://127.0.0.1:1/0", {})._cache
    assert server.get_client("other", write=True) is server.get_client("name")
