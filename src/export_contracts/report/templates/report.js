"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const PAGE = 100;

  /* Text is only ever put into the page as text: nothing here parses markup. */
  const make = (tag, text, name) => {
    const one = document.createElement(tag);
    if (text !== undefined) one.textContent = text;
    if (name) one.className = name;
    return one;
  };
  const later = (act) => {
    let waiting;
    return () => { clearTimeout(waiting); waiting = setTimeout(act, 120); };
  };

  /* Clauses: filters, and links that open what they lead to. */
  const clauses = [...document.querySelectorAll("details.clause")];
  const words = clauses.map((one) => one.textContent.toLowerCase());
  const filter = document.getElementById("filter");
  const sieve = () => {
    const form = new FormData(filter);
    const text = form.get("text").trim().toLowerCase().split(/\s+/).filter(Boolean);
    const names = ["vendor", "verdict", "level", "party"].filter((name) => form.get(name));
    let count = 0;
    clauses.forEach((one, place) => {
      const fits = names.every((name) => one.dataset[name] === form.get(name))
        && text.every((word) => words[place].includes(word));
      one.hidden = !fits;
      count += fits;
    });
    document.getElementById("shown").textContent =
      count === clauses.length ? `${count} clauses` : `${count} of ${clauses.length} clauses`;
  };
  filter.addEventListener("submit", (event) => event.preventDefault());
  filter.addEventListener("input", later(sieve));
  filter.addEventListener("change", later(sieve));  /* lists, where a program chooses for somebody */
  filter.addEventListener("reset", () => setTimeout(sieve));

  const follow = () => {
    const one = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!one || !one.matches("details")) return;
    one.hidden = false;
    one.open = true;
    one.scrollIntoView();
    one.querySelector("summary").focus({ preventScroll: true });
  };
  addEventListener("hashchange", follow);

  /* Evidence: built when it is first looked at. */
  const message = (title, one, marked, lost) => {
    const part = make("div", undefined, "message");
    part.append(make("h4", title));
    if (one.headers.length) part.append(make("pre", one.headers.join("\n"), "wrap"));
    if (!one.text) part.append(make("p", `${one.bytes} bytes that are no text`, "faint"));
    else if (!one.body.length) part.append(make("p", "no body", "faint"));
    else {
      const box = make("pre", undefined, "body");
      box.tabIndex = 0;
      one.body.forEach((line, place) => {
        const row = make("span", line, place === marked ? "line at" : "line");
        if (place === marked) row.append(make("span", lost ? `  ← ${lost} is not there` : "  ← here", "hint"));
        box.append(row);
      });
      part.append(box);
    }
    if (one.cut) part.append(make("p", `The beginning of ${one.bytes} bytes.`, "faint"));
    return part;
  };
  const word = (row, column) => data.words[row[column]];
  const show = (details) => {
    const { request, side, line, lost } = details.dataset;
    const box = details.querySelector("div");
    if (box.childElementCount) return;
    const row = data.rows[request];
    box.append(make("p", `${word(row, 3)} ${word(row, 4)} → ${word(row, 5) ?? "no answer"}, in ${word(row, 1)}`));
    const seen = data.evidence[request];
    const marked = line === "" ? -1 : Number(line);
    if (!seen) box.append(make("p", "This page holds no bodies of this exchange.", "faint"));
    else {
      box.append(message("Sent", seen.sent, side === "sent" ? marked : -1, lost));
      if (seen.answered) box.append(message("Answered", seen.answered, side === "answered" ? marked : -1, lost));
    }
    if (data.curl[request]) box.append(make("h4", "Again by hand"), make("pre", data.curl[request], "wrap"));
  };
  document.addEventListener("toggle", (event) => {
    if (event.target.open && event.target.matches("details.exchange")) show(event.target);
  }, true);

  /* Requests: a page at a time. */
  const table = document.getElementById("traffic");
  const body = table.tBodies[0];
  const more = document.getElementById("more");
  const sift = document.getElementById("sift");
  let fitting = [];
  let drawn = 0;
  const moment = (text) => {
    const cell = make("td");
    if (text === null) cell.textContent = "unknown";
    else {
      const time = make("time", text.slice(5, 23).replace("T", " "));
      time.dateTime = time.title = text;
      cell.append(time);
    }
    return cell;
  };
  const draw = () => {
    const part = document.createDocumentFragment();
    for (const index of fitting.slice(drawn, drawn + PAGE)) {
      const row = data.rows[index];
      const line = make("tr");
      const verdict = make("td");
      verdict.append(make("span", word(row, 6), `badge ${word(row, 6)}`));
      for (const clause of new Set(row[9])) {
        const link = make("a", clause);
        const own = `${word(row, 0)}-${clause}`;
        link.href = `#${document.getElementById(own) ? own : clause}`;
        verdict.append(" ", link);
      }
      line.append(make("td", index, "number"), make("td", word(row, 1)),
        make("td", `${word(row, 3)} ${word(row, 4)}${word(row, 2) ? ` (${word(row, 2)})` : ""}`),
        make("td", word(row, 5) ?? "none", "number"), moment(row[8]),
        make("td", row[7], "number"), verdict);
      part.append(line);
    }
    body.append(part);
    drawn = Math.min(drawn + PAGE, fitting.length);
    more.hidden = drawn >= fitting.length;
    document.getElementById("counted").textContent = `${drawn} of ${fitting.length} requests`;
  };
  const choose = () => {
    const asked = document.getElementById("of-text").value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    fitting = [];
    data.rows.forEach((row, index) => {
      const text = asked.length
        ? `${row.slice(0, 7).map((one) => data.words[one]).join(" ")} ${row[9].join(" ")}`.toLowerCase() : "";
      if (asked.every((one) => text.includes(one))) fitting.push(index);
    });
    body.replaceChildren();
    drawn = 0;
    draw();
  };
  more.addEventListener("click", draw);
  document.addEventListener("click", (event) => {
    const clause = event.target.dataset.sift;
    if (clause === undefined) return;
    document.getElementById("of-text").value = clause;
    choose();
  });
  sift.addEventListener("submit", (event) => event.preventDefault());
  sift.addEventListener("input", later(choose));
  sift.addEventListener("reset", () => setTimeout(choose));
  table.hidden = sift.hidden = false;
  choose();
  follow();

  /* Paper shows what the screen holds open, and the findings. */
  addEventListener("beforeprint", () => {
    document.querySelectorAll("details.clause.fail, details.clause.error, details.clause.warn")
      .forEach((one) => { one.open = true; });
  });
})();
