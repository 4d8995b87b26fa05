// The pass: draws the code, keeps the words of its state true by the clock, remembers large type, and asks for the worker
// that keeps the page for when there is no network.
import { draw } from "./square.js";

for (const pass of document.querySelectorAll("[data-pass]")) draw(pass.querySelector("[data-square]"), pass.dataset.code);

const page = document.querySelector("main[data-pass]");

// the server's clock, also when this page comes out of the store days later: the difference is taken once for each page made
function offset() {
  const kept = `pass-clock:${page.dataset.now}`;
  try {
    const known = localStorage.getItem(kept);
    if (known !== null) return Number(known);
    const now = Math.round(Number(page.dataset.now) - Date.now() / 1000);
    for (const key of Object.keys(localStorage)) if (key.startsWith("pass-clock:")) localStorage.removeItem(key);
    localStorage.setItem(kept, now);
    return now;
  } catch {
    return Math.round(Number(page.dataset.now) - Date.now() / 1000);
  }
}

function words(seconds) {
  const day = 86400;
  const fill = (text, parts) => text.replace(/\{(\w)\}/g, (_, name) => parts[name]);
  if (seconds >= day) return fill(page.dataset.days, { n: Math.ceil(seconds / day) });
  const minutes = Math.max(1, Math.floor(seconds / 60));
  const parts = { h: Math.floor(minutes / 60), m: minutes % 60 };
  return fill(parts.h ? page.dataset.hours : page.dataset.minutes, parts);
}

function stand(difference) {
  const now = Date.now() / 1000 + difference;
  const { begins, ends } = page.dataset;
  let state = page.dataset.state;
  // What was revoked stays so; the end is exclusive.
  if (state !== "revoked") state = now >= Number(ends) ? "expired" : now < Number(begins) ? "not_yet" : "valid";
  page.dataset.state = state;
  for (const part of document.querySelectorAll("[data-when]")) part.hidden = !part.dataset.when.split(" ").includes(state);
  for (const icon of page.querySelectorAll("[data-icon]")) icon.hidden = icon.dataset.icon !== state;
  page.querySelector("[data-top]").classList.toggle("pass__top--ask", state === "not_yet");
  if (state === "valid" || state === "not_yet") {
    page.querySelector("[data-word]").textContent = state === "valid" ? page.dataset.valid : page.dataset.soon;
    page.querySelector("[data-note]").textContent = state === "valid" ? words(Number(ends) - now) : page.dataset.from;
  }
}

function large(on) {
  document.body.classList.toggle("is-large", on);
  for (const button of document.querySelectorAll("[data-large]")) button.setAttribute("aria-pressed", String(on));
  for (const says of document.querySelectorAll("[data-large-says]")) says.textContent = on ? page.dataset.largeWord : page.dataset.smallWord;
}

if (page) {
  const difference = offset();
  stand(difference);
  setInterval(() => stand(difference), 15000);
  let on = false;
  try { on = localStorage.getItem("pass-large") === "1"; } catch { /* a browser that keeps nothing */ }
  large(on);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-large]")) return;
    on = !on;
    large(on);
    try { localStorage.setItem("pass-large", on ? "1" : "0"); } catch { /* as above */ }
  });
  const awake = () => navigator.wakeLock?.request("screen").catch(() => {});
  document.addEventListener("visibilitychange", () => { if (!document.hidden) awake(); });
  awake();
  keep();
}

async function keep() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/p/sw.js", { scope: "/p/" }).catch(() => {});
  const ready = await navigator.serviceWorker.ready;
  const parts = performance.getEntriesByType("resource").map((entry) => entry.name);
  ready.active?.postMessage({ page: location.pathname, parts: parts.filter((name) => name.startsWith(`${location.origin}/static/`)) });
}

document.querySelector("[data-print]")?.addEventListener("click", () => print());
