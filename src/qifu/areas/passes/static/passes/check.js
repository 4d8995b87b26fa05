// A photograph is sent as soon as it is taken.
const photo = document.querySelector("[data-photo]");
photo?.addEventListener("change", () => { if (photo.files.length) photo.form.requestSubmit(); });
