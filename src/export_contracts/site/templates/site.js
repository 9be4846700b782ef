"use strict";
(() => {
  const find = (id) => document.getElementById(id);

  /* Search: every word has to stand in an entry; names weigh more than words. */
  const results = find("results");
  if (results && typeof exportContracts !== "undefined") {
    const field = find("query");
    const weigh = (entry, words) => {
      let weight = 0;
      for (const word of words) {
        const [name, title, rest] = entry.slice(1).map((text) => text.toLowerCase());
        if (name === word) weight += 100;
        else if (name.includes(word)) weight += 20;
        else if (title.includes(word)) weight += 10;
        else if (rest.includes(word)) weight += 1;
        else return 0;
      }
      return weight;
    };
    const search = () => {
      const words = field.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
      results.replaceChildren();
      if (!words.length) return;
      const found = exportContracts.map((entry) => [weigh(entry, words), entry])
        .filter(([weight]) => weight).sort((one, other) => other[0] - one[0]);
      find("found").textContent = `${found.length} found${found.length > 50 ? "; the first 50 are shown" : ""}`;
      for (const [, [address, name, title]] of found.slice(0, 50)) {
        const line = document.createElement("li");
        const link = document.createElement("a");
        link.href = address;
        link.textContent = name;
        line.append(link, ` ${title}`);
        results.append(line);
      }
    };
    field.value = new URLSearchParams(location.search).get("q") || "";
    field.addEventListener("input", search);
    field.form.addEventListener("submit", (event) => { event.preventDefault(); search(); });
    search();
  }

  /* Editions: which clauses were in force, or which names were printed, in a month. */
  const month = find("month");
  if (month) {
    const months = month.dataset.months.split(" ");
    const dated = [...document.querySelectorAll("[data-since]")];
    const show = () => {
      const at = months[month.value];
      let count = 0;
      for (const one of dated) {
        const { since, until } = one.dataset;
        const held = at ? since <= at && (!until || at < until) : !until;
        one.classList.toggle("out", !held);
        count += held;
      }
      find("month-shown").textContent = at || "today";
      month.setAttribute("aria-valuetext", at || "today");
      find("in-force").textContent = `${count} of ${dated.length} ${month.dataset.what}`;
    };
    month.form.hidden = false;
    month.addEventListener("input", show);
    show();
  }
})();
