// While the telephone rings: the firm, the likely duplicates and earlier answers are asked for at each pause of typing.
const form = document.getElementById("call");
const found = document.getElementById("found");
if (form && found) {
  let timer, asked = 0;
  const says = document.getElementById("firm-is");
  const known = (yes) => { if (says) says.textContent = yes ? says.dataset.known : says.dataset.unknown; };
  const ask = async () => {
    const mine = ++asked;
    const body = new FormData(form);
    body.delete("answer");
    body.delete("photo");
    try {
      const reply = await fetch(form.dataset.alike, { method: "POST", body });
      const html = reply.ok ? await reply.text() : "";
      if (mine === asked && html) found.innerHTML = html;
    } catch {
      // Without a network nothing is found; what is typed stays.
    }
  };
  form.addEventListener("input", (event) => {
    if (event.target.name === "firm" || event.target.name === "phone") {
      form.elements.enterprise.value = "";
      known(false);
      const town = document.getElementById("town-of");
      if (town) town.hidden = false;
    }
    clearTimeout(timer);
    timer = setTimeout(ask, 350);
  });
  found.addEventListener("click", (event) => {
    const pick = event.target.closest("[data-pick]");
    if (pick) {
      form.elements.enterprise.value = pick.dataset.pick;
      form.elements.firm.value = pick.dataset.name;
      known(true);
      const town = document.getElementById("town-of");
      if (town) town.hidden = true;
      form.elements.text.focus();
      ask();
    }
    const answer = event.target.closest("[data-answer]");
    if (answer && form.elements.answer) {
      document.getElementById("answer-now").open = true;
      form.elements.answer.value = answer.dataset.answer;
      form.elements.answer_source.value = answer.dataset.source;
      form.elements.answer_source.dispatchEvent(new Event("change", { bubbles: true }));
      if (answer.dataset.now && form.elements.text.value.trim()) form.requestSubmit();
      else form.elements.answer.focus();
    }
  });
}
