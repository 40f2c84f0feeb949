// Removes consent dialogs and frees the page beneath them. Returns how many elements were removed.
({ selectors, consentWords, answerWords, maxChars }) => {
  const answers = new RegExp(`(?<!\\p{L})(${answerWords.join("|")})(?!\\p{L})`, "iu");

  const isOverlay = (element) => {
    if (element.matches("[role=dialog], [role=alertdialog], [aria-modal=true], dialog[open]")) return true;
    const { position } = getComputedStyle(element);
    return position === "fixed" || position === "sticky";
  };

  // A dialog about consent asks something: it has words for it, little other text, and a button to answer with.
  const asksForConsent = (element) => {
    if (element.querySelector("main, article, h1")) return false;
    const text = (element.innerText || "").toLowerCase();
    if (!text || text.length > maxChars || !consentWords.some((word) => text.includes(word))) return false;
    const buttons = element.querySelectorAll("button, [role=button], a, input[type=button], input[type=submit]");
    return [...buttons].some((button) => answers.test(button.innerText || button.value || ""));
  };

  const found = new Set(document.querySelectorAll(selectors));
  const walker = document.createTreeWalker(document.body || document, NodeFilter.SHOW_ELEMENT);
  for (let seen = 0, node = walker.nextNode(); node && seen < 20000; seen++, node = walker.nextNode()) {
    if (/^(DIV|SECTION|ASIDE|DIALOG|FOOTER|FORM)$/.test(node.tagName) || node.tagName.includes("-")) {
      if (isOverlay(node) && asksForConsent(node)) found.add(node);
    }
  }
  for (const element of found) element.remove();
  if (found.size) {
    for (const root of [document.documentElement, document.body]) {
      if (!root) continue;
      if (/hidden|clip/.test(getComputedStyle(root).overflowY)) root.style.setProperty("overflow", "visible", "important");
      if (getComputedStyle(root).position === "fixed") root.style.setProperty("position", "static", "important");
    }
  }
  return found.size;
}
