// A name written with the finger: lines as they are drawn, given as a picture.
export function sign(canvas, changed) {
  const pen = canvas.getContext("2d");
  let from = null;
  let drawn = 0;
  const clear = () => {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    drawn = 0;
    changed(false);
  };
  const spot = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  };
  canvas.addEventListener("pointerdown", (event) => { canvas.setPointerCapture(event.pointerId); from = spot(event); event.preventDefault(); });
  canvas.addEventListener("pointermove", (event) => {
    if (!from) return;
    const to = spot(event);
    pen.strokeStyle = "#17202c";
    pen.lineWidth = canvas.width / 110;
    pen.lineCap = pen.lineJoin = "round";
    pen.beginPath();
    pen.moveTo(...from);
    pen.lineTo(...to);
    pen.stroke();
    drawn += Math.hypot(to[0] - from[0], to[1] - from[1]);
    from = to;
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { if (from) changed(drawn > canvas.width / 6); from = null; });
  clear();
  return { clear, blob: () => new Promise((done) => canvas.toBlob(done, "image/png")), drawn: () => drawn > canvas.width / 6 };
}
