// Gives the page its token: in the form field, to whom waits for it, or by sending the form. Returns how.
({ kind, fields, token }) => {
  const notes = window[Symbol.for("captcha")] || { rendered: [], waiting: [] };
  const classes = { recaptcha_v2: ".g-recaptcha", hcaptcha: ".h-captcha", turnstile: ".cf-turnstile" };
  const rendered = notes.rendered.find((note) => note.kind === kind);
  const inPage = (place) => (typeof place === "string" ? document.getElementById(place) || document.querySelector(place) : place);
  const widget = (rendered && inPage(rendered.container)) || document.querySelector(classes[kind]);
  const form = (widget && widget.closest("form")) || document.querySelector("form");

  for (const name of fields) {
    let held = [...document.getElementsByName(name)];
    if (!held.length && form && name === fields[0]) {
      const field = form.appendChild(document.createElement("textarea"));
      field.name = name;
      field.style.display = "none";
      held = [field];
    }
    for (const field of held) field.value = token;
  }

  if (notes.waiting.length) {
    for (const { resolve } of notes.waiting.splice(0)) resolve(token);
    return "promise";
  }
  const named = (rendered && rendered.parameters.callback) || (widget && widget.dataset.callback);
  const callback = typeof named === "string" ? window[named] : named;
  if (typeof callback === "function") {
    callback(token);
    return "callback";
  }
  // A form that asks for nothing else is a gate; one with more to fill in is the visitor's.
  const open = form && form.querySelector("input:not([type=hidden]):not([type=submit]):not([type=button]), select");
  if (!form || open) return "field";
  form.requestSubmit();
  return "form";
}
