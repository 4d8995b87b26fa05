// Photos beside a step: hashed on the phone as taken, sent one by one, shown as the server drew them anew.
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

const send = async (file) => {
  const body = new FormData();
  body.set("kind", "resumption.paper");
  body.set("about", await about());
  body.set("sha256", await hex(file));
  body.set("taken_at", new Date(file.lastModified || Date.now()).toISOString());
  body.set("file", file, `${box.dataset.step}__${file.name}`);
  const reply = await fetch("/files/", { method: "POST", body, headers: { "X-CSRFToken": box.dataset.token } });
  const kept = await reply.json();
  if (!reply.ok) { say(`${kept.says}${kept.fix || ""}`); return; }
  show(file, kept);
  say(kept.again ? box.dataset.saysAgain : box.dataset.saysKept);
};

const sendAll = async () => {
  while (waiting.length) {
    try { await send(waiting[0]); } catch { say(box.dataset.saysOffline); return; }
    waiting.shift();
  }
};
box?.querySelector("input[type=file]").addEventListener("change", (event) => {
  waiting.push(...event.target.files);
  event.target.value = "";
  sendAll();
});
addEventListener("online", sendAll);
