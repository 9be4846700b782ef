"use strict";
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const dress = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
  dark.addEventListener("change", dress);
  dress();

  /* Lists without a name are given the words before them, and long examples are reached by keys. */
  const name = () => {
    for (const one of document.querySelectorAll("#viewer select:not([aria-label])")) {
      const said = one.closest("label, tr, .parameter__name, div")?.textContent.replace(one.textContent, "").trim();
      one.setAttribute("aria-label", said || "media type");
    }
    for (const one of document.querySelectorAll("#viewer pre:not([tabindex])")) one.tabIndex = 0;
  };
  new MutationObserver(name).observe(document.getElementById("viewer"), { childList: true, subtree: true });

  SwaggerUIBundle({
    spec: exportContractsApi,
    dom_id: "#viewer",
    supportedSubmitMethods: [],  /* a page to read: it sends nothing */
    validatorUrl: null,
    docExpansion: "list",
    syntaxHighlight: false,  /* its red on grey is too faint */
    defaultModelsExpandDepth: -1,
  });
})();
