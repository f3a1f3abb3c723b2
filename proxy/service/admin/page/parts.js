// What the page is made of: elements, tables, numbers and times. Everything is set as text, never as HTML.

export const byId = (id) => document.getElementById(id);
export const count = (n) => n.toLocaleString("en");
export const clock = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ");
export const written = (iso) => iso.slice(0, 19).replace("T", " ");
export const isPhone = () => matchMedia("(max-width: 40rem)").matches;
export const words = (name) => name.replaceAll("_", " ");

export function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

// A word with a dot before it: good (green), bad (red), none (hollow), or else amber.
export const state = (word, kind = "") => element("span", word, "state " + kind);

export function span(seconds) {
  if (seconds < 60) return Math.floor(seconds) + " s";
  if (seconds < 3600) return Math.floor(seconds / 60) + " min";
  if (seconds < 86400) return Math.floor(seconds / 3600) + " h " + Math.floor((seconds % 3600) / 60) + " min";
  return Math.floor(seconds / 86400) + " d " + Math.floor((seconds % 86400) / 3600) + " h";
}

// Fills a table's body: ``cells`` gives for each item a list of texts, [text, class] pairs, or nodes.
export function rows(id, items, cells, empty) {
  const heads = [...byId(id).closest("table").querySelectorAll("th")].map((head) => head.textContent.replace(/ [▲▼]$/, ""));
  const made = items.map((item) => {
    const row = element("tr");
    cells(item).forEach((cell, i) => {
      const [text, className] = Array.isArray(cell) ? cell : [cell];
      const td = element("td", undefined, className);
      td.append(text);
      td.dataset.name = heads[i];
      row.append(td);
    });
    return row;
  });
  if (!made.length) {
    const row = element("tr");
    const cell = element("td", empty, "quiet");
    cell.colSpan = heads.length;
    row.append(cell);
    made.push(row);
  }
  byId(id).replaceChildren(...made);
}
