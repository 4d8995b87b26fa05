// Copies a text, prints, and closes the rows with Esc, giving the focus back to the number.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (button) {
    const from = document.querySelector(button.dataset.copies);
    const text = from?.value ?? from?.textContent;
    if (!text || !navigator.clipboard) return;
    event.preventDefault();
    await navigator.clipboard.writeText(text);
    const word = button.querySelector("[data-word]");
    if (word) { const was = word.textContent; word.textContent = word.dataset.word; setTimeout(() => { word.textContent = was; }, 2000); }
  }
  if (event.target.closest("[data-prints]")) window.print();
});

const panel = document.querySelector("#rows");
if (panel) panel.focus({ preventScroll: true });
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.querySelector("[data-closes]")?.click();
});
