from io import BytesIO

import pytest
from PIL import Image

from marketplace.kernel.errors import RuleBroken
from marketplace.shop.fulfilment import photographs
from marketplace.shop.fulfilment.photographs import photograph_made_anew

from .conftest import picture

ORIENTATION, MAKER = 0x0112, 0x010F


def made_anew(content: bytes) -> Image.Image:
    return Image.open(photograph_made_anew(BytesIO(content), len(content)))


@pytest.mark.threat("I6")
def test_keeps_the_picture_and_nothing_of_the_camera():
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, "Cámara"

    image = made_anew(picture((40, 30), exif=exif, comment=b"<script>alert(1)</script>"))

    assert (image.format, image.size) == ("JPEG", (30, 40))  # turned upright
    assert dict(image.getexif()) == {}
    assert "comment" not in image.info


def test_makes_it_smaller():
    assert made_anew(picture((3200, 1600))).size == (1600, 800)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_reads_what_phones_take(kind):
    assert made_anew(picture(kind=kind)).format == "JPEG"


@pytest.mark.threat("I6")
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hola",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a<script>",
        picture(kind="GIF"),
        picture()[:200],
        b"%PDF-1.7",
    ],
)
def test_refuses_what_is_no_photograph(content):
    with pytest.raises(RuleBroken) as refusal:
        made_anew(content)
    assert refusal.value.codes == ["photograph_unreadable"]


def test_refuses_what_is_too_much(monkeypatch):
    monkeypatch.setattr(photographs, "MILLION", 20)
    with pytest.raises(RuleBroken) as refusal:
        made_anew(picture((40, 30)))
    assert refusal.value.codes == ["photograph_too_large"]
    with pytest.raises(RuleBroken) as refusal:
        photograph_made_anew(BytesIO(b""), 12 * 1024 * 1024 + 1)
    assert refusal.value.codes == ["photograph_too_heavy"]
