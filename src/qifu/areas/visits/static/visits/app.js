// The officer on the road: today's firms, what they said, one thing a screen, and a queue that sends itself.
// Works from a cold start without a network; every word is kept before the next screen is drawn.
import { draw, sha256, shrink, uuid } from "../ui/photo.js";
import { h, icon, route, t } from "../ui/field/draw.js";
import { count, drain, takeAlong } from "../ui/field/queue.js";
import { resending } from "../ui/resend.js";
import { all, drop, get, handIn, put } from "../ui/field/store.js";

const at = document.getElementById("field-app").dataset;
const box = document.getElementById("field");
const head = document.getElementById("field-head");
const foot = document.getElementById("field-foot");
const here = { person: "", day: null, drafts: new Map(), queue: { waiting: 0, refused: 0, kept: 0, others: 0, all: [] }, signedOut: false, sending: false, words: "", drawn: "", find: "" };
const time = (moment) => new Date(moment).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
const go = (place) => { location.hash = place; };
const android = /Android/.test(navigator.userAgent);
const HOURS = 3600e3;

async function read() {
  here.person = (await get("meta", "person")) || "";
  here.day = here.person ? await get("days", here.person) : null;
  here.drafts = new Map((await all("drafts")).filter((one) => one.person === here.person).map((one) => [one.draft, one]));
  here.queue = await count(here.person);
}

async function keep(draft) {
  here.drafts.set(draft.draft, draft);
  await put("drafts", draft);
}

const visitOf = (stop) => here.drafts.get(`visit:${stop.id}`) || { person: here.person, draft: `visit:${stop.id}`, started: "", met: stop.contact || "", words: "", opinions: [], photos: [] };
const logOf = (stop) => here.drafts.get(`log:${stop.id}:${here.day.day}`) || { person: here.person, draft: `log:${stop.id}:${here.day.day}`, ...(stop.log?.today ?? { found: {}, notes: {}, words: "" }) };
const fresh = (one) => Date.now() - Date.parse(one.made_at) < 20 * HOURS;
const reports = (stop, action) => here.queue.all.filter((one) => one.kind === "report" && one.firm === stop.id && one.action === action && one.state !== "refused");
// What waits on this phone is not in the server's counts yet.
const pending = (stop) => reports(stop, "visits.record").filter((one) => one.state === "waiting" || Date.parse(one.settled_at) > Date.parse(here.day.got_at));
const nextVisit = (stop) => stop.visits + 1 + pending(stop).length;
const firstOpinion = (stop) => stop.opinions + 1 + pending(stop).reduce((sum, one) => sum + one.many, 0);
const lastReport = (stop) => reports(stop, "visits.record").filter(fresh).at(-1);
const stops = () => here.day?.stops || [];
const isDone = (stop) => Boolean(stop.done || lastReport(stop));
const begun = (stop) => { const draft = here.drafts.get(`visit:${stop.id}`); return Boolean(draft && (draft.words || draft.photos.length || draft.opinions.some((one) => one.words.trim()))); };

// ------------------------------------------------------------------------------------------------ frame

function badge() {
  const { waiting, refused } = here.queue;
  const offline = !navigator.onLine;
  if (!waiting && !refused && !offline) return h("span", { class: "p-icb p-icb--none" });
  const words = refused ? t("%s条要看", refused) : waiting ? t("%s条等着发", waiting) : t("没有网");
  return h("button", { class: `p-badge-off${refused ? " is-ask" : ""}`, id: "field-badge", "data-waiting": waiting, type: "button", onclick: () => go("#/send") }, icon(offline ? "offline" : "sync"), words);
}

const tabs = document.querySelector(".p-tabs");
function frame(title, back, ...children) {
  head.replaceChildren(
    back === null ? h("span", { class: "f-day" }, title) : h("button", { class: "p-icb", type: "button", "aria-label": t("返回"), onclick: () => go(back) }, icon("back")),
    back === null ? "" : h("span", { class: "p-head__t", text: title }),
    badge(),
  );
  head.classList.toggle("p-head--day", back === null);
  if (tabs) tabs.hidden = back !== null;
  box.replaceChildren(...notices(), ...children.flat().filter(Boolean));
  scrollTo(0, 0);
}

function feet(...children) {
  foot.replaceChildren(...children.flat().filter(Boolean));
  foot.hidden = !foot.childElementCount;
}

const notice = (tone, words, ...more) => h("div", { class: `notice notice--${tone}`, role: "status" }, icon(tone === "ask" ? "flag" : "info"), h("span", {}, words, " ", ...more));
function notices() {
  const found = [];
  if (here.signedOut) found.push(notice("ask", t("登录过期了。手机里的%s条都在，登录后接着发。", here.queue.waiting), h("a", { class: "btn btn--sm", href: at.login }, t("去登录"))));
  if (here.words) found.push(notice("info", here.words));
  return found;
}
const tag = (word, name, tone = "idle") => h("span", { class: `badge badge--${tone}` }, icon(name), word);
const section = (title, side = "") => h("div", { class: "p-sec" }, h("b", { text: title }), side ? h("span", { text: side }) : "");
const button = (word, act, more = {}) => h("button", { class: "btn btn--primary btn--lg btn--block", type: "button", onclick: act, ...more }, word);
const call = (stop) => stop.phone ? h("a", { class: "p-icb", href: `tel:${stop.phone}`, "aria-label": t("打给%s", stop.contact) }, icon("phone")) : "";
const way = (stop) => h("a", { class: "p-icb", href: android ? stop.way.geo : stop.way.amap, rel: "noreferrer", "aria-label": t("导航到%s", stop.site || stop.name), title: stop.address }, icon("place"));

// ------------------------------------------------------------------------------------------------ today

function today() {
  const planned = stops().filter((stop) => stop.today || lastReport(stop));
  const done = planned.filter(isDone);
  const left = planned.filter((stop) => !isDone(stop));
  const now = left.find(begun) || left[0];
  const rest = stops().filter((stop) => !planned.includes(stop));
  const resident = stops().filter((stop) => stop.log);
  frame(h("span", {}, h("b", { text: t("今天%s家", planned.length) }), done.length ? h("span", { class: "small quiet", text: ` ${t("已走%s", done.length)}` }) : ""), null,
    here.day ? null : h("p", { class: "quiet", text: t("这台手机还没有存您包联的企业。连上网打开一次，之后没网也能记。") }),
    here.day ? h("p", { class: "small quiet", text: t("%s存进手机，您包联的%s家都在", time(here.day.taken_at), stops().length) }) : null,
    route(left.map((stop) => ({ ...stop, here: stop === now }))),
    h("ul", { class: "f-stops" }, [...done, ...left].map((stop) => row(stop, stop === now))),
    here.day && !stops().length ? h("div", { class: "p-done" }, h("i", {}, icon("users")), h("h1", { text: t("您手上还没有包联的企业") }), h("p", { class: "quiet", text: t("镇街经办人分派以后，会自己排到这里。") })) : null,
    resident.length ? section(t("驻企日志")) : null,
    resident.length ? h("div", { class: "p-rows" }, resident.map(logRow)) : null,
    rest.length ? [section(t("其余%s家", rest.length)), rest.length > 8 ? h("input", { class: "input f-find", type: "search", value: here.find, "aria-label": t("找一家"), placeholder: t("找一家"), oninput: (event) => { here.find = event.target.value.trim(); list.replaceChildren(...found(rest)); } }) : ""] : null,
  );
  const list = h("div", { class: "p-rows f-gap" }, found(rest));
  if (rest.length) box.append(list);
  feet(now ? button(begun(now) ? t("接着记第%s家", now.number) : t("到了，开始第%s家", now.number), () => go(begun(now) ? `#/v/${now.id}/end` : `#/f/${now.id}`)) : null);
}

const found = (rest) => rest.filter((stop) => !here.find || stop.name.includes(here.find)).slice(0, 60).map((stop) => h("button", { class: "p-row f-rowb", type: "button", onclick: () => go(`#/f/${stop.id}`) }, icon("place"), h("span", {}, h("span", { class: "p-row__t", text: stop.short, title: stop.name }), h("span", { class: "p-row__s", text: line(stop) })), icon("right")));
const line = (stop) => [stop.town, stop.km ? t("%s公里", stop.km) : "", stop.visits ? t("走访过%s次", stop.visits) : t("还没走访过"), stop.size].filter(Boolean).join("，");

function row(stop, now) {
  const report = lastReport(stop);
  let words = stop.why && stop.why !== t("走访") ? `${stop.why}，${line(stop)}` : line(stop);
  let side = icon("right");
  if (report) {
    words = [time(report.made_at), t("第%s次走访", report.told?.number ?? report.number), report.many ? t("%s条意见", report.many) : ""].filter(Boolean).join("，");
    side = { waiting: tag(t("待发"), "up"), sent: tag(t("收到"), "check") }[report.state] ?? side;
  } else if (stop.done) {
    words = `${stop.done}，${t("第%s次走访", stop.done_number)}`;
  } else if (begun(stop)) {
    words = t("记了%s条，存着", visitOf(stop).opinions.filter((one) => one.words.trim()).length);
  } else if (stop.due && !now) {
    side = h("span", { class: `clock${new Date(stop.due) - Date.now() < 4 * HOURS ? " clock--soon" : ""}` }, icon("clock"), stop.due_words);
  }
  const body = [
    h("span", { class: "p-stop__n" }, isDone(stop) ? icon("check") : String(stop.number || "+")),
    h("span", {}, h("span", { class: "p-row__t", text: stop.short, title: stop.name }), h("span", { class: "p-row__s", text: words })),
  ];
  if (!now) return h("li", {}, h("button", { class: `p-stop${isDone(stop) ? " is-done" : ""} f-rowb`, type: "button", onclick: () => go(`#/f/${stop.id}`) }, ...body, side));
  return h("li", { class: "f-stop is-now" }, h("button", { class: "p-stop is-now", type: "button", onclick: () => go(`#/f/${stop.id}`) }, ...body), h("span", { class: "f-stop__go" }, call(stop), way(stop)));
}

function logRow(stop) {
  const sent = reports(stop, "visits.write_log").filter(fresh).at(-1);
  const written = stop.log.today || sent;
  const small = sent?.state === "waiting" ? t("存好了，有网自己发") : written ? t("今天的写了") : stop.log.lacking ? t("这一周缺%s天", stop.log.lacking) : t("今天的还没写");
  return h("button", { class: "p-row f-rowb", type: "button", onclick: () => go(`#/l/${stop.id}`) }, icon(written ? "check" : "edit"), h("span", {}, h("span", { class: "p-row__t", text: stop.short }), h("span", { class: "p-row__s", text: small })), written ? tag(t("已写"), "check", "ok") : tag(t("要写"), "flag", "ask"));
}

// ------------------------------------------------------------------------------------------------ before the door

function door(stop) {
  const n = nextVisit(stop);
  const state = { noted: "ask", passed: "info", answered: "ok", solved: "ok" };
  const open = stop.said.filter((one) => one.state === "noted" || one.state === "passed");
  const closed = stop.said.filter((one) => !open.includes(one));
  const saidRow = (one) => h("div", { class: "p-row v-said" }, icon("chat"), h("span", {}, h("span", { class: "p-row__t", text: one.words }), h("span", { class: "p-row__s", text: [t("第%s条", one.number), one.answer || one.office].filter(Boolean).join("，") })), h("span", { class: `badge badge--${state[one.state]}` }, icon(state[one.state] === "ok" ? "check" : state[one.state] === "ask" ? "flag" : "half"), one.word));
  frame(t("走访"), "#/",
    h("h1", { class: "v-firm", text: stop.name }),
    h("p", { class: "quiet", text: stop.opinions ? t("第%s次走访，已记%s条意见", n, firstOpinion(stop) - 1) : t("第%s次走访", n) }),
    h("p", { class: "small quiet", text: [stop.contact ? t("联系人 %s", stop.contact) : "", stop.size, stop.people ? t("%s人", stop.people) : "", stop.address].filter(Boolean).join("，") }),
    stop.due ? h("p", {}, h("span", { class: "clock" }, icon("clock"), `${stop.why} ${stop.due_words}`)) : null,
    h("div", { class: "p-pair f-gap" }, stop.phone ? h("a", { class: "btn btn--lg", href: `tel:${stop.phone}` }, icon("phone"), t("打给%s", stop.contact)) : "", h("a", { class: "btn btn--lg", href: android ? stop.way.geo : stop.way.amap, rel: "noreferrer", title: stop.address }, icon("place"), t("导航"))),
    open.length ? [section(t("今天要回的")), h("div", { class: "p-rows" }, open.map(saidRow))] : null,
    closed.length ? [section(t("已经答复的")), h("div", { class: "p-rows" }, closed.map(saidRow))] : null,
    stop.last ? h("p", { class: "small quiet f-gap", text: t("上次来是%s", stop.last) }) : null,
    stop.log ? [section(t("驻企日志")), h("div", { class: "p-rows" }, logRow(stop))] : null);
  feet(button(begun(stop) ? t("接着记") : isDone(stop) ? t("再记一次走访") : t("开始记"), async () => {
    const draft = visitOf(stop);
    await keep({ ...draft, started: draft.started || new Date().toISOString() });
    go(begun(stop) ? `#/v/${stop.id}/end` : `#/v/${stop.id}/0`);
  }, { id: "field-begin" }));
}

// ------------------------------------------------------------------------------------------------ what they say, one at a time

const blank = () => ({ words: "", need: "other", then: "pass", answer: "" });
async function setOpinion(stop, number, given) {
  const draft = visitOf(stop);
  const opinions = [...draft.opinions];
  while (opinions.length <= number) opinions.push(blank());
  opinions[number] = { ...opinions[number], ...given };
  await keep({ ...draft, opinions });
}

function opinion(stop, number) {
  const one = visitOf(stop).opinions[number] || blank();
  const needs = h("div", { class: "v-needs", role: "radiogroup", "aria-label": t("哪方面") });
  const how = h("div", { class: "v-how", role: "radiogroup", "aria-label": t("怎么办") });
  const answer = h("label", { class: "f-note", hidden: one.then !== "answered" }, h("span", { class: "small quiet", text: t("怎么答的，记下来") }), h("input", { class: "input", maxlength: 500, value: one.answer, oninput: (event) => setOpinion(stop, number, { answer: event.target.value }) }));
  const drawNeeds = (chosen) => needs.replaceChildren(...Object.entries(here.day.needs).map(([code, word]) => h("button", { class: `chip${code === chosen ? " is-on" : ""}`, type: "button", role: "radio", "aria-checked": String(code === chosen), onclick: async () => { await setOpinion(stop, number, { need: code }); drawNeeds(code); } }, word)));
  const choices = { pass: t("转有关部门办"), answered: t("当场答复"), ask: t("拿不准，回去问") };
  const drawHow = (chosen) => how.replaceChildren(...Object.entries(choices).map(([code, word]) => h("button", { type: "button", role: "radio", "aria-checked": String(code === chosen), onclick: async () => { await setOpinion(stop, number, { then: code }); drawHow(code); answer.hidden = code !== "answered"; if (code === "answered") answer.querySelector("input").focus(); } }, h("i", {}), word)));
  const area = h("textarea", { class: "v-box", id: "v-words", rows: 5, maxlength: 1000, "aria-label": t("第%s条意见", firstOpinion(stop) + number), placeholder: t("原话记下来。键盘上的话筒可以说"), oninput: async (event) => { await setOpinion(stop, number, { words: event.target.value }); ready(); } }, one.words);
  drawNeeds(one.need);
  drawHow(one.then);
  frame(`${stop.short}，${t("第%s次走访", nextVisit(stop))}`, number ? `#/v/${stop.id}/${number - 1}` : `#/f/${stop.id}`,
    section(t("第%s条意见", firstOpinion(stop) + number)), area, section(t("哪方面")), needs, section(t("怎么办")), how, answer);
  const more = h("button", { class: "btn btn--lg", type: "button", id: "field-more", onclick: () => go(`#/v/${stop.id}/${number + 1}`) }, icon("plus"), t("再记一条"));
  const over = h("button", { class: "btn btn--primary btn--lg", type: "button", id: "field-over", onclick: () => go(`#/v/${stop.id}/end`) });
  const ready = () => {
    const filled = Boolean(area.value.trim());
    more.disabled = !filled;
    over.textContent = filled || number ? t("就这些，看一遍") : t("没提意见，看一遍");
  };
  ready();
  feet(h("div", { class: "p-pair p-pair--13" }, more, over));
}

// ------------------------------------------------------------------------------------------------ the end of a visit

async function end(stop) {
  const draft = visitOf(stop);
  const said = draft.opinions.map((one, n) => ({ one, n })).filter(({ one }) => one.words.trim());
  const how = { pass: tag(t("转办"), "send"), answered: tag(t("答了"), "check", "ok"), ask: tag(t("回去问"), "flag", "ask") };
  const unanswered = said.find(({ one }) => one.then === "answered" && !one.answer.trim());
  const hand = button("", async () => { hand.disabled = true; await leave(stop); go(`#/d/${stop.id}`); send(); }, { id: "field-hand-in" });
  const ready = () => {
    const mine = visitOf(stop);
    const empty = !said.length && !mine.words.trim();
    hand.disabled = empty || Boolean(unanswered);
    hand.textContent = unanswered ? t("第%s条还没写怎么答的", firstOpinion(stop) + unanswered.n) : empty ? t("写一条意见或一句现场情况") : t("记好了，交第%s次走访", nextVisit(stop));
  };
  frame(`${stop.short}，${t("第%s次走访", nextVisit(stop))}`, said.length ? `#/v/${stop.id}/${said.length - 1}` : `#/f/${stop.id}`,
    section(said.length ? t("说了%s条", said.length) : t("没有提意见"), said.length ? t("点一条可以改") : ""),
    said.length ? h("div", { class: "p-rows" }, said.map(({ one, n }, place) => h("button", { class: "p-row v-said f-rowb", type: "button", onclick: () => go(`#/v/${stop.id}/${n}`) }, icon("chat"), h("span", {}, h("span", { class: "p-row__t", text: one.words }), h("span", { class: "p-row__s", text: [t("第%s条", firstOpinion(stop) + place), here.day.needs[one.need], one.answer].filter(Boolean).join("，") })), how[one.then]))) : null,
    h("button", { class: "btn btn--lg btn--block f-gap", type: "button", onclick: () => go(`#/v/${stop.id}/${said.length}`) }, icon("plus"), t("再记一条")),
    h("label", { class: "f-note" }, h("span", { class: "small quiet", text: t("见了谁") }), h("input", { class: "input", maxlength: 60, value: draft.met, oninput: (event) => keep({ ...visitOf(stop), met: event.target.value }) })),
    h("label", { class: "f-note" }, h("span", { class: "small quiet", text: t("现场情况，可不填") }), h("textarea", { class: "input", id: "field-scene", rows: 3, maxlength: 1000, oninput: async (event) => { await keep({ ...visitOf(stop), words: event.target.value }); ready(); } }, draft.words)),
    section(t("照片"), t("可不拍")), await photos(stop, draft));
  ready();
  feet(hand);
}

async function photos(stop, draft) {
  const tiles = await Promise.all(draft.photos.map(async (photo) => {
    const canvas = h("canvas", { width: 176, height: 176, role: "img", "aria-label": t("走访照片，%s", time(photo.at)) });
    const kept = await get("photos", photo.id);
    if (kept) draw(canvas, kept.blob);
    return h("div", { class: "p-ph", "data-sha": photo.sha }, canvas, h("span", { text: `${time(photo.at)}，${Math.ceil(photo.size / 1024)} KB` }));
  }));
  const input = h("input", { type: "file", accept: "image/*", capture: "environment", "aria-label": t("拍照"), onchange: async (event) => {
    const file = event.target.files[0];
    if (!file) return;
    const blob = await shrink(file);
    const photo = { id: uuid(), sha: await sha256(blob), at: new Date().toISOString(), size: blob.size };
    const now = visitOf(stop);
    if (now.photos.some((old) => old.sha && old.sha === photo.sha)) here.words = t("这张已经在了，没有再存一遍。");
    else {
      await put("photos", { id: photo.id, person: here.person, blob, sha: photo.sha });
      await keep({ ...now, photos: [...now.photos, photo] });
    }
    await show();
    here.words = "";
  } });
  return h("div", { class: "p-photos" }, tiles, h("label", { class: "p-ph p-ph--add" }, icon("camera"), h("span", { class: "p-ph__word", text: t("拍照") }), input));
}

async function leave(stop) {
  // The visit is over: photos and record go into the queue at once, each with a number of its own.
  const draft = visitOf(stop);
  const made_at = new Date().toISOString();
  const n = Date.now();
  const key = draft.key || uuid();
  const opinions = draft.opinions.filter((one) => one.words.trim());
  const minutes = draft.started ? Math.min(Math.max(Math.round((n - Date.parse(draft.started)) / 60e3), 1), 600) : null;
  const common = { person: here.person, state: "waiting", report: key, firm: stop.id, name: stop.name };
  const queue = draft.photos.map((photo) => ({ ...common, id: photo.id, kind: "photo", n, about_kind: "visits.visit", about: stop.id, made_at: photo.at, name: "visit.jpg" }));
  for (const one of queue) await put("photos", { ...(await get("photos", one.id)), report: key });
  const given = { enterprise: stop.id, met: draft.met, words: draft.words, opinions, photos: draft.photos.map((photo) => photo.id), minutes };
  queue.push({ ...common, id: key, kind: "report", n: n + 0.5, draft: `done:${key}`, action: "visits.record", made_at, given, keeps: ["enterprise"], many: opinions.length, number: nextVisit(stop), first: firstOpinion(stop), minutes });
  here.made = { key, stop, opinions, minutes };
  // A phone that dies between these two hands the same number in again, which is the same visit.
  await handIn({ ...draft, key }, queue);
  await drop("drafts", [here.person, draft.draft]);
  await read();
}

function receipt(stop) {
  const made = here.made?.stop.id === stop.id ? here.made : null;
  const report = lastReport(stop);
  if (!report) return go("#/");
  const next = stops().find((other) => other.today && other.id !== stop.id && !isDone(other));
  const word = { pass: tag(t("转办"), "send"), answered: tag(t("答了"), "check", "ok"), ask: tag(t("回去问"), "flag", "ask") };
  const known = report.told?.opinions;
  const today = stops().filter((one) => one.today || lastReport(one));
  frame(t("第%s次走访", report.told?.number ?? report.number), "#/",
    h("div", { class: "p-done" }, h("i", {}, icon("check")), h("h1", { text: report.minutes ? t("记好了，用了%s分钟", report.minutes) : t("记好了") }), h("p", { class: "quiet", text: report.state === "sent" ? t("镇街%s收到", time(report.settled_at)) : t("存在这台手机里，有网自己发") })),
    made?.opinions.length ? h("div", { class: "p-rows" }, made.opinions.map((one, n) => h("div", { class: "p-row v-said" }, icon("chat"), h("span", {}, h("span", { class: "p-row__t", text: one.words }), h("span", { class: "p-row__s", text: [t("第%s条", known?.[n]?.number ?? report.first + n), known?.[n]?.case].filter(Boolean).join("，") })), word[one.then]))) : null,
    next ? [section(t("今天"), t("走访 %s / %s家", today.filter(isDone).length, today.length)), h("div", { class: "p-rows" }, h("div", { class: "p-row" }, icon("place"), h("span", {}, h("span", { class: "p-row__t", text: t("下一家 %s", next.short) }), h("span", { class: "p-row__s", text: line(next) })), call(next)))] : null);
  feet(next ? button(t("去%s", next.short), () => go(`#/f/${next.id}`)) : button(t("看今天的"), () => go("#/")));
}

// ------------------------------------------------------------------------------------------------ the daily log of who stays there

function log(stop) {
  const draft = logOf(stop);
  const sent = reports(stop, "visits.write_log").filter(fresh).at(-1);
  const store = h("button", { class: "btn btn--primary btn--lg btn--block", type: "button", id: "field-log" });
  const ready = () => {
    const mine = logOf(stop);
    const left = Object.keys(here.day.items).filter((code) => !mine.found[code]).length;
    store.disabled = Boolean(left);
    store.textContent = left ? t("还有%s项没看", left) : t("存下今天的日志");
  };
  const items = Object.entries(here.day.items).map(([code, word]) => {
    const note = h("input", { class: "input", maxlength: 200, hidden: draft.found[code] !== "hard", value: draft.notes[code] || "", "aria-label": word, placeholder: t("什么困难，会成为一条意见"), oninput: (event) => { const mine = logOf(stop); keep({ ...mine, notes: { ...mine.notes, [code]: event.target.value } }); } });
    const two = h("span", { class: "v-day__two", role: "group", "aria-label": word });
    const paint = (result) => {
      note.hidden = result !== "hard";
      two.replaceChildren(...[["ok", t("正常"), "is-ok"], ["hard", t("有困难"), "is-ask"]].map(([value, label, tone]) => h("button", { type: "button", class: result === value ? tone : "", "aria-pressed": String(result === value), onclick: async () => { const mine = logOf(stop); await keep({ ...mine, found: { ...mine.found, [code]: value } }); paint(value); ready(); } }, label)));
    };
    paint(draft.found[code]);
    return h("div", { class: "v-day" }, h("b", { text: word }), two, note);
  });
  frame(t("驻企日志"), "#/", h("h1", { class: "v-firm", text: stop.name }),
    h("p", { class: "quiet", text: stop.log.today || sent ? t("今天的已经写过，再存就换掉") : t("今天看了什么，有没有困难") }),
    stop.log.lacking ? notice("ask", t("这一周缺%s天", stop.log.lacking), ...stop.log.may.map((day) => h("a", { href: `/visits/firms/${stop.id}/log?day=${day}` }, t("补%s", day.slice(5))))) : null,
    h("button", { class: "btn btn--block f-gap", type: "button", onclick: async () => { const mine = logOf(stop); await keep({ ...mine, found: Object.fromEntries(Object.keys(here.day.items).map((code) => [code, mine.found[code] || "ok"])) }); log(stop); } }, icon("check"), t("其余都正常")),
    h("div", { class: "v-items" }, items),
    h("label", { class: "f-note" }, h("span", { class: "small quiet", text: t("其他要说的，可不填") }), h("textarea", { class: "input", rows: 3, maxlength: 1000, oninput: (event) => keep({ ...logOf(stop), words: event.target.value }) }, draft.words)));
  store.addEventListener("click", async () => {
    store.disabled = true;
    const mine = logOf(stop);
    const key = uuid();
    const looked = Object.entries(mine.found).map(([item, result]) => ({ item, result, note: result === "hard" ? mine.notes[item] || "" : "" }));
    const report = { person: here.person, state: "waiting", report: key, firm: stop.id, name: stop.name, id: key, kind: "report", n: Date.now() + 0.5, draft: `done:${key}`, action: "visits.write_log", made_at: new Date().toISOString(), given: { enterprise: stop.id, looked, words: mine.words }, keeps: ["enterprise"], many: 0 };
    await handIn(mine, [report]);
    await read();
    go("#/");
    send();
  });
  ready();
  feet(store);
}

// ------------------------------------------------------------------------------------------------ what waits

function sending() {
  const { all: mine, waiting, refused, others } = here.queue;
  const made = mine.filter((one) => one.kind === "report");
  const photo = (state) => mine.filter((one) => one.kind === "photo" && one.state === state).length;
  const sent = made.filter((one) => one.state === "sent");
  const slow = sent.map((one) => one.clock).find(Boolean);
  const what = (one) => (one.action === "visits.write_log" ? t("驻企日志") : t("第%s次走访", one.told?.number ?? one.number));
  frame(t("发送"), "#/", h("h1", { text: waiting ? t("%s条等着发", waiting) : refused ? t("%s条要看", refused) : t("都到了") }),
    h("p", { class: "quiet", text: waiting ? (navigator.onLine ? (here.sending ? t("正在发") : t("存在这台手机里")) : t("没有网，存在这台手机里，有网自己发")) : t("走访和日志%s份，照片%s张", sent.length, photo("sent")) }),
    slow ? notice("info", slow) : null,
    others ? notice("info", t("这台手机里还有另一位同志的%s条，等本人登录后再发。", others)) : null,
    h("div", { class: "p-rows f-gap" }, made.filter((one) => one.state !== "sent").map((one) => h("div", { class: "p-row" }, icon({ waiting: "up", kept: "user", refused: "flag" }[one.state]),
      h("span", {}, h("span", { class: "p-row__t", text: one.name }), h("span", { class: "p-row__s", text: one.state === "waiting" ? `${what(one)}，${t("%s记好，照片%s张", time(one.made_at), one.given.photos?.length || 0)}` : `${one.says || ""}${one.fix || ""}` })),
      one.state === "refused" ? h("button", { class: "btn btn--sm", type: "button", onclick: () => reopen(one) }, t("改一改")) : ""))),
    mine.some((one) => one.kind === "photo" && one.state === "refused") ? notice("ask", t("有%s张照片打不开，没有收。走访照常发。", photo("refused"))) : null,
    sent.length ? section(t("已发好")) : null,
    sent.length ? h("div", { class: "p-rows" }, sent.map((one) => h("div", { class: "p-row p-row--done" }, icon("check"), h("span", {}, h("span", { class: "p-row__t", text: one.name }), h("span", { class: "p-row__s", text: `${what(one)}，${t("%s收到，收一次，不重复", time(one.settled_at))}` }))))) : null);
  feet(here.signedOut ? h("a", { class: "btn btn--primary btn--lg btn--block", href: at.login }, t("登录后接着发")) : waiting ? button(t("现在发"), () => send(), { id: "field-send", disabled: here.sending }) : null);
}

async function reopen(report) {
  // Refused, not lost: what it said becomes a draft again, and what is handed in anew is a new record.
  const { given } = report;
  for (const one of await all("queue")) if (one.person === here.person && (one.id === report.id || one.report === report.id)) await drop("queue", one.id);
  if (report.action === "visits.record") {
    const kept = (await all("photos")).filter((one) => given.photos.includes(one.id));
    await put("drafts", { person: here.person, draft: `visit:${report.firm}`, started: "", met: given.met, words: given.words, opinions: given.opinions, photos: kept.map((one) => ({ id: one.id, sha: one.sha, at: report.made_at, size: one.blob.size })) });
  }
  await read();
  go(report.action === "visits.record" ? `#/v/${report.firm}/end` : `#/l/${report.firm}`);
}

const send = resending(async () => {
  if (!here.person) return false;
  here.sending = true;
  const quiet = () => /^#\/(v|f|l)\//.test(location.hash);
  const waited = here.queue.waiting;
  try {
    const answer = await drain(here.person, at, async () => { here.queue = await count(here.person); if (!quiet()) await show(); });
    here.signedOut = answer.status === 401;
    // What has arrived changes the numbers: fetch them anew.
    if (waited && (await count(here.person)).waiting < waited && !here.signedOut) await takeAlong(at);
    here.words = answer.status >= 500 ? t("系统出了点问题，手机里的都在，过一会儿再发。") : "";
  } catch { /* no network: it waits */ }
  here.sending = false;
  await read();
  // A try that changed nothing leaves the page as it is, under the finger that is on it; where sending is shown, it shows.
  if (here.signedOut || location.hash === "#/send" || (state() !== here.drawn && !quiet())) await show();
  return here.queue.waiting > 0 && !here.signedOut;
});

// ------------------------------------------------------------------------------------------------ beginning

const state = () => JSON.stringify([navigator.onLine, here.day?.got_at, here.queue.waiting, here.queue.refused, here.queue.kept, here.signedOut, here.words]);

async function show() {
  here.drawn = state();
  const [, kind, id, part] = location.hash.split("/");
  if (kind === "send") return sending();
  const stop = ["f", "v", "l", "d"].includes(kind) ? stops().find((one) => one.id === id) : null;
  if (!stop) return today();
  if (kind === "f") return door(stop);
  if (kind === "d") return receipt(stop);
  if (kind === "l") return stop.log ? log(stop) : door(stop);
  return part === "end" ? end(stop) : opinion(stop, Number(part) || 0);
}

async function start() {
  navigator.storage?.persist?.().catch(() => {});
  await read();
  let answer = null;
  try {
    answer = navigator.onLine ? await takeAlong(at) : null;
  } catch { /* no network, whatever the phone believes */ }
  // Signed in without the right: the server's own page says so.
  if (answer?.status === 403 && !here.person) return;
  here.signedOut = answer?.status === 401;
  await read();
  for (const one of here.drafts.values()) if (one.draft.startsWith("log:") && here.day && !one.draft.endsWith(here.day.day)) await drop("drafts", [one.person, one.draft]);
  document.body.dataset.field = "ready";
  addEventListener("hashchange", show);
  addEventListener("online", send);
  addEventListener("offline", show);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  await show();
  if (here.queue.waiting && !here.signedOut) await send();
}

if ("serviceWorker" in navigator) navigator.serviceWorker.register(at.worker, { scope: "/visits/" }).then(() => navigator.serviceWorker.ready).then(() => { document.body.dataset.worker = "ready"; }).catch(() => {});
if (globalThis.indexedDB) start();
