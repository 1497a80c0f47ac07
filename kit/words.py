"""Words for modules that do not know Django."""


def gettext_noop(message: str) -> str:
    """Mark an English message for translation; the door that shows it translates it."""
    return message
