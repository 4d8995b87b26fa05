// One tick for all rows; without script each row has its own.
for (const all of document.querySelectorAll("[data-all]"))
  all.addEventListener("change", () => {
    for (const one of document.querySelectorAll(`input[name="${all.dataset.all}"]:not(:disabled)`)) one.checked = all.checked;
  });

// A film opens beside the page at the touch that says it was begun; without script the page shows its address next.
for (const form of document.querySelectorAll("form[data-film]"))
  form.addEventListener("submit", () => window.open(form.dataset.film, "_blank", "noopener"));
