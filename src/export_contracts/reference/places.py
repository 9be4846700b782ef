"""Where synthetic people live and what they are called: plain tables, in many scripts. No logic here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Place:
    """A city with the codes and names that go with it.

    `country` is ISO 3166-1 alpha-2, `language` ISO 639-1, `zone` an IANA time zone, `calling` the
    country's telephone code without the plus; degrees are decimal.
    """

    city: str
    country: str
    language: str
    zone: str
    calling: str
    longitude: float
    latitude: float
    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]


PLACES: Final = (
    Place(
        "Chicago",
        "US",
        "en",
        "America/Chicago",
        "1",
        -87.6298,
        41.8781,
        ("Olivia", "Mary-Jane", "Zoë", "Latoya"),
        ("Liam", "J. D.", "Noah", "Beau"),
        ("Smith", "O'Neill", "García-López", "Van der Berg"),
    ),
    Place(
        "Baile Átha Cliath",
        "IE",
        "ga",
        "Europe/Dublin",
        "353",
        -6.2603,
        53.3498,
        ("Aoife", "Siobhán", "Róisín"),
        ("Oisín", "Seán", "Pádraig"),
        ("Ní Bhriain", "O'Connor", "Mac Giolla"),
    ),
    Place(
        "München",
        "DE",
        "de",
        "Europe/Berlin",
        "49",
        11.582,
        48.1351,
        ("Jördis", "Anna-Lena", "Käthe"),
        ("Jürgen", "Björn", "Max"),
        ("Müller", "Weiß", "von Groß", "Schmidt, Dr."),
    ),
    Place(
        "Saint-Étienne",
        "FR",
        "fr",
        "Europe/Paris",
        "33",
        4.3872,
        45.4397,
        ("Chloé", "Maëlys", "Anaïs"),
        ("François", "Loïc", "Noël"),
        ("Lefèvre", "D'Aubigné", "Bœuf"),
    ),
    Place(
        "Łódź",
        "PL",
        "pl",
        "Europe/Warsaw",
        "48",
        19.456,
        51.7592,
        ("Małgorzata", "Żaneta"),
        ("Łukasz", "Wojciech"),
        ("Wójcik", "Brzęczyszczykiewicz", "Źrebiec"),
    ),
    Place(
        "Malmö",
        "SE",
        "sv",
        "Europe/Stockholm",
        "46",
        13.0038,
        55.605,
        ("Åsa", "Frida"),
        ("Göran", "Måns"),
        ("Åkesson", "Öberg", "Lindström"),
    ),
    Place(
        "São Paulo",
        "BR",
        "pt",
        "America/Sao_Paulo",
        "55",
        -46.6333,
        -23.5505,
        ("Conceição", "Luíza"),
        ("João", "Antônio"),
        ("Gonçalves", "dos Santos", "Magalhães"),
    ),
    Place(
        "東京",
        "JP",
        "ja",
        "Asia/Tokyo",
        "81",
        139.6917,
        35.6895,
        ("さくら", "美咲"),
        ("翔太", "健"),
        ("髙橋", "佐藤", "渡邊"),
    ),
    Place(
        "서울",
        "KR",
        "ko",
        "Asia/Seoul",
        "82",
        126.978,
        37.5665,
        ("서연", "지우"),
        ("민준", "도윤"),
        ("김", "이", "남궁"),
    ),
    Place(
        "القاهرة",
        "EG",
        "ar",
        "Africa/Cairo",
        "20",
        31.2357,
        30.0444,
        ("فاطمة", "مريم"),
        ("محمد", "يوسف"),
        ("عبد الرحمن", "حسن"),
    ),
    Place(
        "Αθήνα",
        "GR",
        "el",
        "Europe/Athens",
        "30",
        23.7275,
        37.9838,
        ("Ελένη", "Ζωή"),
        ("Γιώργος", "Νίκος"),
        ("Παπαδόπουλος", "Αγγέλου"),
    ),
    Place(
        "मुंबई",
        "IN",
        "hi",
        "Asia/Kolkata",
        "91",
        72.8777,
        19.076,
        ("प्रिया", "Ananya"),
        ("अर्जुन", "Rohan"),
        ("शर्मा", "Krishnamurthy"),
    ),
)
"""A dozen cities; indices into this table are part of what a seed means, so append only."""

SHOPPING: Final = ("app_open", "product_viewed", "added_to_cart", "wishlist: shared", "купил подарок", 'Kauf "Plus"')
"""What people do, besides buying."""

PRODUCTS: Final = ("sku-0001", "sku-0042", "Crème brûlée, 4 ×", "T-shirt / L", "ギフト券", "100% Baumwolle")
"""What people buy."""

BRANDS: Final = ("Ætheria", "Brass & Oak", "Čapek", "O'Malley", "株式会社サンプル", "Zwölf; Elf")
"""What people like."""

REMARKS: Final = (
    "called twice,\nprefers e-mail",
    'says "never on Sundays"',
    "tab\there, comma, semicolon; pipe|",
    "line separator\u2028inside, next line\u0085too",
    "👩‍👩‍👧‍👦 family of four 🎉",
    "=1+1",
    "null",
    "C:\\temp\\ñ",
)
"""Free text as it occurs: each is legal wherever text is, and trips a careless reader of files."""
