// A reader that shares nothing with ours but the standards: its own base45, cbor-x for CBOR, WebCrypto for the signature.
async ({ text, keys }) => {
  const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  const digits = [...text.slice(4)].map((letter) => alphabet.indexOf(letter));
  const bytes = [];
  for (let at = 0; at < digits.length; at += 3) {
    const [a, b, c] = digits.slice(at, at + 3);
    const value = a + 45 * b + (c === undefined ? 0 : 2025 * c);
    if (c !== undefined) bytes.push(value >> 8);
    bytes.push(value & 255);
  }
  const decoder = new CBOR.Decoder({ mapsAsObjects: false, useRecords: false });
  const tagged = decoder.decode(new Uint8Array(bytes));
  const [header, , payload, signature] = tagged.value || tagged;
  const known = decoder.decode(header);
  const kid = [...known.get(4)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const key = keys.find((one) => one.kid === kid);
  const spki = Uint8Array.from(atob(key.spki), (letter) => letter.charCodeAt(0));
  const pub = await crypto.subtle.importKey("spki", spki, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
  const part = (raw) => (raw.length < 24 ? [0x40 + raw.length] : [0x58, raw.length]).concat([...raw]);
  const signed = new Uint8Array([0x84, 0x6a, ...new TextEncoder().encode("Signature1"), ...part(header), 0x40, ...part(payload)]);
  const good = await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, pub, signature, signed);
  signed[signed.length - 1] ^= 1;
  const spoilt = await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, pub, signature, signed);
  const claims = decoder.decode(payload);
  const ours = claims.get(-65537);
  return { alg: known.get(1), good, spoilt, issuer: claims.get(1), expires: Number(claims.get(4)), name: ours.get(3), firm: ours.get(4) };
}
