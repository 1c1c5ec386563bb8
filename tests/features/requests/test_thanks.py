"""What is nothing but thanks, and what is not."""

import pytest

from bot.features.requests.thanks import is_only_thanks


@pytest.mark.parametrize(
    "text",
    [
        "Thanks!",
        "thank you very much",
        "Thank you <@U0ALICE001>, that helped a lot",
        "thx :+1:",
        "ok",
        "Perfect, it works now",
        "great, fixed, thanks a lot!",
        ":+1:",
        ":thumbsup::skin-tone-3:",
        "👍",
        "👍🏽 🙏",
        "❤️",
        "Merci beaucoup",
        "Vielen Dank!",
        "dziękuję",
        "Muchas gracias 🎉",
        "grazie mille",
        "muito obrigada",
        "Дякую!",
        "щиро дякую",
        "спасибо большое",
        "tack så mycket",
        "bedankt",
        "ありがとう",
        "谢谢",
        "Cheers, everyone :tada:",
    ],
)
def test_thanks_open_nothing_again(text: str) -> None:
    assert is_only_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        "thanks, but it still fails",
        "Thank you. One more question: when is it live?",
        "thanks?",
        "thanks for nothing, order 124 is stuck too",
        "not fixed",
        "no",
        "it is broken again",
        ":-1:",
        "👎",
        "👍 but now the invoice is wrong",
        "danke, geht leider nicht",
        "Дякую, але не працює",
        "",
        "<@U0ALICE001>",
        "https://example.com/log",
        "!",
    ],
)
def test_anything_more_is_heard(text: str) -> None:
    assert not is_only_thanks(text)
