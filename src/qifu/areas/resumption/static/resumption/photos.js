// Photos beside a step: hashed on the phone as taken, sent one by one, shown as the server drew them anew. Without a network
// they wait in this phone's store, also when the page is closed, until this step is opened again with one.
import { forget, keep, waiting as keptOf } from "../ui/photo-keep.js";
import { uuid } from "../ui/photo.js";
import { resending } from "../ui/resend.js";

const box = document.getElementById("photos");
const form = document.getElementById("step");
const told = box?.querySelector("[data-told]");
const say = (text) => { told.textContent = text; };
const waiting = [];

// the draft is there as soon as something has been saved: a photo before that saves the step first
const about = () => new Promise((resolve) => {
  if (box.dataset.about) { resolve(box.dataset.about); return; }
  form.addEventListener("qifu:saved", (event) => { box.dataset.about = event.detail.draft; resolve(event.detail.draft); }, { once: true });
  form.dispatchEvent(new Event("qifu:save"));
});

const hex = async (file) => {
  if (!crypto.subtle) return "";
  const sum = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

const show = (file, kept) => {
  if (box.querySelector(`[href="${kept.href}"]`)) return;
  const link = Object.assign(document.createElement("a"), { className: "p-ph", href: kept.href });
  const image = Object.assign(document.createElement("img"), { src: kept.small, alt: file.name });
  const note = document.createElement("span");
  note.textContent = new Date().toTimeString().slice(0, 5);
  link.append(image, note);
  box.querySelector(".p-ph--add").before(link);
};

const where = form && `step ${form.dataset.saves}`;

const send = async ({ id, blob: file, name, at }) => {
  const body = new FormData();
  body.set("kind", "resumption.paper");
  body.set("about", await about());
  body.set("sha256", await hex(file));
  body.set("id", id);
  body.set("taken_at", at);
  body.set("file", file, `${box.dataset.step}__${name}`);
  const reply = await fetch("/files/", { method: "POST", body, headers: { "X-CSRFToken": box.dataset.token } });
  const kept = await reply.json();
  if (reply.status === 401 || reply.status >= 500) throw new Error(kept.says);
  await forget(id);
  if (!reply.ok) { say(`${kept.says}${kept.fix || ""}`); return; }
  show({ name }, kept);
  say(kept.again ? box.dataset.saysAgain : box.dataset.saysKept);
};

const sendAll = resending(async () => {
  try {
    while (waiting.length) { await send(waiting[0]); waiting.shift(); }
  } catch {
    say(box.dataset.saysOffline);
  }
  return waiting.length > 0;
});
box?.querySelector("input[type=file]").addEventListener("change", (event) => {
  for (const file of event.target.files) {
    const one = { id: uuid(), where, blob: file, name: file.name, at: new Date(file.lastModified || Date.now()).toISOString() };
    waiting.push(one);
    keep(one);
  }
  event.target.value = "";
  if (!navigator.onLine) say(box.dataset.saysOffline);
  sendAll();
});
if (box && where) keptOf(where).then((found) => { waiting.push(...found); if (found.length) sendAll(); });
