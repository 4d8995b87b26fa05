// Sends what waits, in order, as the person who made it and nobody else. A thing leaves the phone only after the server has said 收到.
import { send, token } from "../photo.js";
import { NAME, SUBJECT, all, drop, get, others, put, queueOf } from "./store.js";

const JSONS = { Accept: "application/json", "Content-Type": "application/json" };

async function ask(address, body, shell) {
  // Give {status, ...words}; throws without a network. A lost form token is fetched once.
  for (const last of [false, true]) {
    const answer = await fetch(address, { method: "POST", body: JSON.stringify(body), headers: { ...JSONS, "X-CSRFToken": token() }, redirect: "manual" });
    if (answer.type === "opaqueredirect") return { status: 401 };
    const words = await answer.json().catch(() => null);
    if (words || last) return { status: answer.status, ...words };
    await fetch(shell, { cache: "reload" });
  }
}

export async function takeAlong(at) {
  // Today's visits for whoever is signed in: {status, day}.
  const answer = await ask(at.day, {}, at.shell);
  if (answer.status !== 200) return { status: answer.status, says: answer.says };
  // Somebody else's day goes when another person signs in, and what was sent long ago goes too; nothing that waits ever does.
  for (const one of await all("days")) if (one.person !== answer.person) await drop("days", one.person);
  const old = Date.now() - 36 * 3600e3;
  for (const one of await all("queue")) if (["sent", "kept"].includes(one.state) && Date.parse(one.settled_at) < old) await drop("queue", one.id);
  await put("days", { ...answer, got_at: new Date().toISOString() }, answer.person);
  await put("meta", answer.person, "person");
  return { status: 200, day: answer };
}

export async function drain(person, at, told = () => {}) {
  // Give {status, sent, says}: what was sent, and why it stopped. One tab sends at a time.
  return navigator.locks ? navigator.locks.request(`${NAME}-queue`, () => work(person, at, told)) : work(person, at, told);
}

async function work(person, at, told) {
  const mine = await takeAlong(at);
  if (mine.status !== 200) return { status: mine.status, says: mine.says };
  // Somebody else is signed in now: their day has been fetched, this queue stays untouched.
  if (mine.day.person !== person) return { status: 200, person: mine.day.person };
  for (const one of await queueOf(person)) {
    if (one.state !== "waiting") continue;
    const answer = await (one.kind === "photo" ? photo(one, at) : report(one, at, person));
    if (answer) return answer;
    await told();
  }
  return { status: 200, person };
}

async function photo(one, at) {
  const kept = await get("photos", one.id);
  if (!kept) { await drop("queue", one.id); return null; }
  const answer = await send(at.files, { kind: one.about_kind, about: one.about, id: one.id, blob: kept.blob, sha: kept.sha, at: one.made_at, name: one.name });
  if (answer.ok) {
    await settle(one, { ...one, state: "sent", server: answer.id, again: answer.again });
    if (answer.id !== one.id) await rename(one, answer.id);
    return null;
  }
  if (answer.status === 401 || answer.status === 0 || answer.status >= 500 || answer.code === "WrongHash" || !answer.code) return answer;
  await settle(one, { ...one, state: "refused", says: answer.says, fix: answer.fix });
  await rename(one, null);
  return null;
}

async function report(one, at, person) {
  const answer = await ask(at.deliver, { action: one.action, key: one.id, person, given: one.given, made_at: one.made_at, now: new Date().toISOString() }, at.shell);
  if (answer.status === 200) {
    await settle(one, { ...one, state: "sent", clock: answer.clock, again: answer.again, at: answer.at, told: answer.told });
    await clear(one);
    return null;
  }
  if (answer.status === 202) {
    await settle(one, { ...one, state: "kept", says: answer.says, fix: answer.fix });
    await clear(one);
    return null;
  }
  if (answer.code === "EvidenceMissing") {
    for (const photo of await all("queue")) if (photo.kind === "photo" && photo.report === one.id && photo.state === "sent") await put("queue", { ...photo, state: "waiting" });
    return { status: 424, says: answer.says };
  }
  if (!answer.code || answer.code === "SignedOut" || answer.code === "NotTheirs" || answer.status >= 500) return answer;
  await put("queue", { ...one, state: "refused", says: answer.says, fix: answer.fix });
  return null;
}

const settle = (before, after) => put("queue", { ...after, settled_at: new Date().toISOString() });

async function rename(photo, id) {
  // The server has this very picture under another number already, or will not have it: the report says so too.
  for (const one of await all("queue")) {
    if (one.id !== photo.report || one.state !== "waiting") continue;
    const photos = one.given.photos.flatMap((mine) => (mine === photo.id ? (id ? [id] : []) : [mine]));
    const signature = one.given.signature === photo.id ? id : one.given.signature;
    await put("queue", { ...one, given: { ...one.given, photos: [...new Set(photos)], signature } });
  }
}

async function clear(report) {
  // The server has all of it: the pictures and the names on the phone go.
  for (const one of await all("photos")) if (one.report === report.id) await drop("photos", one.id);
  await drop("drafts", [report.person, report[SUBJECT]]);
  const kept = await get("queue", report.id);
  const keeps = kept.keeps ?? ["conclusion"];
  await put("queue", { ...kept, given: Object.fromEntries(keeps.map((name) => [name, kept.given[name]])) });
}

export async function count(person) {
  const mine = await queueOf(person);
  return {
    waiting: mine.filter((one) => one.state === "waiting").length, refused: mine.filter((one) => one.state === "refused").length,
    kept: mine.filter((one) => one.state === "kept").length, others: await others(person), all: mine,
  };
}
