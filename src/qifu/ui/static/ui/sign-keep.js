// A name written with the finger on a page: drawn, kept on this phone until the server has it, and named in the form beside it.
// The box says what it is: data-kind (without one it is only drawn), data-form, data-where, data-about ('' until something is saved).
import { forget, keep, waiting } from "./photo-keep.js";
import { send, sha256, uuid } from "./photo.js";
import { resending } from "./resend.js";
import { sign } from "./sign.js";

const REST = 900; // A name has several strokes: it is taken when the finger has rested so long.
const PATIENCE = 8000; // The form waits for the network at most so long; what has not gone by then is kept and goes later.

function enhance(box) {
  const canvas = box.querySelector("canvas");
  const told = box.nextElementSibling;
  const words = box.dataset;
  const say = (text) => { told.textContent = text || ""; };
  const form = document.getElementById(words.form);
  let drawing = null;
  let timer = 0;
  let under = null;

  // The subject is there as soon as something has been saved: a name before that saves the step first.
  const about = () => new Promise((done) => {
    if (words.about) { done(words.about); return; }
    form.addEventListener("qifu:saved", (event) => { words.about = event.detail.draft; done(words.about); }, { once: true });
    form.dispatchEvent(new Event("qifu:save"));
  });
  const name = (id) => {
    if (!form?.elements.signature) return;
    form.elements.signature.value = id;
    form.dispatchEvent(new Event("qifu:save"));
  };

  const go = async (one) => {
    clearTimeout(timer);
    timer = 0;
    if (one.gone || drawing !== one) return false;
    one.gone = true;
    say(words.saysSending);
    try {
      one.blob ??= await pad.blob();
      one.sha ??= await sha256(one.blob);
      one.at ??= new Date().toISOString();
      await keep({ id: one.id, blob: one.blob, sha: one.sha, at: one.at, name: "signature.png", where: words.where });
      const answer = await send(words.url, { kind: words.kind, about: await about(), id: one.id, blob: one.blob, sha: one.sha, at: one.at, name: "signature.png" });
      if (answer.status === 401 || answer.status >= 500) throw new Error(answer.says);
      await forget(one.id);
      say(answer.ok ? words.saysKept : `${answer.says ?? ""}${answer.fix ?? ""}`);
      // The very same picture is one file: it goes by the name that it had first.
      if (!answer.ok) name("");
      else if (answer.id !== one.id) name(answer.id);
    } catch {
      one.gone = false;
      say(words.saysWaits);
      return drawing === one;
    }
    return false;
  };

  const start = (one) => {
    one.send ??= resending(() => go(one));
    under = one.send().finally(() => { under = null; });
  };

  const pad = sign(canvas, (signed) => {
    if (!signed || !words.kind) return;
    // What has gone is not changed any more: one more stroke makes it another picture.
    if (!drawing || drawing.gone) { if (drawing) forget(drawing.id); drawing = { id: uuid() }; name(drawing.id); }
    clearTimeout(timer);
    const one = drawing;
    timer = setTimeout(() => start(one), REST);
  });

  box.querySelector("[data-sign-again]").addEventListener("click", () => {
    clearTimeout(timer);
    if (drawing) forget(drawing.id);
    drawing = null;
    box.querySelector("[data-signed]")?.remove();
    canvas.hidden = false;
    pad.clear();
    say("");
    if (words.kind) name("");
  });

  if (!words.kind) return;
  let passed = false;
  form.addEventListener("submit", async (event) => {
    if (passed || !drawing || (!timer && !under)) return;
    // Nothing has been submitted yet: who counts submissions need not hear of this one.
    event.preventDefault();
    event.stopPropagation();
    const by = event.submitter;
    if (timer) start(drawing);
    await Promise.race([under, new Promise((done) => setTimeout(done, PATIENCE))]);
    passed = true;
    form.requestSubmit(by);
  });
  waiting(words.where).then((found) => {
    const last = found.at(-1);
    if (!last) return;
    for (const old of found.slice(0, -1)) forget(old.id);
    drawing = { ...last };
    box.querySelector("[data-signed]")?.remove();
    canvas.hidden = false;
    createImageBitmap(last.blob).then((picture) => canvas.getContext("2d").drawImage(picture, 0, 0)).catch(() => {});
    name(last.id);
    start(drawing);
  });
}

document.querySelectorAll("[data-sign]").forEach(enhance);
