// What must reach the server though the network is gone: kept on this phone the moment it is pressed, sent until it is answered.
// The form's own key makes a second delivery the first one. 存好 before the server has it, 收到 only after.
import { resending } from "../ui/resend.js";

const PREFIX = "qifu:waits:";
const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
const all = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
const form = document.querySelector("form[data-holds]");
const mine = form && PREFIX + form.dataset.holds;

const count = () => {
  const n = all().length;
  const badge = document.getElementById("offline");
  document.dispatchEvent(new CustomEvent("qifu:waiting", { detail: { n, offline: !navigator.onLine } }));
  if (badge && n && !navigator.onLine) badge.hidden = false;
};

const show = (held) => {
  if (!form) return;
  for (const box of document.querySelectorAll("[data-waits]")) box.hidden = !held;
  for (const button of document.querySelectorAll(`button[form="${form.id}"]`)) {
    button.classList.remove("is-busy");
    button.dataset.usual ??= button.textContent;
    button.textContent = held ? form.dataset.held : button.dataset.usual;
  }
  delete form.dataset.busy;
};

// gives "gone" where there is no network, "stays" where the answer says nothing yet, "done" where it was answered
const send = async (key) => {
  const item = read(key);
  if (!item) { localStorage.removeItem(key); return "done"; }
  if (Date.now() - Date.parse(item.pressed) > 7 * 86400e3) { localStorage.removeItem(key); return "done"; }
  const body = new URLSearchParams(item.body);
  body.set("pressed_at", item.pressed);
  body.set("sent_at", new Date().toISOString());
  body.set("csrfmiddlewaretoken", token());
  let reply;
  try {
    reply = await fetch(item.action, { method: "POST", body, headers: { "X-CSRFToken": token() } });
  } catch {
    return "gone";
  }
  if (reply.status >= 500 || (reply.status === 403 && key !== mine)) return "stays";
  if (reply.redirected && new URL(reply.url).pathname.startsWith("/login")) {
    if (key === mine) location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
    return "stays";
  }
  localStorage.removeItem(key);
  if (key === mine) {
    if (reply.redirected) location.assign(reply.url);
    else form.submit(); // refused: the page that says why is the server's
  } else if (!form) {
    location.reload();
  }
  return "done";
};

const sendAll = resending(async () => {
  for (const key of all()) if ((await send(key)) === "gone") break;
  count();
  if (mine && localStorage.getItem(mine)) show(true);
  return all().length > 0;
});

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation();
  const took = form.elements.took;
  if (took) took.value = Math.max(1, Math.round(performance.now() / 1000));
  const body = new URLSearchParams([...new FormData(form, event.submitter)].filter(([, value]) => typeof value === "string"));
  localStorage.setItem(mine, JSON.stringify({ action: form.action, body: body.toString(), pressed: new Date().toISOString() }));
  event.submitter?.classList.add("is-busy");
  sendAll();
});
if (all().length) sendAll(); else count();
