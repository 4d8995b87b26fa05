// The worklist by keyboard: j k move, Enter opens, e does the main thing, x ticks, Esc unticks. Nothing jumps.
const work = document.querySelector("[data-worklist]");

class Worklist {
  constructor(root) {
    this.root = root;
    this.body = root.querySelector(".list__body");
    this.keys = root.querySelector("[data-keys]");
    this.bulk = root.querySelector("[data-bulk]");
    this.preview = document.getElementById("preview");
    this.wait = 0;
    // the list stands first: what fetches the pane of another row comes after it
    this.htmx = new Promise((ready) => {
      const fetching = () => document.head.append(Object.assign(document.createElement("script"), { src: root.dataset.htmx, onload: () => ready(window.htmx) }));
      if (document.readyState === "complete") fetching(); else addEventListener("load", fetching, { once: true });
    });
    root.addEventListener("click", (event) => this.click(event));
    root.addEventListener("dblclick", (event) => this.open(event.target.closest("tr[data-row]")));
    root.addEventListener("change", (event) => event.target.matches("[data-tick], [data-tick-all]") && this.ticked(event.target));
    document.addEventListener("keydown", (event) => this.key(event));
    this.ticked();
  }

  get rows() { return [...this.root.querySelectorAll("tr[data-row]")]; }
  get row() { return this.root.querySelector("tr[data-row].is-selected"); }
  get ticks() { return [...this.root.querySelectorAll("[data-tick]")]; }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog[open], details.menu[open]")) return;
    const act = { j: () => this.step(1), k: () => this.step(-1), ArrowDown: () => this.step(1), ArrowUp: () => this.step(-1),
      e: () => this.act(), x: () => this.tick(), " ": () => this.tick(), Escape: () => this.untick() }[event.key];
    // the space bar presses what has the focus; only on the bare list does it tick
    if (event.key === " " && event.target.closest("a, button, summary, input, label")) return;
    const enters = event.key === "Enter" && !event.target.closest("a, button, summary, input");
    if (act) { event.preventDefault(); act(); } else if (enters) this.open(this.row);
  }

  step(by) {
    const rows = this.rows;
    const at = rows.indexOf(this.row);
    this.select(rows[Math.min(Math.max(at + by, 0), rows.length - 1)]);
  }

  select(row, wait = 90) {
    if (!row || row === this.row) return;
    for (const other of this.rows) { other.classList.remove("is-selected"); other.removeAttribute("aria-selected"); }
    row.classList.add("is-selected");
    row.setAttribute("aria-selected", "true");
    row.scrollIntoView({ block: "nearest" });
    clearTimeout(this.wait);
    // holding j down must not ask for forty previews
    this.wait = setTimeout(() => this.load(row), wait);
  }

  load(row) {
    if (!row.dataset.preview || !this.preview || this.preview.offsetParent === null) return;
    this.htmx.then((htmx) => htmx.ajax("GET", row.dataset.preview, { target: this.preview, swap: "innerHTML", source: this.preview }));
  }

  open(row) {
    const link = row?.querySelector(".name a");
    if (link) location.assign(link.href);
  }

  // e acts only on the row whose consequences are on the screen
  act() {
    const shown = this.preview?.querySelector("[data-subject]");
    if (!shown || !this.row || shown.dataset.subject !== this.row.dataset.row) return;
    shown.parentElement.querySelector(".act.is-main .btn:not([disabled])")?.click();
  }

  tick() {
    const box = this.row?.querySelector("[data-tick]");
    if (!box) return;
    box.checked = !box.checked;
    this.ticked(box);
  }

  untick() {
    for (const box of this.ticks) box.checked = false;
    this.ticked();
  }

  ticked(source) {
    if (source?.matches("[data-tick-all]")) for (const box of this.ticks) box.checked = source.checked;
    const chosen = this.ticks.filter((box) => box.checked);
    const all = this.root.querySelector("[data-tick-all]");
    if (all) {
      all.checked = chosen.length > 0 && chosen.length === this.ticks.length;
      all.indeterminate = chosen.length > 0 && !all.checked;
    }
    if (!this.bulk) return;
    this.bulk.hidden = chosen.length === 0;
    this.keys.hidden = chosen.length > 0;
    this.bulk.querySelector("[data-chosen]").textContent = chosen.length;
    clearTimeout(this.asking);
    if (chosen.length && this.bulk.dataset.asks) this.asking = setTimeout(() => this.ask(chosen), 120);
  }

  // what would happen to just these rows: the server says it before anybody presses
  ask(chosen) {
    const form = this.root.querySelector("form[data-rows]");
    const values = Object.fromEntries(new FormData(form));
    values.row = chosen.map((box) => box.value);
    this.htmx.then((htmx) => htmx.ajax("POST", this.bulk.dataset.asks, { target: "#bulk-says", swap: "innerHTML", values, source: this.bulk }));
  }

  click(event) {
    const row = event.target.closest("tr[data-row]");
    if (!row || event.target.closest("a, button, input, label")) return;
    this.select(row, 0);
  }
}

if (work) new Worklist(work);

// on the full page J and K go to the neighbours, E does the main thing
const page = document.querySelector("[data-neighbours]");
if (page) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, dialog[open]")) return;
    const link = { j: "[data-next]", k: "[data-previous]", e: ".act.is-main .btn:not([disabled])" }[event.key];
    const found = link && document.querySelector(link);
    if (found) { event.preventDefault(); if (event.key === "e") found.focus(); else found.click(); }
  });
}
