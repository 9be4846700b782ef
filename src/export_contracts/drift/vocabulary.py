"""Words for need and types in the languages that vendors publish in. Words only: no layout, no contract."""

from __future__ import annotations

import re
from typing import Final, Literal

Need = Literal["required", "optional", "conditional"]

_REQUIRED: Final = (
    "required|mandatory|yes|requis|requise|obligatoire|oui|erforderlich|pflicht|pflichtfeld|verpflichtend|ja|"
    "obligatorio|obligatoria|requerido|requerida|necesario|sí|si|obrigatório|obrigatória|necessário|sim|"
    "obbligatorio|richiesto|verplicht|vereist|必須|必要|はい|필수|예|必填|必需|是|true|✓|✔|✅|☑|✔️"
)
_OPTIONAL: Final = (
    "optional|no|not required|facultatif|facultative|optionnel|optionnelle|non|nein|nicht erforderlich|"
    "opcional|opcionais|facultativo|não|facoltativo|opzionale|nee|optioneel|任意|オプション|省略可能|いいえ|"
    "선택|선택 사항|선택사항|아니요|可选|选填|否|false|✗|✘|❌|✕|non requis|pas requis|no requerido|not mandatory"
)
_TYPES: Final = {
    "array": r"arrays?|lists?|tableaux?|listes?|arreglos?|matriz|matrizes|matrices|vetor|lista|배열|配列|数组|matrice",
    "object": r"objects?|objets?|objekte?|objetos?|oggetto|map|dict(?:ionary)?|オブジェクト|객체|개체|对象",
    "integer": r"int(?:eger|32|64)?s?|long|entiers?|ganzzahl(?:en)?|enteros?|inteiros?|intero|整数|정수",
    "number": r"floats?|doubles?|numbers?|decimals?|nombres?|flottants?|zahl(?:en)?|gleitkommazahl(?:en)?|número|"
    r"numérico|flutuantes?|flotantes?|decimale?|浮動小数点数?|数値|小数|숫자|실수|数字",
    "boolean": r"bool(?:ean|s)?|booleans|booléens?|boolesch(?:er wert)?|boolescher|booleanos?|ブール値?|"
    r"真偽値|불리언|부울|布尔值?",
    "null": r"null",
    "string": r"strings?|str|text|chaînes?|chaine|texte|zeichenfolgen?|zeichenkette|cadenas?|cadeias?|stringhe?|"
    r"stringa|date|datetime|date-time|timestamp|uuid|url|uri|文字列|日付|タイムスタンプ|문자열|날짜|字符串|horodatage|zeitstempel",
}
_HOURS: Final = {
    1 / 60: r"min(?:ute)?s?|minuten|minutos|分",
    1: r"h|hours?|heures?|stunden?|horas?|ore|uur|時間|시간|小时",
    24: r"days?|jours?|tage?n?|días?|dias?|giorni|dagen|日間?|일|天",
    168: r"weeks?|semaines?|wochen?|semanas?|週間?|주|周",
}
_CJK: Final = r"぀-ヿ㐀-鿿가-힯"


def _word(words: str) -> re.Pattern[str]:
    """Words of alphabets stand apart; those of Chinese, Japanese and Korean may touch their neighbours."""
    parts = sorted(re.split(r"\|(?![^()]*\))", words), key=len, reverse=True)
    touching = [one for one in parts if re.search(f"[{_CJK}]", one)]
    apart = [one for one in parts if one not in touching]
    either = [r"(?<![\w-])(?:" + "|".join(apart) + r")(?![\w-])"] if apart else []
    return re.compile("|".join([*either, *touching]), re.IGNORECASE)


_IS_REQUIRED, _IS_OPTIONAL = _word(_REQUIRED), _word(_OPTIONAL)
_IS_TYPE = {name: _word(words) for name, words in _TYPES.items()}
_CONDITION: Final = re.compile(r"\*|†|\bif\b|\bwhen\b|\bsi\b .|\bwenn\b|\bquando\b|\bcuando\b|場合|경우", re.IGNORECASE)
_GLUE: Final = re.compile(r"\b(?:of|de|d|von|di|or|and|ou|oder|o|an|a|caractères|caracteres)\b|の", re.IGNORECASE)
_BACKED: Final = re.compile(r"[`*_\\(){}<>\[\]]")


def need(cell: str) -> Need | None:
    """What a cell says of the need for a parameter; None where no word of it is known.

    A star, or words like `if`, make it conditional: `Required*`, `Required if`.
    """
    text = cell.strip()
    if len(text) > 60 or not text:
        return None
    plain = _BACKED.sub("", text).strip(" .:*")
    if _fully(_IS_OPTIONAL, plain):
        return "optional"
    if _IS_REQUIRED.match(plain):
        rest = _IS_REQUIRED.sub("", plain, count=1)
        if text.rstrip("`_ )").endswith(("*", "†", "\\*")) and not text.startswith("*"):
            return "conditional"
        if rest.strip() and (_CONDITION.search(rest) or len(rest.split()) > 1):
            return "conditional"
        return "required"
    return "optional" if _IS_OPTIONAL.match(plain) and len(plain.split()) <= 3 else None


def _fully(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.fullmatch(text) is not None


def types(cell: str) -> tuple[frozenset[str], frozenset[str]]:
    """Base types that a cell names, and those of an array's items: `Array of strings` is ({array}, {string})."""
    listed = re.fullmatch(r"\s*`?(?:(\w+)\s*\[\s*\]|\[\s*(\w+)\s*\])`?\s*", cell)
    if listed and (inner := types(listed[1] or listed[2])[0]):
        return frozenset({"array"}), inner
    text = _BACKED.sub(" ", cell).replace("_", " ").strip()
    found = {name for name, pattern in _IS_TYPE.items() if pattern.search(text)}
    if {"integer", "string"} <= found and re.search(r"unix|epoch", text, re.IGNORECASE):
        found.discard("string")
    if "array" in found:
        return frozenset({"array"}), frozenset(found - {"array", "null"})
    return frozenset(found), frozenset()


NUMERALS: Final = {
    **dict.fromkeys(("one", "un", "une", "ein", "eine", "einen", "uno", "una", "um", "uma"), 1),
    **dict.fromkeys(("two", "deux", "zwei", "dos", "dois", "duas"), 2),
    **dict.fromkeys(("three", "trois", "drei", "tres", "três"), 3),
    **dict.fromkeys(("four", "quatre", "vier", "cuatro", "quatro"), 4),
    **dict.fromkeys(("five", "cinq", "fünf", "cinco"), 5),
    **dict.fromkeys(("ten", "dix", "zehn", "diez", "dez"), 10),
}
"""Small numbers in words."""


def hours(unit: str) -> float | None:
    """How long a unit of time is; 1 for no unit, None for an unknown one."""
    if not unit:
        return 1
    return next((size for size, words in _HOURS.items() if re.fullmatch(words, unit, re.IGNORECASE)), None)


def is_type(cell: str) -> bool:
    """Whether a short cell is made of words for types."""
    if not 0 < len(cell.strip()) <= 48 or not types(cell)[0]:
        return False
    rest = _BACKED.sub(" ", cell).replace("_", " ")
    for pattern in _IS_TYPE.values():
        rest = pattern.sub(" ", rest)
    return sum(map(str.isalpha, _GLUE.sub(" ", rest))) <= 14
