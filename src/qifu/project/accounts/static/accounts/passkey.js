// Passkeys: ask the server what to sign, let the device sign it, and post the answer with the form it stands in.
// <form data-passkey="add|prove|enter" data-ask="address" data-origin="https://..."> with an input named answer.
const bytes = (text) => {
  const padded = text.replace(/-/g, "+").replace(/_/g, "/").padEnd(Math.ceil(text.length / 4) * 4, "=");
  return Uint8Array.from(atob(padded), (one) => one.charCodeAt(0));
};
const words = (buffer) =>
  buffer ? btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "") : null;
const named = (keys) => keys?.map((key) => ({ ...key, id: bytes(key.id) }));

const make = async (asked) => {
  const made = await navigator.credentials.create({
    publicKey: { ...asked, challenge: bytes(asked.challenge), user: { ...asked.user, id: bytes(asked.user.id) },
      excludeCredentials: named(asked.excludeCredentials) },
  });
  return { id: made.id, rawId: words(made.rawId), type: made.type, clientExtensionResults: {},
    response: { clientDataJSON: words(made.response.clientDataJSON), attestationObject: words(made.response.attestationObject) } };
};
const sign = async (asked) => {
  const found = await navigator.credentials.get({
    publicKey: { ...asked, challenge: bytes(asked.challenge), allowCredentials: named(asked.allowCredentials) ?? [] },
  });
  const { clientDataJSON, authenticatorData, signature, userHandle } = found.response;
  const response = { clientDataJSON: words(clientDataJSON), authenticatorData: words(authenticatorData), signature: words(signature) };
  if (userHandle?.byteLength) response.userHandle = words(userHandle);
  return { id: found.id, rawId: words(found.rawId), type: found.type, clientExtensionResults: {}, response };
};

// A passkey is bound to one address: at another one, and in a browser that knows none, the page says so instead.
const lacking = (form) => (!window.PublicKeyCredential || !isSecureContext ? "unable" : location.origin !== form.dataset.origin ? "elsewhere" : "");

const say = (form, text) => {
  const line = form.querySelector("[data-says]");
  line.textContent = text;
  line.hidden = !text;
};

const go = async (form) => {
  const { ask, passkey } = form.dataset;
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const reply = await fetch(ask, {
    method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": token, Accept: "application/json" },
    body: new URLSearchParams({ kind: passkey }),
  });
  const asked = await reply.json();
  if (!reply.ok) throw Object.assign(new Error(asked.code), { says: asked.says + asked.fix });
  const answer = passkey === "add" ? await make(asked) : await sign(asked);
  form.querySelector("[name=answer]").value = JSON.stringify(answer);
  form.submit();
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const lacks = lacking(form);
  const other = form.querySelector(`[data-lacks="${lacks}"]`);
  if (other) other.hidden = false;
  const body = form.querySelector("[data-body]");
  body.hidden = Boolean(lacks);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    if (button.disabled) return;
    button.disabled = true;
    say(form, "");
    try {
      await go(form);
    } catch (problem) {
      const known = { InvalidStateError: form.dataset.known, NotAllowedError: form.dataset.stopped };
      say(form, problem.says ?? known[problem.name] ?? form.dataset.broken);
      button.disabled = false;
    }
  });
}
