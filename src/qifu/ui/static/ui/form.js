// A form that saves as it is typed, keeps what is typed through a lost session or network, and offers the likely answer.
const form = document.querySelector("form[data-saves]");
if (form) {
  const key = `qifu:${form.dataset.saves}`;
  let version = form.dataset.version || "";
  const told = document.querySelector("[data-saved]");
  const secret = (name) => /code|csrf|id_number|password/.test(name);
  const answers = () => {
    const kept = {};
    for (const [name, value] of new FormData(form)) if (typeof value === "string" && !secret(name)) (kept[name] ??= []).push(value);
    return kept;
  };
  const tell = (text) => { if (told && text) told.textContent = text; };

  // what this device kept that the server never got: the server's version is still the one it was typed over
  // (kept beyond the tab: chat browsers close theirs as soon as another window covers it)
  const found = JSON.parse(localStorage.getItem(key) || "null");
  if (found && found.version !== version) localStorage.removeItem(key);
  const kept = found?.version === version ? found.answers : null;
  const keep = () => localStorage.setItem(key, JSON.stringify({ version, answers: answers(), at: Date.now() }));
  const forget = () => localStorage.removeItem(key);
  if (kept && !form.querySelector(".is-bad")) {
    for (const field of form.elements) {
      if (!field.name || !(field.name in kept) || field.type === "hidden" || field.type === "file") continue;
      if (field.type === "radio" || field.type === "checkbox") field.checked = kept[field.name].includes(field.value);
      else field.value = kept[field.name][0];
    }
    tell(form.dataset.saidBack);
  }

  // the session is gone: what is typed stays here, one code brings it back
  const sheet = document.getElementById("lost");
  const lost = () => { keep(); tell(form.dataset.saidHere); if (sheet) sheet.hidden = false; };
  sheet?.querySelector("[data-forgets]")?.addEventListener("click", () => {
    for (const name of Object.keys(localStorage)) if (name.startsWith("qifu:")) localStorage.removeItem(name);
    location.assign("/");
  });

  let timer;
  const save = async () => {
    keep();
    if (!form.dataset.savesTo) return;
    try {
      const reply = await fetch(form.dataset.savesTo, { method: "POST", body: new FormData(form), headers: { "X-Saves": "1" } });
      if (reply.redirected && new URL(reply.url).pathname.startsWith("/login")) { lost(); return; }
      tell(reply.ok ? form.dataset.saidSaved : form.dataset.saidHere);
      // What hangs on the draft (photos, a signature) need not wait until every question beside it is right.
      const draft = reply.headers.get("X-Draft");
      if (draft) form.dispatchEvent(new CustomEvent("qifu:saved", { detail: { draft } }));
      if (!reply.ok) return;
      const seen = reply.headers.get("X-Seen");
      if (seen && form.elements.seen) form.elements.seen.value = seen;
      version = reply.headers.get("X-Version") || version;
      forget();
    } catch {
      tell(form.dataset.saidHere);
    }
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(save, 800); });
  form.addEventListener("submit", () => { clearTimeout(timer); keep(); });
  form.addEventListener("qifu:save", () => { clearTimeout(timer); save(); });

  // an answer that was changed no longer comes from where the line says
  form.addEventListener("input", (event) => {
    const from = event.target.closest(".field")?.querySelector(".field__from");
    if (from) from.hidden = event.target.value === event.target.defaultValue ? false : event.target.type !== "radio";
  });

  form.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-fills]");
    if (!chip) return;
    const field = form.elements[chip.dataset.fills];
    field.value = chip.dataset.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    const box = chip.closest(".field");
    box.classList.remove("is-bad");
    box.querySelectorAll(".field__error").forEach((line) => line.remove());
    chip.remove();
    field.focus();
  });
}

// the button's words follow the number: data-words="上报：到岗 {n} 人" data-follows="present"
for (const button of document.querySelectorAll("[data-follows]")) {
  const field = document.getElementById(`f-${button.dataset.follows}`);
  const follow = () => { if (field.value) button.textContent = button.dataset.words.replace("{n}", field.value); };
  field?.addEventListener("input", follow);
}

// boxes that take a file by hand or by dropping
for (const box of document.querySelectorAll(".drop")) {
  const input = box.querySelector("input[type=file]");
  const list = document.getElementById(input.getAttribute("aria-controls"));
  const show = () => {
    if (!list) return;
    list.replaceChildren(...[...input.files].map((file) => {
      const size = file.size > 1048576 ? `${(file.size / 1048576).toFixed(1)} MB` : `${Math.max(1, Math.round(file.size / 1024))} KB`;
      const line = document.createElement("li");
      const name = Object.assign(document.createElement("span"), { textContent: file.name, className: "clip" });
      const note = Object.assign(document.createElement("span"), { textContent: size, className: "small quiet push" });
      line.append(name, note);
      return line;
    }));
    if (box.dataset.sends) input.form.requestSubmit();
  };
  input.addEventListener("change", show);
  for (const type of ["dragover", "dragenter"]) box.addEventListener(type, (event) => { event.preventDefault(); box.classList.add("is-over"); });
  for (const type of ["dragleave", "drop"]) box.addEventListener(type, () => box.classList.remove("is-over"));
  box.addEventListener("drop", (event) => { event.preventDefault(); input.files = event.dataTransfer.files; show(); });
}
