// Copies the link of a pass; without a clipboard the field is selected, so that a long press copies it.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const says = document.getElementById(button.dataset.says);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      says.textContent = button.dataset.done;
    } catch { /* it stays selected */ }
  });
}
