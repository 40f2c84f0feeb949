// Runs before the page's own scripts and notes what they tell the CAPTCHA libraries: keys, actions, callbacks.
(() => {
  const notes = { rendered: [], waiting: [] };
  Object.defineProperty(window, Symbol.for("captcha"), { value: notes });

  const noteRender = (kind, library) => {
    const render = library.render;
    library.render = function (container, parameters) {
      notes.rendered.push({ kind, container, parameters: parameters || {} });
      return render ? render.apply(this, arguments) : undefined;
    };
  };

  // reCAPTCHA v3 has no widget: the page asks for a token, and its promise is kept once there is one.
  const noteExecute = (library) => {
    const execute = library.execute;
    library.execute = function (siteKey, options) {
      if (typeof siteKey !== "string") return execute ? execute.apply(this, arguments) : undefined;
      return new Promise((resolve) => notes.waiting.push({ siteKey, action: (options || {}).action, resolve }));
    };
  };

  const watch = (name, note) => {
    let library;
    const noted = new WeakSet();
    const prepare = () => {
      // The loader puts a stub there first and adds render and execute later, so it is looked at on each access.
      if (library && typeof library === "object" && !noted.has(library) && (library.render || library.execute)) {
        noted.add(library);
        note(library);
      }
      return library;
    };
    Object.defineProperty(window, name, {
      configurable: true,
      get: prepare,
      set(value) {
        library = value;
        prepare();
      },
    });
  };

  watch("turnstile", (library) => noteRender("turnstile", library));
  watch("hcaptcha", (library) => noteRender("hcaptcha", library));
  watch("grecaptcha", (library) => {
    noteRender("recaptcha_v2", library);
    noteExecute(library);
  });
})()
