"""A document speaks its own language, whatever the language of the page that asks for it."""

from __future__ import annotations

from flask import Flask
from flask_babel import get_locale

from survey.foundation.languages.language import current_language, written_in


def languages() -> tuple[str, str]:
    """Of texts that are kept by language, and of phrases."""
    return current_language(), str(get_locale())


def test_a_document_asked_for_from_an_english_page_is_vietnamese_and_the_page_stays_english(app: Flask) -> None:
    with app.test_request_context("/desk/reports/?lang=en"):
        assert languages() == ("en", "en")
        with written_in("vi"):
            assert languages() == ("vi", "vi")
            with written_in("en"):
                assert languages() == ("en", "en")
            assert languages() == ("vi", "vi")
        assert languages() == ("en", "en")
