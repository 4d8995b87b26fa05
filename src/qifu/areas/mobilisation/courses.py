"""What a course asks and what somebody still lacks; questions drawn and marked. Plain rules over kept data."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from qifu.kernel import jurisdiction
from qifu.kernel.access import NotFound
from qifu.kernel.actions.bounds import longer
from qifu.kernel.language import said

from .models import Course, Trainee
from .terms import MOST_LESSONS, MOST_QUESTIONS, PASSED

ASK_MOST, OPTION_MOST, LESSON_TITLE_MOST, LESSON_MOST = 200, 120, 60, 4000
"""Characters of a question or its reason, of an option, of a lesson's name and its text."""
_RIGHT = ("*", "√", "✓", "＊", "对：", "对:")
_WRONG = ("-", "－", "—", "·", "错：", "错:")
_WHY = re.compile(r"^解(?:析|释)?[：:]\s*(.+)$")
_NUMBER = re.compile(r"^\d+[.、．]\s*")


@dataclass(frozen=True)
class Lack:
    """One thing that is still to be done: lesson, meeting or quiz; the number of the lesson."""

    kind: str
    number: int = -1


def lacking(course: Course, trainee: Trainee) -> list[Lack]:
    """Give what somebody still has to do, in its order."""
    found = [Lack("lesson", n) for n in range(len(course.lessons)) if not trainee.seen.get(str(n), {}).get("done")]
    if course.live and trainee.came_at is None:
        found.append(Lack("meeting"))
    if course.questions and (trainee.score is None or trainee.score < course.pass_mark):
        found.append(Lack("quiz"))
    return found


def passed(course: UUID, *, person: UUID | None = None, volunteer: UUID | None = None) -> bool:
    """Say whether somebody has passed a course or is excused; nobody: no."""
    who = {"person": person} if person else {"volunteer": volunteer}
    return (person or volunteer) is not None and Trainee._base_manager.filter(course=course, state__in=PASSED, **who).exists()


def open_courses(place: int) -> list[Course]:
    """Give the open courses of a place and of those above it: what a post there may ask for."""
    return list(Course._base_manager.filter(region__in=jurisdiction.lineage(place), state="open").order_by("title", "id"))


def asked(id: UUID | None, place: int) -> Course | None:
    """Give the open course that a post asks for, or refuse NotFound."""
    if id is None:
        return None
    found = next((one for one in open_courses(place) if one.id == id), None)
    if found is None:
        raise NotFound("这个培训没有在办，没有保存。")
    return found


# ------------------------------------------------------------------------------------------------ questions


def draw(questions: Sequence[Mapping[str, Any]], *, many: int, seed: int) -> list[tuple[int, list[int]]]:
    """Draw `many` questions (0: all) and the order of their options; the same seed draws the same."""
    by = Random(seed)
    numbers = list(range(len(questions)))
    by.shuffle(numbers)
    drawn = []
    for number in numbers[: many or None]:
        options = list(range(len(questions[number]["options"])))
        by.shuffle(options)
        drawn.append((number, options))
    return drawn


def mark(questions: Sequence[Mapping[str, Any]], drawn: Sequence[Sequence[Any]], answers: Mapping[str, Iterable[int]]) -> int:
    """Give percent, rounded down, of the drawn questions whose right options were all chosen and no other."""
    right = sum(set(answers.get(str(number), ())) == set(questions[number]["right"]) for number, _ in drawn)
    return 100 * right // len(drawn) if drawn else 100


def read_questions(text: str) -> tuple[list[dict[str, Any]], str]:
    """Read questions as people type them: a question, its options below (* before what is right, - before the rest), perhaps
    解：why; an empty line between two. Gives them, and what is wrong in words."""
    found: list[dict[str, Any]] = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        if not lines:
            continue
        n, ask, why = len(found) + 1, _NUMBER.sub("", lines[0]), ""
        options: list[str] = []
        right: list[int] = []
        for line in lines[1:]:
            said_why = _WHY.match(line)
            if said_why:
                why = said_why[1]
                continue
            if line.startswith(_RIGHT):
                right.append(len(options))
            elif not line.startswith(_WRONG):
                return [], str(said("第{n}题“{line}”前面写 * （对的）或 - （错的）。", n=n, line=line[:20]))
            options.append(_bare(line))
        if problem := _too_long((ask, ASK_MOST), (why, ASK_MOST), *((option, OPTION_MOST) for option in options)):
            return [], str(said("第{n}题：{problem}", n=n, problem=problem))
        if not 2 <= len(options) <= 8:
            return [], str(said("第{n}题要有2到8个选项，一行一个。", n=n))
        if not right:
            return [], str(said("第{n}题还没有标哪个对，在对的前面写 * 。", n=n))
        if "" in options or len(set(options)) < len(options):
            return [], str(said("第{n}题有两个选项一样，或有空的选项。", n=n))
        found.append({"ask": ask, "options": options, "right": right, "why": why})
    if len(found) > MOST_QUESTIONS:
        return [], str(said("题目最多{most}道。", most=MOST_QUESTIONS))
    return found, ""


def _too_long(*told: tuple[str, int]) -> str:
    """Give what is wrong with the first of these texts that is longer than it may be; '' where none is."""
    return next((str(problem) for text, most in told if (problem := longer(text, most))), "")


def _bare(line: str) -> str:
    for sign in (*_RIGHT, *_WRONG):
        if line.startswith(sign):
            return line[len(sign) :].strip()
    return line


def write_questions(questions: Sequence[Mapping[str, Any]]) -> str:
    """Give questions as they are typed."""
    blocks = []
    for one in questions:
        lines = [one["ask"], *(f"{'*' if n in one['right'] else '-'} {option}" for n, option in enumerate(one["options"]))]
        blocks.append("\n".join([*lines, f"解：{one['why']}"] if one["why"] else lines))
    return "\n\n".join(blocks)


# ------------------------------------------------------------------------------------------------ lessons


def read_lessons(rows: Iterable[tuple[str, str, str, str]]) -> tuple[list[dict[str, Any]], str]:
    """Read lessons from rows of title, minutes, link and text; empty rows are left out. Gives them, and what is wrong in words."""
    found: list[dict[str, Any]] = []
    for typed, minutes, address, words in rows:
        title, link, text = typed.strip(), address.strip(), words.strip()
        if not (title or link or text):
            continue
        n = len(found) + 1
        if problem := _too_long((title, LESSON_TITLE_MOST), (text, LESSON_MOST)):
            return [], str(said("第{n}课：{problem}", n=n, problem=problem))
        if not title:
            return [], str(said("第{n}课还没有写名称。", n=n))
        if not (link or text):
            return [], str(said("第{n}课“{title}”要有片子的网址，或一段要读的话。", n=n, title=title))
        if link and not _fit(link):
            return [], str(said("第{n}课的网址要以 https:// 或 http:// 开头。", n=n))
        if not minutes.strip().isdecimal() or not 1 <= int(minutes) <= 240:
            return [], str(said("第{n}课要几分钟，写1到240。", n=n))
        found.append({"title": title, "minutes": int(minutes), "link": link, "text": text})
    if len(found) > MOST_LESSONS:
        return [], str(said("一个培训最多{most}课。", most=MOST_LESSONS))
    return found, ""


def _fit(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"[\s<>\"']", link) and len(link) <= 400
