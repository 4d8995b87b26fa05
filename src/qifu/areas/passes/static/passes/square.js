// Draws a code as one path. Modules are whole units of the viewBox; the quiet zone of four modules is part of the picture.
import qrcode from "../vendor/qrcode-generator-2.0.4.mjs";

export const QUIET = 4;

export function square(text) {
  const code = qrcode(0, "M");
  code.addData(text, /^[0-9A-Z $%*+\-./:]+$/.test(text) ? "Alphanumeric" : "Byte");
  code.make();
  const count = code.getModuleCount();
  let path = "";
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < count; column += 1) {
      if (!code.isDark(row, column)) continue;
      let run = 1;
      while (column + run < count && code.isDark(row, column + run)) run += 1;
      path += `M${column + QUIET} ${row + QUIET}h${run}v1h-${run}z`;
      column += run;
    }
  }
  return { path, side: count + 2 * QUIET, version: (count - 17) / 4 };
}

export function draw(box, text) {
  const { path, side, version } = square(text);
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", `0 0 ${side} ${side}`);
  svg.setAttribute("width", 5 * side);
  svg.setAttribute("shape-rendering", "crispEdges");
  svg.setAttribute("aria-hidden", "true");
  const ground = document.createElementNS(space, "rect");
  for (const [name, value] of [["width", side], ["height", side], ["fill", "#fff"]]) ground.setAttribute(name, value);
  const ink = document.createElementNS(space, "path");
  ink.setAttribute("d", path);
  ink.setAttribute("fill", "#000");
  svg.append(ground, ink);
  box.replaceChildren(svg);
  box.dataset.version = version;
}
