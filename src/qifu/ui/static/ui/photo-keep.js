// Photos that wait for a network on this phone: kept in the browser's own store until the server has said 收到, so that
// closing the page loses none. Only the page of the same subject sends them, as whoever may open that page.
const NAME = "qifu-photos";

const open = () => new Promise((done, fail) => {
  const asked = indexedDB.open(NAME, 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("waiting", { keyPath: "id" }).createIndex("about", "where");
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => fail(asked.error);
});

async function run(mode, act) {
  // Give what the store answers, or nothing where this browser keeps none (private windows): then the page itself still waits.
  let store;
  try { store = await open(); } catch { return undefined; }
  return new Promise((done) => {
    const deal = store.transaction("waiting", mode);
    const asked = act(deal.objectStore("waiting"));
    deal.oncomplete = () => { store.close(); done(asked?.result); };
    deal.onabort = deal.onerror = () => { store.close(); done(undefined); };
  });
}

// `where` says on which page a photo is sent: kind and subject, or a step whose subject is not yet there.
export const keep = (photo) => run("readwrite", (store) => store.put(photo));
export const forget = (id) => run("readwrite", (store) => store.delete(id));
export const waiting = async (where) => (await run("readonly", (store) => store.index("about").getAll(where))) ?? [];
