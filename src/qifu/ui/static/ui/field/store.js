// What the phone keeps, by person: the day, unfinished visits, photos, and the queue. All of it outlives the page.
// Each program has a store of its own: its name, and what a draft is about, stand on the script's element.
const { store: NAME = "qifu-field", subject: SUBJECT = "application" } = document.getElementById("field-app").dataset;
export { NAME, SUBJECT };
let opened;

function db() {
  opened ??= new Promise((done, fail) => {
    const ask = indexedDB.open(NAME, 1);
    ask.onupgradeneeded = () => {
      const made = ask.result;
      made.createObjectStore("meta");
      made.createObjectStore("days");
      made.createObjectStore("drafts", { keyPath: ["person", SUBJECT] });
      made.createObjectStore("photos", { keyPath: "id" });
      made.createObjectStore("queue", { keyPath: "id" });
    };
    ask.onsuccess = () => { ask.result.onversionchange = () => ask.result.close(); done(ask.result); };
    ask.onerror = () => fail(ask.error);
  });
  return opened;
}

async function run(stores, mode, act) {
  const base = await db();
  return new Promise((done, fail) => {
    const all = base.transaction(stores, mode, { durability: "strict" });
    let given;
    const result = act((name) => all.objectStore(name));
    if (result) result.onsuccess = () => { given = result.result; };
    all.oncomplete = () => done(given);
    all.onerror = all.onabort = () => fail(all.error);
  });
}

export const get = (store, key) => run([store], "readonly", (of) => of(store).get(key));
export const put = (store, value, key) => run([store], "readwrite", (of) => { of(store).put(value, key); });
export const drop = (store, key) => run([store], "readwrite", (of) => { of(store).delete(key); });
export const all = (store) => run([store], "readonly", (of) => of(store).getAll());

export async function queueOf(person) {
  // The queue of one person, in the order in which it was made. Nobody else's is given.
  return (await all("queue")).filter((one) => one.person === person).sort((a, b) => a.n - b.n || (a.id < b.id ? -1 : 1));
}

export async function others(person) {
  // How many things of other people wait on this phone: a number and nothing else.
  return (await all("queue")).filter((one) => one.person !== person && one.state === "waiting").length;
}

export async function handIn(draft, items) {
  // The visit leaves the drafts and stands in the queue in one transaction: either both or neither.
  await run(["drafts", "queue"], "readwrite", (of) => {
    for (const one of items) of("queue").put(one);
    of("drafts").put(draft);
  });
}
