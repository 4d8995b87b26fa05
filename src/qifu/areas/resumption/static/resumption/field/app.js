// The assessor in the field: today's stops, one item a screen, a signature, and a queue that sends itself.
// Works from a cold start without a network; every touch is kept before the next screen is drawn.
import { draw, sha256, shrink, uuid } from "../../ui/photo.js";
import { h, icon, route, t } from "../../ui/field/draw.js";
import { count, drain, takeAlong } from "../../ui/field/queue.js";
import { resending } from "../../ui/resend.js";
import { sign } from "../../ui/sign.js";
import { all, drop, get, handIn, put } from "../../ui/field/store.js";

const at = document.getElementById("field-app").dataset;
const box = document.getElementById("field");
const head = document.getElementById("field-head");
const foot = document.getElementById("field-foot");
const here = { person: "", day: null, drafts: new Map(), queue: { waiting: 0, refused: 0, kept: 0, others: 0, all: [] }, signedOut: false, sending: false, words: "", drawn: "" };
const time = (moment) => new Date(moment).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
const go = (place) => { location.hash = place; };

async function read() {
  here.person = (await get("meta", "person")) || "";
  here.day = here.person ? await get("days", here.person) : null;
  here.drafts = new Map((await all("drafts")).filter((one) => one.person === here.person).map((one) => [one.application, one]));
  here.queue = await count(here.person);
}

async function keep(draft) {
  here.drafts.set(draft.application, draft);
  await put("drafts", draft);
}

const draftOf = (stop) => here.drafts.get(stop.id) || { person: here.person, application: stop.id, seen: stop.seen, found: {}, photos: [], signer: stop.contact || "", objection: "", remarks: "", unsigned: false, signature: "" };
const reportOf = (stop) => here.queue.all.findLast((one) => one.kind === "report" && one.application === stop.id && Date.parse(one.made_at) > Date.parse(stop.seen) - 86400000 && (one.given.seen ?? one.seen) === stop.seen);
const stops = () => (here.day?.stops || []).map((stop) => ({ ...stop, report: reportOf(stop) }));
const isDone = (stop) => stop.state !== "assigned" || Boolean(stop.report && stop.report.state !== "refused");
const answerOf = (item, draft) => draft.found[item.code] || { result: item.result, note: item.note };

// ------------------------------------------------------------------------------------------------ frame

function badge() {
  const { waiting, refused } = here.queue;
  const offline = !navigator.onLine;
  if (!waiting && !refused && !offline) return h("span", { class: "p-icb p-icb--none" });
  const words = refused ? t("%s条要看", refused) : waiting ? t("%s条等着发", waiting) : t("没有网");
  return h("button", { class: `p-badge-off${refused ? " is-ask" : ""}`, id: "field-badge", "data-waiting": waiting, type: "button", onclick: () => go("#/send") }, icon(offline ? "offline" : "sync"), words);
}

function frame(title, back, ...children) {
  head.replaceChildren(
    back === null ? h("span", { class: "f-day" }, title) : h("button", { class: "p-icb", type: "button", "aria-label": t("返回"), onclick: () => go(back) }, icon("back")),
    back === null ? "" : h("span", { class: "p-head__t", text: title }),
    badge(),
  );
  head.classList.toggle("p-head--day", back === null);
  box.replaceChildren(...notices(), ...children.flat().filter(Boolean));
  scrollTo(0, 0);
}

function feet(...children) {
  foot.replaceChildren(...children.flat().filter(Boolean));
  foot.hidden = !foot.childElementCount;
}

function notices() {
  const found = [];
  if (here.signedOut) found.push(notice("ask", t("登录过期了。手机里的%s条都在，登录后接着发。", here.queue.waiting), h("a", { class: "btn btn--sm", href: at.login }, t("去登录"))));
  if (here.words) found.push(notice("info", here.words));
  return found;
}
const notice = (tone, words, ...more) => h("div", { class: `notice notice--${tone}`, role: "status" }, icon(tone === "ask" ? "flag" : "info"), h("span", {}, words, " ", ...more));

// ------------------------------------------------------------------------------------------------ today

function today() {
  const found = stops();
  const done = found.filter(isDone);
  const left = found.filter((stop) => !isDone(stop));
  const now = left[0];
  frame(h("span", {}, h("b", { text: t("今天%s家", found.length) }), done.length ? h("span", { class: "small quiet", text: ` ${t("已办%s", done.length)}` }) : ""), null,
    here.day ? null : h("p", { class: "quiet", text: t("这台手机还没有存今天的评估。连上网打开一次，之后没网也能办。") }),
    here.day ? h("p", { class: "small quiet", text: `${here.day.team}　${t("%s存进手机", time(here.day.taken_at))}` }) : null,
    route([...left].map((stop) => ({ ...stop, here: stop === now }))),
    h("ul", { class: "f-stops" }, found.map((stop) => row(stop, stop === now))),
    here.day && !found.length ? h("div", { class: "p-done" }, h("i", {}, icon("check")), h("h1", { text: t("今天没有要看的") }), h("p", { class: "quiet", text: t("新派的会自己排进来") })) : null);
  feet(now ? h("button", { class: "btn btn--primary btn--lg btn--block", type: "button", onclick: () => go(`#/v/${now.id}/0`) }, t("到了，开始第%s家", now.number)) : null);
}

function row(stop, now) {
  const done = isDone(stop);
  const draft = here.drafts.get(stop.id);
  let line = [stop.visit_at ? t("%s到", stop.visit_at) : stop.town, stop.km ? t("%s公里", stop.km) : "", stop.size, t("%s人", stop.people)].filter(Boolean).join("，");
  let side = icon("right");
  if (stop.report) {
    const { state } = stop.report;
    line = `${time(stop.report.made_at)} ${stop.report.given.conclusion === "pass" ? t("通过") : t("要整改")}`;
    side = { waiting: tag(t("待发"), "up"), sent: tag(t("收到"), "check"), kept: tag(t("经办人在核"), "user"), refused: tag(t("要看"), "flag", "ask") }[state];
  } else if (done) {
    line = stop.done;
  } else if (draft && Object.keys(draft.found).length) {
    line = t("看了%s项，存着", Object.keys(draft.found).length);
  } else if (stop.due && !now && new Date(stop.due) - Date.now() < 4 * 3600e3) {
    side = h("span", { class: "clock clock--soon" }, icon("clock"), stop.due_words);
  }
  const body = [
    h("span", { class: "p-stop__n" }, done ? icon("check") : String(stop.number)),
    h("span", {}, h("span", { class: "p-row__t", text: stop.short || stop.name, title: stop.name }), h("span", { class: "p-row__s", text: line })),
  ];
  if (!now) return h("li", {}, h("button", { class: `p-stop${done ? " is-done" : ""} f-rowb`, type: "button", onclick: () => go(stop.state === "assigned" && !done ? `#/v/${stop.id}/0` : stop.report ? "#/send" : "#/") }, ...body, side));
  return h("li", { class: "f-stop is-now" },
    h("button", { class: "p-stop is-now", type: "button", onclick: () => go(`#/v/${stop.id}/0`) }, ...body),
    h("span", { class: "f-stop__go" },
      stop.phone ? h("a", { class: "p-icb", href: `tel:${stop.phone}`, "aria-label": t("打给%s", stop.contact) }, icon("phone")) : "",
      h("a", { class: "p-icb", href: /Android/.test(navigator.userAgent) ? stop.way.geo : stop.way.amap, rel: "noreferrer", "aria-label": t("导航到%s", stop.site || stop.name), title: stop.address }, icon("place"))));
}
const tag = (word, name, tone = "idle") => h("span", { class: `badge badge--${tone}` }, icon(name), word);

// ------------------------------------------------------------------------------------------------ one item a screen

async function item(stop, number) {
  const draft = draftOf(stop);
  const items = stop.items || [];
  const one = items[number];
  if (!one) return go("#/");
  const mine = answerOf(one, draft);
  const next = items[number + 1];
  const pair = h("div", { class: "p-pair p-pair--13" },
    h("button", { class: "btn btn--lg", type: "button", onclick: () => go(number ? `#/v/${stop.id}/${number - 1}` : "#/") }, icon("back"), number ? t("上一项") : t("清单")),
    h("button", { class: "btn btn--primary btn--lg", type: "button", id: "field-next", onclick: () => go(next ? `#/v/${stop.id}/${number + 1}` : `#/v/${stop.id}/end`) }, next ? t("下一项：%s", next.name) : t("看结论")));
  const progress = h("p", { class: "p-prog", role: "img", "aria-label": t("%s项做到第%s项", items.length, number + 1) }, items.map((_, n) => h("i", { class: n <= number ? "is-on" : "" })));
  const said = one.said ? h("p", { class: "f-said" }, h("span", { class: "quiet", text: t("企业填：") }), one.said) : null;
  if (one.locked) {
    frame(stop.short || stop.name, "#/", progress, h("h1", { class: "f-q", text: one.name }),
      h("p", { class: "quiet f-ask", text: t("这项归%s，只有他们能改、能免", one.department) }),
      h("div", { class: "p-lock f-gap" }, h("p", {}, icon("lock"), " ", h("b", { text: { ok: t("已核，合格"), fix: t("还缺，等企业补"), waived: t("已免") }[one.result] || t("等他们再看一次") })),
        one.by ? h("p", { class: "small quiet", text: t("%s %s，%s记", one.department, one.by, one.at) }) : null, one.note ? h("p", { class: "small quiet", text: one.note }) : null),
      h("div", { class: "p-sec" }, h("b", { text: t("您可以") })), h("p", { class: "small quiet", text: t("替他们拍一张。照片转给%s，由他们认定", one.department) }), await photos(stop, one, draft), said);
    return feet(pair);
  }
  frame(stop.short || stop.name, "#/", progress, h("h1", { class: "f-q", text: `${one.ask.replace(/[？?]$/, "")}？` }),
    h("p", { class: "quiet f-ask", text: [one.name, one.own ? "" : t("归%s，您先看", one.department), one.required ? "" : t("只记录")].filter(Boolean).join(" · ") }), said, await photos(stop, one, draft),
    h("label", { class: "f-note" }, h("span", { class: "small quiet", text: mine.result === "fix" ? t("要改什么，企业看得到") : t("看到的情况，可不填") }),
      h("input", { class: "input", maxlength: 300, value: mine.note || "", autocomplete: "off", oninput: (event) => answer(stop, one, { ...answerOf(one, draftOf(stop)), note: event.target.value }) })),
    one.before?.length ? h("p", { class: "small quiet f-gap", text: t("上次%s看过：%s", one.before.at(-1).by, { ok: t("符合"), fix: t("要整改"), waived: t("不涉及") }[one.before.at(-1).result]) }) : null);
  const choose = (result) => async () => { await answer(stop, one, { ...answerOf(one, draftOf(stop)), result }); await item(stop, number); };
  const button = (result, name, word, tone) => h("button", { type: "button", "aria-pressed": String(mine.result === result), class: mine.result === result ? tone : "", onclick: choose(result) }, icon(name), word);
  feet(h("div", { class: `p-tri${one.own ? "" : " p-tri--2"}`, role: "group", "aria-label": one.name },
    button("ok", "check", t("符合"), "is-ok"), button("fix", "flag", t("要整改"), "is-ask"), one.own ? button("waived", "minus", t("不涉及"), "is-idle") : null), pair);
}

async function answer(stop, one, given) {
  const draft = draftOf(stop);
  await keep({ ...draft, seen: draft.seen || stop.seen, found: { ...draft.found, [one.code]: { ...given, seen: draft.found[one.code]?.seen ?? one.seen } } });
}

async function photos(stop, one, draft) {
  const mine = draft.photos.filter((photo) => photo.code === one.code);
  const tiles = await Promise.all(mine.map(async (photo) => {
    const canvas = h("canvas", { width: 176, height: 176, role: "img", "aria-label": t("%s的照片，%s", one.name, time(photo.at)) });
    const kept = await get("photos", photo.id);
    if (kept) draw(canvas, kept.blob);
    return h("div", { class: "p-ph", "data-sha": photo.sha }, canvas, h("span", { text: `${time(photo.at)}，${Math.ceil(photo.size / 1024)} KB` }));
  }));
  const input = h("input", { type: "file", accept: "image/*", capture: "environment", "aria-label": t("拍%s的照片", one.name), onchange: async (event) => {
    const file = event.target.files[0];
    if (!file) return;
    const blob = await shrink(file);
    const photo = { id: uuid(), code: one.code, item: one.id, sha: await sha256(blob), at: new Date().toISOString(), size: blob.size };
    const fresh = draftOf(stop);
    if (!fresh.photos.some((old) => old.sha && old.sha === photo.sha && old.code === one.code)) {
      await put("photos", { id: photo.id, person: here.person, application: stop.id, blob, sha: photo.sha });
      await keep({ ...fresh, photos: [...fresh.photos, photo] });
    } else here.words = t("这张已经在了，没有再存一遍。");
    await show();
    here.words = "";
  } });
  return h("div", { class: "p-photos" }, tiles, one.photos ? h("span", { class: "small quiet", text: t("已有%s张在案", one.photos) }) : null, h("label", { class: "p-ph p-ph--add" }, icon("camera"), h("span", { class: "p-ph__word", text: t("拍照") }), input));
}

// ------------------------------------------------------------------------------------------------ conclusion and signature

async function end(stop) {
  const draft = draftOf(stop);
  const items = stop.items || [];
  const results = items.map((one) => ({ one, mine: one.locked ? one : answerOf(one, draft) }));
  const fixes = results.filter(({ mine }) => mine.result === "fix");
  const open = results.filter(({ one, mine }) => one.required && !mine.result);
  const fine = results.filter(({ mine }) => mine.result === "ok" || mine.result === "waived").length;
  const pass = !fixes.length;
  const firstOpen = open.find(({ one }) => !one.locked);
  const jump = (one) => () => go(`#/v/${stop.id}/${items.indexOf(one)}`);
  const line = (name, tone, title, small, act) => h(act ? "button" : "div", { class: `p-row${tone}${act ? " f-rowb" : ""}`, type: act ? "button" : null, onclick: act }, icon(name), h("span", {}, h("span", { class: "p-row__t", text: title }), small ? h("span", { class: "p-row__s", text: small }) : ""), act ? icon("right") : "");
  const canvas = h("canvas", { width: 1050, height: 516, "aria-label": t("签字的地方") });
  const done = h("button", { class: "btn btn--primary btn--lg btn--block", type: "button", id: "field-hand-in" });
  const nextStop = stops().find((other) => other.id !== stop.id && !isDone(other));
  const ready = () => {
    const fresh = draftOf(stop);
    done.disabled = Boolean(open.length) || !(fresh.signature || fresh.unsigned);
    done.textContent = open.length ? t("还有%s项没看", open.length) : done.disabled ? t("签字后再交") : nextStop ? t("签好，去第%s家", nextStop.number) : t("签好，交评估");
  };
  frame(t("请企业看过后签字"), `#/v/${stop.id}/${Math.max(items.length - 1, 0)}`,
    h("h1", { text: open.length ? t("还有%s项没看", open.length) : pass ? t("建议通过") : t("要整改%s项", fixes.length) }),
    h("p", { class: "quiet", text: `${stop.name}。${t("批不批由另一位同志定")}` }),
    h("div", { class: "p-rows f-gap" }, fine ? line("check", " p-row--done", t("%s项符合", fine), "", null) : null,
      fixes.map(({ one, mine }) => line(one.locked ? "lock" : "flag", "", `${one.name}：${t("要整改")}`, mine.note || (one.locked ? one.department : ""), jump(one))),
      open.map(({ one }) => line(one.locked ? "lock" : "ring", "", one.locked ? t("%s，等%s再看", one.name, one.department) : t("%s，还没看", one.name), one.locked ? t("核好以后再交，看过的都存着") : "", jump(one)))),
    h("label", { class: "f-note" }, h("span", { class: "small quiet", text: pass ? t("备注，可不填") : t("几时改好、怎么复看，企业看得到") }), h("textarea", { class: "input", rows: 2, maxlength: 500, oninput: (event) => keep({ ...draftOf(stop), remarks: event.target.value }) }, draft.remarks)),
    h("div", { class: "p-sec" }, h("b", { text: t("企业签字") })),
    h("label", { class: "f-note" }, h("span", { class: "small quiet", text: t("签字人姓名") }), h("input", { class: "input", maxlength: 60, value: draft.signer, oninput: (event) => keep({ ...draftOf(stop), signer: event.target.value }) })),
    h("div", { class: "p-sign f-gap" }, canvas, h("button", { class: "btn btn--sm", type: "button", onclick: async () => { pad.clear(); await keep({ ...draftOf(stop), signature: "" }); ready(); } }, icon("undo"), t("重签"))),
    h("details", { class: "f-gap", open: Boolean(draft.objection || draft.unsigned) }, h("summary", { class: "btn btn--quiet", text: t("不同意？写上意见再签") }),
      h("textarea", { class: "input", rows: 3, maxlength: 500, "aria-label": t("企业的意见"), oninput: (event) => keep({ ...draftOf(stop), objection: event.target.value }) }, draft.objection),
      h("label", { class: "check f-gap" }, h("input", { type: "checkbox", checked: draft.unsigned, onchange: async (event) => { await keep({ ...draftOf(stop), unsigned: event.target.checked }); ready(); } }), h("span", { text: t("不肯签字，结论已当面念过") }))));
  const pad = sign(canvas, async (signed) => {
    if (!signed) return;
    const fresh = draftOf(stop);
    const blob = await pad.blob();
    const signature = fresh.signature || uuid();
    await put("photos", { id: signature, person: here.person, application: stop.id, blob, sha: await sha256(blob) });
    await keep({ ...draftOf(stop), signature });
    ready();
  });
  if (draft.signature) {
    const kept = await get("photos", draft.signature);
    if (kept) createImageBitmap(kept.blob).then((picture) => canvas.getContext("2d").drawImage(picture, 0, 0)).catch(() => {});
  }
  done.addEventListener("click", async () => { done.disabled = true; await leave(stop, pass ? "pass" : "demand"); go(nextStop ? "#/" : "#/"); await show(); send(); });
  ready();
  feet(firstOpen ? h("button", { class: "btn btn--lg btn--block", type: "button", onclick: jump(firstOpen.one) }, t("去看：%s", firstOpen.one.name)) : null, done);
}

async function leave(stop, conclusion) {
  // The visit is finished: photos, signature and report go into the queue at once, each with a number of its own.
  const draft = draftOf(stop);
  const made_at = new Date().toISOString();
  const n = Date.now();
  const key = draft.key || uuid();
  const common = { person: here.person, application: stop.id, state: "waiting", report: key };
  const queue = draft.photos.map((photo) => ({ ...common, id: photo.id, kind: "photo", n, about_kind: "resumption.item", about: photo.item, made_at: photo.at, name: `${photo.code}.jpg` }));
  if (draft.signature && !draft.unsigned) queue.push({ ...common, id: draft.signature, kind: "photo", n, about_kind: "resumption.visit", about: stop.id, made_at, name: "signature.png" });
  for (const one of queue) await put("photos", { ...(await get("photos", one.id)), report: key });
  const found = Object.entries(draft.found).filter(([code, one]) => one.result && !(stop.items || []).find((item) => item.code === code)?.locked)
    .map(([code, one]) => ({ code, result: one.result, note: one.note || "", seen: one.seen || "-" }));
  const remarks = [draft.remarks, draft.unsigned ? t("企业没有签字，结论已当面念过。") : ""].filter(Boolean).join(" ");
  const given = { application: stop.id, conclusion, found, remarks, seen: draft.seen, signer: draft.unsigned ? "" : draft.signer, objection: draft.objection, signature: draft.signature && !draft.unsigned ? draft.signature : null, photos: draft.photos.map((photo) => photo.id) };
  queue.push({ ...common, id: key, kind: "report", n: n + 0.5, name: stop.name, action: "resumption.assess", made_at, seen: draft.seen, given });
  await handIn({ ...draft, key }, queue);
  await read();
}

// ------------------------------------------------------------------------------------------------ what waits

function sending() {
  const { all: mine, waiting, refused, kept, others } = here.queue;
  const reports = mine.filter((one) => one.kind === "report");
  const photo = (state) => mine.filter((one) => one.kind === "photo" && one.state === state).length;
  const sent = reports.filter((one) => one.state === "sent");
  const slow = sent.map((one) => one.clock).find(Boolean);
  frame(t("发送"), "#/", h("h1", { text: waiting ? t("%s条等着发", waiting) : refused ? t("%s条要看", refused) : t("都到了") }),
    h("p", { class: "quiet", text: waiting ? (navigator.onLine ? (here.sending ? t("正在发") : t("存在这台手机里")) : t("没有网，存在这台手机里，有网自己发")) : t("评估%s份，照片%s张", sent.length, photo("sent")) }),
    slow ? notice("info", slow) : null,
    others ? notice("info", t("这台手机里还有另一位同志的%s条，等本人登录后再发。", others)) : null,
    h("div", { class: "p-rows f-gap" }, reports.filter((one) => one.state !== "sent").map((one) => h("div", { class: "p-row" }, icon({ waiting: "up", kept: "user", refused: "flag" }[one.state]),
      h("span", {}, h("span", { class: "p-row__t", text: one.name }), h("span", { class: "p-row__s", text: one.state === "waiting" ? t("%s签好，照片%s张", time(one.made_at), one.given.photos?.length || 0) : `${one.says || ""}${one.fix || ""}` })),
      one.state === "refused" ? h("button", { class: "btn btn--sm", type: "button", onclick: () => reopen(one) }, t("改一改")) : ""))),
    mine.some((one) => one.kind === "photo" && one.state === "refused") ? notice("ask", t("有%s张照片打不开，没有收。评估照常发。", photo("refused"))) : null,
    sent.length || kept ? h("div", { class: "p-sec" }, h("b", { text: t("已发好") })) : null,
    sent.length ? h("div", { class: "p-rows" }, sent.map((one) => h("div", { class: "p-row p-row--done" }, icon("check"), h("span", {}, h("span", { class: "p-row__t", text: one.name }), h("span", { class: "p-row__s", text: t("%s收到，收一次，不重复", time(one.settled_at)) }))))) : null);
  feet(here.signedOut ? h("a", { class: "btn btn--primary btn--lg btn--block", href: at.login }, t("登录后接着发")) : waiting ? h("button", { class: "btn btn--primary btn--lg btn--block", type: "button", id: "field-send", disabled: here.sending, onclick: () => send() }, t("现在发")) : null);
}

async function reopen(report) {
  for (const one of await all("queue")) if (one.person === here.person && (one.id === report.id || one.report === report.id)) await drop("queue", one.id);
  const draft = here.drafts.get(report.application);
  // Refused, not lost: what is handed in anew is a new report.
  if (draft) await keep({ ...draft, key: "" });
  await read();
  go(`#/v/${report.application}/end`);
}

const send = resending(async () => {
  if (!here.person) return false;
  here.sending = true;
  try {
    const answer = await drain(here.person, at, async () => { here.queue = await count(here.person); if (!location.hash.startsWith("#/v/")) await show(); });
    here.signedOut = answer.status === 401;
    here.words = answer.status >= 500 ? t("系统出了点问题，手机里的都在，过一会儿再发。") : "";
  } catch { /* no network: it waits */ }
  here.sending = false;
  await read();
  // A try that changed nothing leaves the page as it is, under the finger that is on it; where sending is shown, it shows.
  if (here.signedOut || location.hash === "#/send" || (state() !== here.drawn && !location.hash.startsWith("#/v/"))) await show();
  return here.queue.waiting > 0 && !here.signedOut;
});

// ------------------------------------------------------------------------------------------------ beginning

const state = () => JSON.stringify([navigator.onLine, here.day?.got_at, here.queue.waiting, here.queue.refused, here.queue.kept, here.signedOut, here.words]);

async function show() {
  here.drawn = state();
  const [, kind, id, part] = location.hash.split("/");
  if (kind === "send") return sending();
  const stop = kind === "v" ? stops().find((one) => one.id === id) : null;
  if (!stop || !stop.items) return today();
  return part === "end" ? end(stop) : item(stop, Number(part) || 0);
}

async function start() {
  navigator.storage?.persist?.().catch(() => {});
  await read();
  let fresh = null;
  try {
    fresh = navigator.onLine ? await takeAlong(at) : null;
  } catch { /* no network, whatever the phone believes */ }
  // Signed in without being on a team: the server's own page says so.
  if (fresh?.status === 403 && !here.person) return;
  here.signedOut = fresh?.status === 401;
  await read();
  document.body.dataset.field = "ready";
  addEventListener("hashchange", show);
  addEventListener("online", send);
  addEventListener("offline", show);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  await show();
  if (here.queue.waiting && !here.signedOut) await send();
}

if ("serviceWorker" in navigator) navigator.serviceWorker.register(at.worker, { scope: "/field/" }).then(() => navigator.serviceWorker.ready).then(() => { document.body.dataset.worker = "ready"; }).catch(() => {});
if (globalThis.indexedDB) start();
