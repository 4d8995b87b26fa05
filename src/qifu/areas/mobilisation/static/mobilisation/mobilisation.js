// One tick for all rows; without script each row has its own.
for (const all of document.querySelectorAll("[data-all]"))
  all.addEventListener("change", () => {
    for (const one of document.querySelectorAll(`input[name="${all.dataset.all}"]:not(:disabled)`)) one.checked = all.checked;
  });
