// Sending what waits for a network: one round at a time, and again by itself until nothing waits.
// A round gives true while something is left that another try may bring there.

const FIRST = 2e3;
const LONGEST = 60e3;

export function resending(round) {
  // Give go(). A call while a round is under way is not lost: the network may have come back while that round was failing.
  let under = null;
  let asked = false;
  let pause = FIRST;
  let timer = 0;
  const rounds = async () => {
    let left;
    do {
      asked = false;
      left = await round().catch((error) => { console.error(error); return true; });
    } while (left && asked);
    timer = left ? setTimeout(go, pause) : 0;
    pause = left ? Math.min(2 * pause, LONGEST) : FIRST;
  };
  const go = () => {
    clearTimeout(timer);
    if (under) asked = true;
    else under = rounds().finally(() => { under = null; });
    return under;
  };
  addEventListener("online", () => { pause = FIRST; if (timer || under) go(); });
  return go;
}
