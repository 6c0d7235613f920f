"""Price lists of any size, row by row, the same for a seed: in our layout, and the same things in stock Oscar's."""

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from stdnum import ean

from catalog_import.columns import REQUIRED
from marketplace.demo.tables import rows_of

BAD_OF_TEN = {"price": "3.45.00", "vat_percent": "77", "stock": "-12", "currency": "EUR", "category": "Vehículos"}


def our_rows(number: int, seed: int, bad_share: float = 0.0) -> Iterator[dict[str, str]]:
    """Every row a new sheet; a share of them with one bad value, spread evenly."""
    words = [row["file_category"] for row in rows_of("category_map")]
    faults = list(BAD_OF_TEN.items())
    for place in range(number):
        row = {
            "sku": f"B{seed}-{place:07d}",
            "name": f"Cable de red categoría {place % 9} de {place % 97 + 1} m, serie {seed}-{place}",
            "description": f"Cable con conectores, probado, número {place}",
            "brand": f"Marca {place % 40}",
            "gtin": gtin(seed, place),
            "category": words[place % len(words)],
            "unit": "H87",
            "price": str(Decimal(place % 9000 + 100) / 100),
            "currency": "USD",
            "vat_percent": "15",
            "stock": str(place % 500 + 10),
            "min_order_qty": "1",
            "lead_time_days": str(place % 20 + 1),
            "warranty_months": "12",
            "image_url": "",
        }
        if bad_share and place % round(1 / bad_share) == 0:
            column, value = faults[place // round(1 / bad_share) % len(faults)]
            row[column] = value
        yield row


def gtin(seed: int, place: int) -> str:
    digits = f"2{seed:05d}{place:06d}"
    return f"{digits}{ean.calc_check_digit(digits)}"


def next_seed(folder: Path) -> int:
    """One that no list of this data has had: what is kept is not imported again."""
    kept = folder / "seed"
    seed = int(kept.read_text()) + 1 if kept.exists() else 1
    kept.write_text(str(seed))
    return seed


def ours(path: Path, number: int, seed: int, bad_share: float = 0.0) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, REQUIRED)
        writer.writeheader()
        writer.writerows(our_rows(number, seed, bad_share))
    return path


def theirs(path: Path, number: int, seed: int) -> Path:
    """Nine fields: kind, category, UPC, title, description, partner, SKU, price, stock."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, escapechar="\\", doublequote=False)
        for row in our_rows(number, seed):
            thing = "Bien", row["category"], row["gtin"], row["name"], row["description"]
            writer.writerow([*thing, "Proveedor", row["sku"], row["price"], row["stock"]])
    return path
