"""What taking a task costs: `make bench BENCH=claim`.

Several processes claim through the service as fast as they can; as many send the very same statements, with other
ids in them, by psycopg alone. Both take tasks of their own, in turns. Then 64 people press the button over HTTP.
"""

import os

import django

from bench import served


def main() -> None:
    served.fill()
    os.environ |= {"DJANGO_SETTINGS_MODULE": "bench.settings", "LOG_LEVEL": "WARNING"}
    django.setup()
    from bench import taking

    taking.through_the_service()
    taking.over_http()


if __name__ == "__main__":
    main()
