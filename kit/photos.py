"""Private photos: stored by their digest, so that storing one twice is storing it once."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from kit.images import StoredImage, private_name


def keep(image: StoredImage, folder: str) -> str:
    """Store a re-encoded image under `folder`; returns its private path."""
    path = private_name(folder, image.sha256)
    return path if default_storage.exists(path) else default_storage.save(path, ContentFile(image.content))
