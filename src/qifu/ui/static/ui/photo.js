// Photos: made small on the device, counted, sent, and sent again until the server has them.
// Pages with <c-photos> get it by <script type="module" src=".../photo.js">; other modules import its functions.

import { forget, keep, waiting } from "./photo-keep.js";
import { resending } from "./resend.js";

export const SIDE = 2000;

export async function shrink(file, side = SIDE) {
  // Give a JPEG no longer than `side`, without position or camera; the file itself where this device cannot open it.
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file;
  }
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((done) => canvas.toBlob((blob) => done(blob || file), "image/jpeg", 0.82));
}

export async function sha256(blob) {
  // Without a secure context there is no counting on the device; the server's count is then the only one.
  if (!globalThis.crypto?.subtle) return "";
  const sum = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return [...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function uuid() {
  // Version 7: sorts by the time it was made.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let now = Date.now();
  for (let i = 5; i >= 0; i--) { bytes[i] = now % 256; now = Math.floor(now / 256); }
  bytes[6] = 0x70 | (bytes[6] & 15);
  bytes[8] = 0x80 | (bytes[8] & 63);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";

export async function send(url, { kind, about, id, blob, sha, at, name = "photo.jpg" }) {
  // Give {ok, status, ...the server's words}; throws where there is no network.
  const form = new FormData();
  form.set("kind", kind);
  form.set("about", about);
  form.set("id", id);
  if (sha) form.set("sha256", sha);
  if (at) form.set("taken_at", at);
  form.set("file", blob, name);
  const answer = await fetch(url, { method: "POST", body: form, headers: { Accept: "application/json", "X-CSRFToken": token() } });
  const words = await answer.json().catch(() => ({}));
  const same = !sha || !words.sha256 || words.sha256 === sha;
  return { ...words, ok: answer.ok && Boolean(words.id) && same, status: answer.status };
}

export async function draw(canvas, blob) {
  // A preview without an address: the content policy knows no blob: pictures.
  try {
    const picture = await createImageBitmap(blob);
    const side = Math.min(picture.width, picture.height);
    canvas.getContext("2d").drawImage(picture, (picture.width - side) / 2, (picture.height - side) / 2, side, side, 0, 0, canvas.width, canvas.height);
    picture.close();
  } catch { /* a preview is a kindness, not a condition */ }
}

const whereOf = (box) => `${box.dataset.kind} ${box.dataset.about}`;

function take(box, file, kept = null) {
  // `kept` is a photo of an earlier visit of this page: its id stays, so that what arrived without an answer is one photo.
  const say = (words) => { box.querySelector("[data-photos-says]").textContent = words; };
  const add = box.querySelector(".p-ph--add");
  const tile = document.createElement("div");
  tile.className = "p-ph is-busy";
  const canvas = Object.assign(document.createElement("canvas"), { width: 176, height: 176 });
  const word = document.createElement("span");
  tile.append(canvas, word);
  add.before(tile);
  const made = kept ?? { id: uuid(), at: new Date().toISOString() };
  const go = resending(async () => {
    tile.querySelector(".p-ph__again")?.remove();
    word.textContent = box.dataset.saysSending;
    tile.classList.add("is-busy");
    try {
      made.blob ??= await shrink(file);
      await draw(canvas, made.blob);
      made.sha ??= await sha256(made.blob);
      await keep({ ...made, name: file.name, where: whereOf(box) });
      const answer = await send(box.dataset.url || box.action, { name: file.name, ...made, kind: box.dataset.kind, about: box.dataset.about });
      if (answer.ok || (answer.status >= 400 && answer.status < 500 && answer.status !== 401)) forget(made.id);
      tile.classList.remove("is-busy");
      if (answer.ok) {
        word.textContent = box.dataset.saysKept;
        say(answer.says || "");
        box.dispatchEvent(new CustomEvent("photo:kept", { bubbles: true, detail: answer }));
      } else if (answer.status === 401 || answer.status >= 500) {
        again(`${answer.says ?? ""}${answer.fix ?? ""}`);
        return answer.status >= 500;
      } else {
        tile.remove();
        say(`${answer.says ?? ""}${answer.fix ?? ""}`);
      }
    } catch {
      again(box.dataset.saysWaits);
      return true;
    }
    return false;
  });
  const again = (words) => {
    tile.classList.remove("is-busy");
    say(words);
    const button = Object.assign(document.createElement("button"), { type: "button", className: "p-ph__again", textContent: box.dataset.saysAgain });
    button.addEventListener("click", go, { once: true });
    tile.append(button);
  };
  go();
}

function enhance(box) {
  if ("enhanced" in box.dataset) return;
  box.dataset.enhanced = "";
  box.addEventListener("change", (event) => {
    const input = event.target.closest("input[type=file]");
    if (!input) return;
    event.stopPropagation();
    const room = Number(box.dataset.most || 40) - box.querySelectorAll(".p-ph:not(.p-ph--add)").length;
    for (const file of [...input.files].slice(0, Math.max(0, room))) take(box, file);
    input.value = "";
  });
  waiting(whereOf(box)).then((found) => { for (const one of found) take(box, { name: one.name }, one); });
}
document.querySelectorAll("[data-photos]").forEach(enhance);
document.addEventListener("htmx:load", (event) => event.target.querySelectorAll?.("[data-photos]").forEach(enhance));
