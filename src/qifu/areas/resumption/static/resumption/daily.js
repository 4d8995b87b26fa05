// The daily report: steppers, the button's words, the one question about an odd figure, what follows from another number.
const form = document.getElementById("daily");
const primary = document.querySelector("[data-primary]");
const odd = document.getElementById("odd");
const line = document.querySelector("[data-line]");
const usual = { primary: primary.textContent, line: line.textContent };
const number = (name) => Number.parseInt(form.elements[name]?.value, 10);
const inputs = [...form.querySelectorAll(".p-stepper input")];
for (const input of inputs) input.dataset.was = input.value;

const ask = () => {
  const here = number("at_work"), all = number("expected"), before = Number.parseInt(odd.dataset.before, 10);
  const more = here - all, fewer = before - here;
  const isMore = more > 0, isFewer = fewer >= Math.max(5, Math.floor(before * 0.3));
  odd.hidden = !(isMore || isFewer);
  odd.querySelector("[data-all]").hidden = !isMore;
  odd.querySelector("[data-why]").hidden = isMore;
  if (isMore) {
    odd.querySelector("[data-says]").textContent = odd.dataset.more.replace("{n}", more);
    const take = odd.querySelector("[data-take]");
    take.textContent = take.dataset.word.replace("{n}", here);
  } else if (isFewer) {
    odd.querySelector("[data-says]").textContent = odd.dataset.fewer.replace("{n}", fewer);
  } else {
    for (const why of form.querySelectorAll("input[name=why]")) why.checked = false;
  }
};

const follow = () => {
  let changed = 0;
  for (const input of inputs) {
    const other = input.value !== input.dataset.was;
    input.closest(".p-stepper").classList.toggle("is-changed", other);
    if (other && !input.dataset.same) changed += 1;
  }
  primary.textContent = !navigator.onLine ? primary.dataset.offline : changed ? primary.dataset.words.replace("{n}", number("at_work") || 0) : usual.primary;
  primary.dataset.usual = primary.textContent;
  const kept = usual.line.split("。").slice(-1)[0] || usual.line;
  line.textContent = changed ? line.dataset.changed.replace("{n}", changed) + kept : usual.line;
  for (const note of form.querySelectorAll("[data-positive]")) note.hidden = !(number(note.dataset.positive) > 0);
  ask();
};

const set = (input, value) => { input.value = value; input.dispatchEvent(new Event("input", { bubbles: true })); };
form.addEventListener("input", (event) => {
  if (event.target.name === "at_work") {
    for (const same of form.querySelectorAll("[data-same=at_work]")) if (!same.dataset.own) same.value = event.target.value;
  } else if (event.target.dataset.same) {
    event.target.dataset.own = "1";
  }
  follow();
});
form.addEventListener("focusin", (event) => { if (event.target.matches(".p-stepper input")) event.target.select(); });
form.addEventListener("click", (event) => {
  const step = event.target.closest("[data-step]");
  if (step) {
    const input = step.parentElement.querySelector("input");
    set(input, Math.max(0, (Number.parseInt(input.value, 10) || 0) + Number(step.dataset.step)));
  }
  if (event.target.closest("[data-undo]")) set(form.elements.at_work, form.elements.at_work.dataset.was);
  if (event.target.closest("[data-take]")) set(form.elements.expected, form.elements.at_work.value);
});
addEventListener("online", follow);
addEventListener("offline", () => { document.querySelector("[data-waits]").hidden = false; follow(); });
addEventListener("online", () => { document.querySelector("[data-waits]").hidden = true; });
if (!navigator.onLine) document.querySelector("[data-waits]").hidden = false;
follow();
