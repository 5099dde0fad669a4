import pytest

from transforms.web.decode import decode

ARABIC = "أعلنت الوزارة اليوم فتح المعبر أمام المسافرين"
FRENCH = "Le président a déclaré que la trêve était respectée à l'été"


@pytest.mark.parametrize(
    "declared", ["", "charset=utf-8", "text/html; charset=ISO-8859-1", "text/html; charset=windows-1256"]
)
def test_windows_1256_whatever_is_declared(declared: str) -> None:
    page = f"<html><body><p>{ARABIC}</p></body></html>".encode("cp1256")
    assert ARABIC in decode(page, declared)


@pytest.mark.parametrize("declared", ["", "text/html; charset=windows-1256", "text/html; charset=iso-8859-1"])
def test_valid_utf_8_is_utf_8(declared: str) -> None:
    assert ARABIC in decode(f"<p>{ARABIC}</p>".encode(), declared)


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks(codec: str) -> None:
    assert decode(f"<p>{ARABIC}</p>".encode(codec)) == f"<p>{ARABIC}</p>"


def test_meta_and_xml_declarations() -> None:
    assert ARABIC in decode(f'<meta charset="iso-8859-6"><p>{ARABIC}</p>'.encode("iso-8859-6"))
    assert "Привет" in decode('<?xml version="1.0" encoding="koi8-r"?><a>Привет</a>'.encode("koi8-r"))


def test_french_is_not_taken_for_arabic() -> None:
    assert FRENCH in decode(f"<p>{FRENCH}</p>".encode("cp1252"), "text/html; charset=iso-8859-1")
    assert FRENCH in decode(f"<p>{FRENCH}</p>".encode("cp1252"))


def test_damage_stays_local() -> None:
    cut = f"<p>{ARABIC}".encode()[:-1]
    assert decode(cut) == f"<p>{ARABIC}"[:-1]
    assert ARABIC in decode(f"<p>{ARABIC * 20}".encode() + b"\xff\xfe</p>" + f"{ARABIC}".encode())


def test_c1_controls_become_punctuation() -> None:
    assert decode("قال\u0085 \u0093نعم\u0094\u0081".encode()) == "قال\u2026 \u201cنعم\u201d"


def test_codecs_that_are_no_encodings_are_ignored() -> None:
    for label in ("unicode_escape", "zip", "punycode", "no-such", "\x00"):
        assert decode(b"\\u0041\xe1", f"charset={label}")


def test_utf_16_without_mark() -> None:
    assert ARABIC in decode(
        f"<html><head><title>x</title></head><body><p>{ARABIC}</p></body></html>".encode("utf-16-le")
    )


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("koi8-r", "Министр заявил в воскресенье, что переговоры о перемирии продолжатся на следующей неделе"),
        ("cp1251", "Министр заявил в воскресенье, что переговоры о перемирии продолжатся на следующей неделе"),
        ("cp1255", "השר אמר ביום ראשון כי השיחות על הפסקת האש יימשכו בשבוע הבא בבירה"),
        ("gb2312", "部长星期天说停火谈判将于下周在首都继续进行双方都同意参加"),
        ("iso-8859-6", "قال الوزير يوم الأحد إن المحادثات حول الهدنة ستستأنف في العاصمة مطلع الأسبوع المقبل"),
    ],
)
def test_other_scripts_are_not_taken_for_windows_1256(codec: str, text: str) -> None:
    assert text in decode(f"<rss><title>{text}</title><description>{text}</description></rss>".encode(codec))


@pytest.mark.parametrize("text", ["هدنة", "وزيرة خارجية دولة مجاورة تزور مدينة ساحلية", ARABIC])
@pytest.mark.parametrize("declared", ["", "text/html; charset=utf-8"])
def test_short_windows_1256_is_arabic(text: str, declared: str) -> None:
    assert text in decode(f"<p>{text}</p>".encode("cp1256"), declared)
