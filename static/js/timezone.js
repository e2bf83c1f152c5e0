// Choose the visitor's own time zone, where the form still shows the preset one.
(() => {
  const select = document.querySelector("select[data-own-time-zone]");
  if (!select) return;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const untouched = [...select.options].some((o) => o.selected && o.defaultSelected);
  const offered = [...select.options].some((o) => o.value === own);
  if (offered && untouched && !document.querySelector(".is-invalid")) select.value = own;
})();
