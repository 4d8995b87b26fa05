// The day plan by hand: drag a row to another team, or choose the team in its row. The server reckons the times anew.
const root = document.getElementById("main");

const form = () => document.querySelector("form[data-plan]");
let asking = 0;

async function reckon(focus) {
  const number = ++asking;
  const old = form();
  old.setAttribute("aria-busy", "true");
  const reply = await fetch(old.action, { method: "POST", body: new FormData(old), headers: { "X-Requested-With": "fetch" } });
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  const next = page.querySelector("form[data-plan]");
  // A later change overtakes this one; its answer holds both.
  if (number !== asking || !next) return old.removeAttribute("aria-busy");
  const top = scrollY;
  old.replaceWith(next);
  scrollTo(0, top);
  ready();
  document.querySelector(`[name="${focus}"]`)?.focus({ preventScroll: true });
}

function ready() {
  for (const row of document.querySelectorAll("[data-stop]")) row.draggable = true;
}

root.addEventListener("change", (event) => {
  if (event.target.matches("select[name^=team-]")) reckon(event.target.name);
});

let dragged = null;
root.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-stop]");
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.stop);
  dragged.classList.add("is-dragged");
});
root.addEventListener("dragend", () => {
  dragged?.classList.remove("is-dragged");
  dragged = null;
  for (const one of document.querySelectorAll(".is-target")) one.classList.remove("is-target");
});
root.addEventListener("dragover", (event) => {
  const crew = event.target.closest("[data-team]");
  if (!dragged || !crew) return;
  event.preventDefault();
  for (const one of document.querySelectorAll(".is-target")) if (one !== crew) one.classList.remove("is-target");
  crew.classList.add("is-target");
});
root.addEventListener("drop", (event) => {
  const crew = event.target.closest("[data-team]");
  if (!dragged || !crew) return;
  event.preventDefault();
  const choice = dragged.querySelector("select");
  if (choice.value === crew.dataset.team) return;
  choice.value = crew.dataset.team;
  reckon(choice.name);
});

// Pointing at a team shows its line on the map.
function light(id) {
  for (const route of document.querySelectorAll("[data-route]")) {
    route.classList.toggle("is-on", id !== "" && route.dataset.route === id);
    route.classList.toggle("is-off", id !== "" && route.dataset.route !== id);
  }
}
root.addEventListener("pointerover", (event) => {
  const crew = event.target.closest("[data-team]");
  light(crew?.dataset.team ?? "");
});

ready();
