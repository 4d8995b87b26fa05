// Small makers of elements, icons and the sketch of the route. No HTML from strings: what people typed stays text.
const SVG = "http://www.w3.org/2000/svg";
const words = JSON.parse(document.getElementById("field-words")?.textContent || "{}");

export function t(text, ...values) {
  let number = 0;
  return (words[text] || text).replace(/%s/g, () => values[number++] ?? "");
}

function fill(made, given, children) {
  for (const [name, value] of Object.entries(given || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "text") made.textContent = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((one) => one !== null && one !== undefined && one !== false && one !== ""));
  return made;
}
export const h = (name, given, ...children) => fill(document.createElement(name), given, children);
export const s = (name, given, ...children) => fill(document.createElementNS(SVG, name), given, children);
export const icon = (name, tone = "") => s("svg", { class: `ico ${tone}`, "aria-hidden": "true" }, s("use", { href: `#i-${name}` }));

export function route(stops) {
  // A sketch of the way: only where at least two stops have a position. North is up; no map lies under it.
  const known = stops.filter((one) => one.spot);
  if (known.length < 2) return null;
  const lats = known.map((one) => one.spot[0]);
  const lons = known.map((one) => one.spot[1]);
  const wide = Math.max(Math.max(...lons) - Math.min(...lons), 0.004) * Math.cos((lats[0] * Math.PI) / 180);
  const high = Math.max(Math.max(...lats) - Math.min(...lats), 0.004);
  const scale = Math.min(310 / wide, 108 / high);
  const middle = [(Math.max(...lats) + Math.min(...lats)) / 2, (Math.max(...lons) + Math.min(...lons)) / 2];
  const place = (one) => [195 + (one.spot[1] - middle[1]) * Math.cos((lats[0] * Math.PI) / 180) * scale, 78 - (one.spot[0] - middle[0]) * scale];
  const points = known.map(place);
  const km = known.reduce((sum, one) => sum + (one.km || 0), 0);
  const now = known.findIndex((one) => one.here);
  return s(
    "svg", { class: "p-map", viewBox: "0 0 390 156", role: "img", "aria-label": t("路线示意图：%s家，共%s公里", known.length, km.toFixed(1)) },
    s("rect", { width: 390, height: 156, class: "p-map__ground" }),
    s("path", { d: `M${points.map((point) => point.map((n) => n.toFixed(1)).join(" ")).join("L")}`, class: "p-map__way" }),
    known.map((one, n) => s(
      "g", { class: n === now ? "is-now" : "" },
      n === now ? s("circle", { cx: points[n][0], cy: points[n][1], r: 21, class: "p-map__glow" }) : null,
      s("circle", { cx: points[n][0], cy: points[n][1], r: 13 }),
      s("text", { x: points[n][0], y: points[n][1] + 5, text: String(one.number) }),
    )),
    s("text", { x: 370, y: 144, class: "p-map__scale", text: t("还有%s公里", km.toFixed(1)) }),
  );
}
