// allauth tells the console only; people get a sentence that says what to do.
document.addEventListener("allauth.error", () => {
  const text = document.getElementById("passkey-error");
  if (text) text.hidden = false;
});
