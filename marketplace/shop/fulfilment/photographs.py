"""Photographs that people take of what came: only the picture is kept, made anew by us.

What is stored is never the file that was sent: decoded, turned upright, made smaller and encoded again as JPEG, so neither the
place and the camera that it names, nor a script hidden in it, are kept.
"""

from io import BytesIO
from typing import BinaryIO

from django.core.files.base import ContentFile
from PIL import Image, ImageOps

from marketplace.kernel.errors import Broken, refuse

FORMATS = ("JPEG", "PNG", "WEBP")
MEGABYTES = 12
MEGAPIXELS = 50
LONGEST_SIDE = 1600
QUALITY = 82
MILLION = 1_000_000


def photograph_made_anew(file: BinaryIO, size: int) -> ContentFile:
    """`size`: bytes. Raises RuleBroken (``photograph_too_heavy``, ``photograph_unreadable``, ``photograph_too_large``)."""
    if size > MEGABYTES * 1024 * 1024:
        refuse([Broken("photograph_too_heavy", most=MEGABYTES)])
    try:
        with Image.open(file, formats=FORMATS) as image:
            if image.width * image.height > MEGAPIXELS * MILLION:
                refuse([Broken("photograph_too_large", most=MEGAPIXELS)])
            return _encoded(image)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):  # what Pillow raises for broken or hostile files
        refuse([Broken("photograph_unreadable")])
        raise


def _encoded(image: Image.Image) -> ContentFile:
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is decoded small from the start
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    plain = Image.new("RGB", upright.size, "white")
    plain.paste(upright.convert("RGBA"), mask=upright.convert("RGBA").getchannel("A"))
    written = BytesIO()
    plain.save(written, "JPEG", quality=QUALITY, optimize=True)
    return ContentFile(written.getvalue(), name="photograph.jpg")
