"""Private photos: stored by their digest, so that storing one twice is storing it once."""

import io

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from kit.images import StoredImage, private_name


def keep(image: StoredImage, folder: str) -> str:
    """Store a re-encoded image under `folder`; returns its private path."""
    path = private_name(folder, image.sha256)
    return path if default_storage.exists(path) else default_storage.save(path, ContentFile(image.content))


def fetch(path: str) -> StoredImage:
    """A picture stored by `keep`, by its private path. Raises OSError when it is not there."""
    with default_storage.open(path) as file:
        content = file.read()
    with Image.open(io.BytesIO(content), formats=["JPEG"]) as picture:
        return StoredImage(content, picture.width, picture.height, path.rsplit("/", 1)[-1].removesuffix(".jpg"))
