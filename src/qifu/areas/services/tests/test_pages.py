"""The pages by story: the enterprise on its phone, the brigade at its desk, the call-taker, the writer of answers."""

from qifu.areas.services.models import Appointment, Article, Certificate, Order
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.access.tests.factories import at
from qifu.kernel.booking.models import Slot

from .factories import World


def test_an_enterprise_books_moves_and_reads_the_outcome_on_its_phone(fenghua: World) -> None:
    """Tests times with what is left, the receipt, moving, and what the brigade wrote; a question unanswered keeps what was typed."""
    nine, half_past_ten = fenghua.times(capacity=2)
    firm = fenghua.firm()
    phone = browser(fenghua.contacts[firm.id])
    assert "消防安全指导" in text(phone.get("/home/services/"))
    page = phone.get("/home/services/book?service=fire")
    assert "还能约2家" in text(page) and "09:00—10:00" in text(page)
    half = phone.post("/home/services/book?service=fire", {"slot": str(nine.id), "wants": "宿舍住了40人"})
    assert half.status_code == 422 and "还没有选“什么事”" in text(half) and "宿舍住了40人" in text(half)
    done = phone.post("/home/services/book?service=fire", {"topic": "dormitory", "slot": str(nine.id), "wants": "宿舍住了40人"})
    assert done.status_code == 302, text(done)
    receipt = phone.get(done["Location"])
    assert "约好了" in text(receipt) and "奉化区消防救援大队" in text(receipt)
    with acting(fenghua.fire):
        one = Appointment._base_manager.get()
    here = f"/home/services/appointments/{one.id}"
    assert "改约" in text(phone.get(here))
    again = phone.get("/home/services/book?service=fire")
    assert "已经约了一次" in text(again)
    moved = phone.post(f"{here}/free", {"slot": str(half_past_ten.id)})
    assert moved.status_code == 302
    assert "10:30" in text(phone.get(here))

    fenghua.hands.set(at("2020-02-18", "10:40"))
    desk = browser(fenghua.fire)
    day = text(desk.get("/desk/services/"))
    assert firm.name in day and "宿舍住了40人" in day
    early = browser(fenghua.contacts[firm.id]).post(f"{here}/cancel", {"words": ""})
    assert early.status_code == 409 and "约好的时间已经到了" in text(early)
    blank = desk.post(f"/desk/services/appointments/{one.id}/serve", {"words": "楼道要清"})
    assert blank.status_code == 422 and "楼道要清" in text(blank)
    assert desk.post(f"/desk/services/appointments/{one.id}/serve", {"outcome": "advised", "words": "楼道要清"}).status_code == 302
    own = text(browser(fenghua.contacts[firm.id]).get(here))
    assert "楼道要清" in own and "当场讲清" in own and "消防员" not in own


def test_the_brigade_opens_closes_and_widens_times(fenghua: World) -> None:
    """Tests opening a week in one form, wrong times beside their field, the day's list for print, closing, and widening."""
    desk = browser(fenghua.fire)
    given = {"service": "fire", "place": fenghua.district, "first": "2020-02-18", "last": "2020-02-24", "capacity": "2"}
    wrong = desk.post("/desk/services/times?service=fire", {**given, "times": "上午", "minutes": "60"})
    assert wrong.status_code == 422 and "“几点”写成" in text(wrong) and "上午" in text(wrong)
    opened = desk.post("/desk/services/times?service=fire", {**given, "times": "9:00、14:00", "minutes": "60"}, follow=True)
    assert "开好了10个时段" in text(opened), text(opened)
    with acting(fenghua.fire):
        slot = Slot.objects.order_by("starts_at").first()
    assert slot is not None
    assert desk.post(f"/desk/services/times/{slot.id}/resize", {"capacity": "5"}).status_code == 302
    assert desk.post(f"/desk/services/times/{slot.id}/close", {"why": "出警"}).status_code == 302
    fresh = fenghua.slot(slot.id)
    assert (fresh.capacity, fresh.why_closed) == (5, "出警")
    refused = browser(fenghua.taker).post(f"/desk/services/times/{slot.id}/resize", {"capacity": "9"})
    assert refused.status_code == 403 and fenghua.slot(slot.id).capacity == 5


def test_a_call_taker_finds_the_firm_by_two_words_and_books(fenghua: World) -> None:
    """Tests searching, that one's own page opens, and that a second booking of the firm is shown before anything is typed."""
    nine, _ = fenghua.times()
    firm = fenghua.firm()
    desk = browser(fenghua.taker)
    found = text(desk.get("/desk/services/book?service=fire&q=试验服务"))
    assert firm.name in found
    here = f"/desk/services/book?service=fire&enterprise={firm.id}"
    assert "09:00" in text(desk.get(here))
    given = {"enterprise": str(firm.id), "service": "fire", "topic": "power", "slot": str(nine.id), "channel": "phone"}
    done = desk.post(here, given)
    assert done.status_code == 302, text(done)
    assert "交上了" in text(desk.get(done["Location"]))
    assert "这家已经约了一次" in text(desk.get(here))


def test_a_firm_orders_accounts_and_a_device_and_the_money_takes_two(fenghua: World) -> None:
    """Tests applying, opening with a count, buying with an invoice, verifying, and the subsidy by another with a second factor."""
    firm = fenghua.firm()
    phone, desk = browser(fenghua.contacts[firm.id]), browser(fenghua.bureau)
    made = phone.post("/home/services/order?offer=cloud_video", {"wanted": "12"})
    assert made.status_code == 302, text(made)
    assert phone.post("/home/services/order?offer=thermal", {"wanted": "2"}).status_code == 302
    with acting(fenghua.bureau):
        video, device = Order._base_manager.get(offer="cloud_video"), Order._base_manager.get(offer="thermal")
    todo = text(desk.get("/desk/services/orders"))
    assert firm.name in todo and "云视讯" in todo
    assert desk.post(f"/desk/services/orders/{video.id}/open", {"accounts": "12"}).status_code == 302
    assert phone.post(f"/home/services/orders/{video.id}/use", {}).status_code == 302
    assert "在用" in text(phone.get(f"/home/services/orders/{video.id}"))
    bought = phone.post(f"/home/services/orders/{device.id}/buy", {"sets": "2", "price": "5.6万", "invoice": "033001900111"})
    assert bought.status_code == 302, text(bought)
    assert "30,000元" in text(desk.get(f"/desk/services/orders/{device.id}"))
    assert desk.post(f"/desk/services/orders/{device.id}/verify", {}).status_code == 302
    weak = browser(fenghua.approver, strong=False).post(f"/desk/services/orders/{device.id}/subsidise", {})
    assert weak.status_code == 409 and "动态口令" in text(weak)
    assert browser(fenghua.approver, strong=True).post(f"/desk/services/orders/{device.id}/subsidise", {}).status_code == 302
    assert "30,000元" in text(phone.get(f"/home/services/orders/{device.id}"))


def test_a_loss_becomes_a_certificate_and_its_value_is_confirmed_by_another(fenghua: World) -> None:
    """Tests the way of a certificate in the browser, from the commissioner who hears of it to the value saved."""
    firm = fenghua.firm()
    liaison, desk, phone = browser(fenghua.liaison), browser(fenghua.bureau), browser(fenghua.contacts[firm.id])
    here = f"/desk/services/certificates/new?kind=force_majeure&enterprise={firm.id}"
    given = {"enterprise": str(firm.id), "loss": "3000万", "cause": "出口意大利的轴承，原定2月15日交货，没能开工"}
    made = liaison.post(here, given)
    assert made.status_code == 302, text(made)
    with acting(fenghua.bureau):
        one = Certificate._base_manager.get()
    assert (one.loss_fen, one.finder_name) == (3_000_000_000, "联企员")
    own, at_desk = f"/home/services/certificates/{one.id}", f"/desk/services/certificates/{one.id}"
    assert phone.post(f"{own}/hand_in", {"papers": "合同、停工通知、对方来函"}).status_code == 302
    assert desk.post(f"{at_desk}/issue", {"issued_number": "203302A0/000123", "issued_on": "2020-02-17"}).status_code == 302
    more = phone.post(f"{own}/claim", {"saved": "4000万", "ground": "对方同意延期"})
    assert more.status_code == 409 and "比报的损失还多" in text(more)
    assert phone.post(f"{own}/claim", {"saved": "3000万", "ground": "2月16日对方来函同意延期"}).status_code == 302
    assert desk.post(f"{at_desk}/confirm", {}).status_code == 302
    assert "30,000,000元" in text(desk.get("/desk/services/certificates?view=over"))


def test_an_answer_is_written_checked_by_another_and_found_by_everybody(fenghua: World) -> None:
    """Tests writing, that the writer does not publish, the public search with source and date, and that a use is counted."""
    writer, second = browser(fenghua.bureau), browser(fenghua.second)
    given = {
        "title": "员工宿舍几个人一间",
        "answer": "每间不超过6人，人均不少于2.5平方米。",
        "source": "市防控办〔2020〕12号",
        "asks": "住宿 集体宿舍",
    }
    made = writer.post("/desk/services/answers/new", given)
    assert made.status_code == 302, text(made)
    here = made["Location"]
    with acting(fenghua.bureau):
        one = Article._base_manager.get()
    anybody = browser(fenghua.taker)
    assert "每间不超过6人" not in text(anybody.get("/knowledge/?q=宿舍住几个人"))
    own = writer.post(f"{here}/publish", {})
    assert own.status_code == 403 and "要由另一位看过再发布" in text(own)
    assert second.post(f"{here}/publish", {}).status_code == 302
    found = text(anybody.get("/knowledge/?q=宿舍能住几个人"))
    assert "每间不超过6人" in found and "市防控办〔2020〕12号" in found and "2020年2月17日" in found
    assert anybody.post(f"{here}/answer", {"channel": "phone"}).status_code == 302
    assert "用过1次" in text(anybody.get(here))
    fenghua.hands.set(at("2020-06-01"))
    assert "可能过时" in text(browser(fenghua.taker).get("/desk/services/answers?view=stale"))
    assert "还没有人看过" in text(browser(fenghua.taker).get(f"/knowledge/{one.id}"))


def test_somebody_who_acts_for_two_firms_says_for_which(fenghua: World) -> None:
    """Tests that the page asks first, and that a firm of others is not opened by its address."""
    mine, other = fenghua.firm(), fenghua.firm()
    phone = browser(fenghua.contacts[mine.id])
    assert phone.get(f"/home/services/?firm={mine.id}").status_code == 200
    assert phone.get(f"/home/services/?firm={other.id}").status_code in (403, 404)
    assert phone.get("/home/services/?firm=nonsense").status_code == 404
