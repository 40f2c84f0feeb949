// The document as HTML, null without a root element, with same-origin frames inlined, shadow roots written out as ordinary elements, and without
// what is meant for browsers that run no scripts.
({ inlineFrames, flattenShadow }) => {
  // Copies live in a document of their own, where nothing loads and no custom element comes to life.
  const inert = document.implementation.createHTMLDocument("");

  const documentOf = (frame) => {
    try {
      return frame.contentDocument;
    } catch {
      return null; // another origin, in browsers that throw
    }
  };

  const inlined = (frame) => {
    const inner = documentOf(frame);
    const holder = inert.createElement("div");
    holder.setAttribute("data-iframe-src", frame.src || "about:srcdoc");
    if (!inner || !inner.body) {
      holder.setAttribute("data-iframe-cross-origin", "true");
      return holder;
    }
    append(holder, inner.body.childNodes);
    return holder;
  };

  // What an element shows: the nodes that a slot was given, the shadow tree of a host, else its own children.
  const shownChildren = (node) => {
    if (flattenShadow && node.localName === "slot" && node.assignedNodes) {
      const assigned = node.assignedNodes({ flatten: true });
      if (assigned.length) return assigned;
    }
    if (flattenShadow && node.shadowRoot) return node.shadowRoot.childNodes;
    return node.localName === "template" ? node.content.childNodes : node.childNodes;
  };

  const append = (target, children) => {
    for (const child of children) if (child.localName !== "noscript") target.append(copy(child));
  };

  const copy = (node) => {
    if (node.nodeType !== Node.ELEMENT_NODE) return inert.importNode(node, false);
    if (inlineFrames && /^i?frame$/.test(node.localName)) return inlined(node);
    const twin = inert.importNode(node, false);
    append(node.localName === "template" ? twin.content : twin, shownChildren(node));
    return twin;
  };

  const type = document.doctype ? `<!DOCTYPE ${document.doctype.name}>` : "";
  return document.documentElement && type + copy(document.documentElement).outerHTML;
}
