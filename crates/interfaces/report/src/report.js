(() => {
  "use strict";
  const form = document.querySelector(".filters");
  if (form) {
    const section = form.closest("section");
    const table = section.querySelector("table");
    const none = section.querySelector(".none");
    const output = form.querySelector("output");
    const text = form.querySelector("#filter-text");
    const host = form.querySelector("#filter-host");
    const plain = (value) => value.normalize("NFKC").toLowerCase();
    const rows = [...table.tBodies[0].rows].map((row) => ({ row, words: "" }));
    const apply = () => {
      const levels = new Set([...form.querySelectorAll("[name=level]:checked")].map((box) => box.value));
      const wanted = plain(text.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const entry of rows) {
        const data = entry.row.dataset;
        let fits = levels.has(data.level) && (!host.value || data.host === host.value);
        if (fits && wanted.length) {
          entry.words ||= plain(entry.row.textContent);
          fits = wanted.every((word) => entry.words.includes(word));
        }
        entry.row.hidden = !fits;
        shown += fits ? 1 : 0;
      }
      output.textContent = output.dataset.shown.replace("#", shown.toLocaleString("en"));
      none.hidden = shown > 0;
      table.hidden = shown === 0;
    };
    form.hidden = false;
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(apply));
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-text], a[data-host]");
      if (!link) return;
      form.reset();
      text.value = link.dataset.text || "";
      host.value = link.dataset.host || "";
      setTimeout(apply);
    });
  }

  const links = [...document.querySelectorAll(".rail a")];
  const targets = links.map((link) => document.getElementById(link.hash.slice(1)));
  const mark = () => {
    let current = 0;
    targets.forEach((target, number) => {
      if (number > 0 && target && target.getBoundingClientRect().top < 160) current = number;
    });
    links.forEach((link, number) => {
      if (number === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  };
  if (links.length) {
    addEventListener("scroll", mark, { passive: true });
    addEventListener("resize", mark, { passive: true });
    mark();
  }
})();
