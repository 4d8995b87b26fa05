"""Words that a person writes beside a case: never cut in silence."""

from qifu.kernel.actions import BadInput
from qifu.kernel.language import said


def written(text: str, name: str, *, most: int = 1000) -> str:
    """Give what was written in the field of this name, without the blanks around it. Refuses nothing and more than `most`."""
    words = text.replace("\x00", "").strip()
    if not words:
        raise BadInput({name: said("还没有写内容。")})
    if len(words) > most:
        raise BadInput({name: said("最多{most}个字，现在{n}个，删短一点再交。", most=most, n=len(words))})
    return words
