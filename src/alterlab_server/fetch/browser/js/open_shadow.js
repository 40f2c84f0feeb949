// Makes every shadow root an open one, so that it can be written out.
(() => {
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function attachShadow(options) {
    return attach.call(this, { ...options, mode: "open" });
  };
})()
