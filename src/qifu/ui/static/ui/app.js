// What every page has: menus that close, toasts that go, the offline badge, pages that come back after a lost session.
const on = (type, selector, act, root = document) =>
  root.addEventListener(type, (event) => {
    const found = event.target instanceof Element && event.target.closest(selector);
    if (found) act(event, found);
  });

// menus: one open at a time; Escape gives the focus back
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// "/" goes to the search, as in most tools that people keep open all day
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input, textarea, select")) return;
  const search = document.querySelector("[data-search]");
  if (search) { event.preventDefault(); search.focus(); }
});

// toasts: server texts come in #toasts; each stays until its seconds are over, or until it is closed
const toasts = () => document.getElementById("toasts");
const live = (toast) => {
  const seconds = Number(toast.dataset.seconds || 6);
  if (seconds) setTimeout(() => toast.remove(), seconds * 1000);
};
on("click", ".toast__x", (_event, x) => x.closest(".toast").remove());
export function say(text, seconds = 6) {
  const box = toasts();
  if (!box) return;
  const toast = Object.assign(document.createElement("div"), { className: "toast", textContent: text });
  toast.dataset.seconds = seconds;
  box.append(toast);
  live(toast);
}
document.querySelectorAll(".toast").forEach(live);
document.addEventListener("htmx:load", (event) => {
  if (event.target.matches?.(".toast")) live(event.target);
  event.target.querySelectorAll?.(".toast").forEach(live);
});

// what scrolls sideways can be scrolled by keys, and what does not is no stop of the Tab key
const reach = (box) => { if (box.scrollWidth > box.clientWidth) box.tabIndex = 0; else box.removeAttribute("tabindex"); };
const watch = new ResizeObserver((seen) => seen.forEach((one) => reach(one.target)));
const scrollers = (root) => root.querySelectorAll?.(".scrolls").forEach((box) => watch.observe(box));
scrollers(document);
document.addEventListener("htmx:load", (event) => scrollers(event.target));

// on a phone a table's rows stand one under the other (desk.css): each cell is told its column's word, and stays a cell
const spread = (table) => {
  if (table.matches(".is-spread, .items, .map, .table--print, .list .table") || table.tHead === null) return;
  table.classList.add("is-spread");
  const heads = [];
  for (const th of table.querySelectorAll("thead tr:last-child > *")) for (let n = th.colSpan; n; n--) heads.push(th.querySelector(".sr") ? "" : th.textContent.trim());
  for (const row of [...table.tBodies].flatMap((body) => [...body.rows])) {
    const cells = [...row.cells];
    const first = cells.find((cell) => cell.matches(".name")) || cells.find((cell) => cell.textContent.trim());
    let at = 0;
    for (const cell of cells) {
      const word = heads[at] || "", said = cell.textContent.trim();
      at += cell.colSpan;
      if (cell === first) cell.classList.add("is-first");
      else if (/^[—-]?$/.test(said) && !cell.querySelector("input, button, svg, img")) cell.classList.add("is-bare");
      else if (word && !cell.querySelector(".badge, .clock, .btn, form, input")) cell.dataset.label = word;
      if (cell !== first && said.length > 24) cell.classList.add("is-whole");
    }
  }
};
const narrow = matchMedia("(max-width: 640px)");
const tables = (root) => { if (narrow.matches) root.querySelectorAll?.(".table").forEach(spread); };
tables(document);
narrow.addEventListener("change", () => tables(document));
document.addEventListener("htmx:load", (event) => tables(event.target));

// the network: a badge, not a page that stops
const badge = document.getElementById("offline");
const network = () => { if (badge) badge.hidden = navigator.onLine; };
addEventListener("online", network);
addEventListener("offline", network);
network();
document.addEventListener("htmx:sendError", () => say(document.body.dataset.saysOffline));
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status >= 500) say(document.body.dataset.saysBroken);
});
// a refusal (403, 409, 422) is a page part with its reason: show it where the answer would stand
document.addEventListener("htmx:beforeSwap", (event) => {
  if ([403, 404, 409, 422].includes(event.detail.xhr.status) && event.detail.xhr.responseText) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

// a button answers once
on("submit", "form", (event, form) => {
  if (form.dataset.busy) { event.preventDefault(); return; }
  if (form.method === "get" || form.hasAttribute("hx-post")) return;
  form.dataset.busy = "1";
  event.submitter?.classList.add("is-busy");
  setTimeout(() => delete form.dataset.busy, 8000);
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-busy]")) delete form.dataset.busy;
  for (const button of document.querySelectorAll(".btn.is-busy")) button.classList.remove("is-busy");
});

// who leaves takes what this device kept along
on("submit", "form[data-leaves]", () => {
  sessionStorage.clear();
  for (const name of Object.keys(localStorage)) if (name.startsWith("qifu:")) localStorage.removeItem(name);
});

// a select that filters sends its form; print and dialog buttons
on("change", "[data-send]", (_event, field) => field.form.requestSubmit());
on("click", "[data-print]", () => print());
on("click", "[data-opens]", (event, button) => {
  const dialog = document.getElementById(button.dataset.opens);
  if (dialog?.showModal) { event.preventDefault(); dialog.showModal(); }
});
on("click", "dialog [data-closes]", (_event, button) => button.closest("dialog").close());

// how much waits under all hats: the number of the page before at once, then that of now; again when one comes back to the tab
const todo = document.querySelector("[data-todo]");
if (todo) {
  let asked = 0;
  const show = ({ count, late }) => {
    todo.querySelector("[data-count]").textContent = count ? (count > 999 ? "999+" : count) : "";
    todo.classList.toggle("is-late", late > 0);
  };
  const ask = async () => {
    if (document.hidden || Date.now() - asked < 20000) return;
    asked = Date.now();
    try {
      const reply = await fetch(todo.dataset.todo, { headers: { Accept: "application/json" } });
      if (!reply.ok) return;
      const found = await reply.json();
      sessionStorage.setItem("qifu:todo", JSON.stringify(found));
      show(found);
    } catch { /* without a line the number of before stays */ }
  };
  try { show(JSON.parse(sessionStorage.getItem("qifu:todo")) ?? { count: 0 }); } catch { /* somebody else's words */ }
  document.addEventListener("visibilitychange", ask);
  ask();
}
