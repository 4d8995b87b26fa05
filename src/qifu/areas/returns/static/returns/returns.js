// Brings the open cell and its panel into view, and hides the figure where words are filled; without script all of it works.
const here = document.querySelector(".grid .is-here");
if (here) here.scrollIntoView({ block: "nearest", inline: "nearest" });
if (here && innerWidth <= 900) document.getElementById("cellpanel")?.scrollIntoView({ block: "start" });
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented) document.querySelector("#cellpanel .panel__top a")?.click();
});
