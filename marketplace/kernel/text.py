"""Spanish words made comparable: without accents and case for finding, with ñ after n for sorting."""

import re
import unicodedata

from django.db.models import Func, TextField

_MARKS = re.compile("[\u0300-\u036f]+")
_NOT_A_WORD = re.compile(r"[^0-9a-z]+")
_ACCENTED = "áàâäãéèêëíìîïóòôöõúùûüñç"
_PLAIN = "aaaaaeeeeiiiiooooouuuunc"


def fold(text: str) -> str:
    """«Pañal  Niño» → «panal nino»: lower case, no accents, single blanks."""
    plain = text.casefold()
    if not plain.isascii():
        plain = _MARKS.sub("", unicodedata.normalize("NFKD", plain))
    return " ".join(_NOT_A_WORD.sub(" ", plain).split())


def sort_key(text: str) -> str:
    """Orders as a Spanish dictionary does: ñ is a letter of its own after n, other accents do not count."""
    return fold(text.casefold().replace("ñ", "nzz"))


class Fold(Func):
    """`fold` over a column, in SQL (the embedded PostgreSQL has neither unaccent nor ICU)."""

    output_field = TextField()

    def as_sql(self, compiler, connection, **extra):  # type: ignore[override]
        sql, params = compiler.compile(self.source_expressions[0])
        return FOLD_SQL.format(column=sql), params


class SortKey(Func):
    """`sort_key` over one column, or over several with a blank between, in SQL: for a stored column, and where none is stored."""

    output_field = TextField()

    def as_sql(self, compiler, connection, **extra):  # type: ignore[override]
        compiled = [compiler.compile(source) for source in self.source_expressions]
        text = " || ' ' || ".join(sql for sql, _ in compiled)
        letter = f"replace(replace({text}, 'Ñ', 'nzz'), 'ñ', 'nzz')"
        return FOLD_SQL.format(column=letter), [param for _, params in compiled for param in params]


FOLD_SQL = (
    "btrim(regexp_replace(translate(lower({column}), '" + _ACCENTED + _ACCENTED.upper() + "', '" + _PLAIN + _PLAIN + "'),"
    " '[^0-9a-z]+', ' ', 'g'))"
)
