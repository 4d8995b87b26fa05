// The photo of a licence is made smaller on the phone before it is sent; where this phone cannot, it goes as it is.
import { shrink } from "../ui/photo.js";

const LARGE = 1_000_000;
const input = document.querySelector("#claim input[name=licence]");
input?.addEventListener("change", async () => {
  const file = input.files[0];
  if (!file || file.size < LARGE || !globalThis.DataTransfer) return;
  const small = await shrink(file);
  if (small === file || input.files[0] !== file) return;
  const bag = new DataTransfer();
  bag.items.add(new File([small], "licence.jpg", { type: "image/jpeg" }));
  input.files = bag.files;
});
