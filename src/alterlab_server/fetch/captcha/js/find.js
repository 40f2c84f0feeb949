// The CAPTCHA that the page wants solved, or null.
() => {
  const notes = window[Symbol.for("captcha")] || { rendered: [], waiting: [] };

  const [asked] = notes.waiting;
  if (asked) return { kind: "recaptcha_v3", siteKey: asked.siteKey, action: asked.action };

  const [rendered] = notes.rendered.filter(({ parameters }) => parameters.sitekey);
  if (rendered) {
    const { sitekey, size, action, cData, chlPageData } = rendered.parameters;
    return {
      kind: rendered.kind, siteKey: sitekey, invisible: size === "invisible", action, data: cData, pageData: chlPageData,
    };
  }

  const marked = [["recaptcha_v2", ".g-recaptcha"], ["hcaptcha", ".h-captcha"], ["turnstile", ".cf-turnstile"]];
  for (const [kind, selector] of marked) {
    const element = document.querySelector(`${selector}[data-sitekey]`);
    if (!element) continue;
    const { sitekey, size, action, cdata } = element.dataset;
    return { kind, siteKey: sitekey, invisible: size === "invisible", action, data: cdata };
  }

  const framed = [
    ["recaptcha_v2", "iframe[src*='/recaptcha/api2/'], iframe[src*='/recaptcha/enterprise/']", "k"],
    ["hcaptcha", "iframe[src*='hcaptcha.com']", "sitekey"],
  ];
  for (const [kind, selector, parameter] of framed) {
    const frame = document.querySelector(selector);
    if (!frame) continue;
    const url = new URL(frame.src, location);
    const key = url.searchParams.get(parameter) || new URLSearchParams(url.hash.slice(1)).get(parameter);
    if (key) return { kind, siteKey: key, invisible: url.searchParams.get("size") === "invisible" };
  }
  return null;
}
