// The wall feeds itself: it fetches its own page and takes over the numbers. When that fails they stay, and the line says for how long.
const root = document.querySelector("[data-wall]");
const dial = document.querySelector("[data-dial]");
// On a phone one touch is enough; a desk without a telephone shows the number.
if (dial && matchMedia("(pointer: coarse)").matches) addEventListener("load", () => { location.href = dial.href; });

if (root) {
  let fed = Date.now();
  const minute = 60_000;

  const say = () => {
    const line = root.querySelector("[data-asof]");
    const old = Math.floor((Date.now() - fed) / minute);
    if (!line || old < Number(root.dataset.stale)) return;
    line.dataset.was ??= line.textContent;
    line.classList.add("is-stale");
    line.textContent = `${line.dataset.was} · ${root.dataset.says.replace("{n}", old)}`;
  };

  const feed = async () => {
    if (document.hidden || root.querySelector("details[open]")) return say();
    try {
      const reply = await fetch(location.href, { headers: { "X-Wall": "1" }, signal: AbortSignal.timeout(20_000) });
      if (!reply.ok || reply.redirected) return say();
      const page = new DOMParser().parseFromString(await reply.text(), "text/html").querySelector("[data-wall]");
      if (!page) return say();
      root.replaceChildren(...page.childNodes);
      fed = Date.now();
    } catch { say(); }
  };

  setInterval(feed, Number(root.dataset.every) * 1000);
  setInterval(say, minute / 2);
  document.addEventListener("wall:feed", feed);
}
