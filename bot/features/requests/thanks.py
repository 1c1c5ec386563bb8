"""Words that end a talk and do not open it again. Pure."""

import re

_THANKING = frozenset(
    "thanks thank thx ty tnx cheers great perfect awesome super cool nice good ok okay k kk wonderful excellent "
    "lovely appreciated appreciate merci danke dank bedankt dankjewel tack gracias grazie obrigado obrigada "
    "dziękuję dziękuje dziekuje dzięki dzieki díky děkuji ďakujem дякую спасибі спасибо благодаря хвала "
    "teşekkürler ありがとう ありがとうございます 谢谢 謝謝 감사합니다 شكرا תודה".split()
)
# Words that say nothing more beside those.
_BESIDE = frozenset(
    "you got it all fixed works now working much so very many a lot for the help your quick done solved that this "
    "team folks guys everyone everybody again really helped beaucoup bien vielen schön sehr muchas mucho mille "
    "tante muito så mycket wel heel erg щиро дуже большое огромное вам вас bardzo".split()
)
_GLAD = re.compile(
    r":(?:\+1|thumbsup|pray|tada|heart|hearts|smile|smiley|slightly_smiling_face|blush|clap|raised_hands|"
    r"ok_hand|white_check_mark|fire|rocket|100|sparkles|star|muscle|wave|handshake|bow|green_heart|blue_heart)"
    r":(?::skin-tone-\d:)?|[👍🙏🎉❤😀😃😄🙂😊👏🙌👌✅🔥🚀💯✨⭐💪👋🤝🙇💚💙]"
)
_MENTION = re.compile(r"<[@!][^>]*>")
_WORD = re.compile(r"\w+")


def is_only_thanks(text: str) -> bool:
    """Whether a reply says nothing but thanks, so that a resolved request stays resolved."""
    bare = _MENTION.sub(" ", text)
    without = _GLAD.sub(" ", bare)
    words = [word.casefold() for word in _WORD.findall(without)]
    if "?" in without or any(word not in _THANKING | _BESIDE for word in words):
        return False
    return any(word in _THANKING for word in words) or (not words and bool(_GLAD.search(bare)))
