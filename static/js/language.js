// Keeps what was typed while the language of the page changes: in this tab only, and only until then.
const typedHere = `typed:${location.pathname}`;
const notKept = ["hidden", "password", "file", "submit", "button"];
const typedFields = () =>
  [...document.querySelectorAll("main form")]
    .flatMap((form) => [...form.elements])
    .filter((field) => field.name && !notKept.includes(field.type));

document.querySelector("form[data-language]")?.addEventListener("submit", () => {
  const values = typedFields().map((field) => [field.name, field.value, field.checked]);
  sessionStorage.setItem(typedHere, JSON.stringify(values));
});

const kept = JSON.parse(sessionStorage.getItem(typedHere) ?? "[]");
sessionStorage.removeItem(typedHere);
typedFields().forEach((field, place) => {
  const [name, value, checked] = kept[place] ?? [];
  if (name !== field.name) return;
  if (["checkbox", "radio"].includes(field.type)) field.checked = field.value === value && checked;
  else field.value = value;
});
