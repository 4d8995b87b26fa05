// The big screen: arrow keys go from item to item, as a presenter's clicker does.
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select")) return;
  const way = { ArrowLeft: "[data-previous]", PageUp: "[data-previous]", ArrowRight: "[data-next]", PageDown: "[data-next]" }[event.key];
  if (way) document.querySelector(way)?.click();
});
