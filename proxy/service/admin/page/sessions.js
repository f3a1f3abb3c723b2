// The sessions: sorted by any column, and filtered when there are many.

import { byId, count, element, isPhone, rows, span, state } from "/parts.js";

const most = () => (isPhone() ? 6 : 100);
const FILTERED_FROM = 10;

let before = new Map();
let sorted = { by: "refused", down: true };
let last = [];

const pace = (session, side) => session.pace ? session.pace[side] : -1;
const shown = (n) => (n < 0 ? "–" : n < 10 ? n.toFixed(1) : count(Math.round(n)));

const COLUMNS = [
  { id: "session", name: "Session", value: (s) => s.session, cell: (s) => element("code", s.session) },
  { id: "system_id", name: "system_id", value: (s) => s.system_id.toLowerCase(), cell: (s) => s.system_id || "–" },
  { id: "peer", name: "Platform's address", value: (s) => s.peer, cell: (s) => s.peer },
  { id: "route", name: "Route", value: (s) => s.route, cell: (s) => s.route + (s.protocol === "mm7" ? " (MMS)" : "") },
  { id: "carrier", name: "Carrier", value: (s) => s.carrier, cell: (s) => s.carrier },
  { id: "bind", name: "Bind", value: (s) => s.bind, cell: (s) => s.is_draining ? state("draining") : s.is_bound ? state(s.bind || "taken", "good") : state(s.protocol === "mm7" ? "not taken" : "not bound", "none") },
  { id: "age", name: "Age", value: (s) => s.age, cell: (s) => span(s.age), isNumber: true },
  { id: "esme", name: "From platform/s", value: (s) => pace(s, 0), cell: (s) => shown(pace(s, 0)), isNumber: true },
  { id: "smsc", name: "From carrier/s", value: (s) => pace(s, 1), cell: (s) => shown(pace(s, 1)), isNumber: true },
  { id: "flight", name: "In flight", value: (s) => s.in_flight[0] + s.in_flight[1], cell: (s) => s.in_flight.join(" / "), isNumber: true },
  { id: "refused", name: "Refused", value: (s) => s.refused, cell: (s) => count(s.refused), isNumber: true },
];

function heads() {
  const row = element("tr");
  for (const column of COLUMNS) {
    const head = element("th", undefined, column.isNumber ? "number" : "");
    head.scope = "col";
    const button = element("button", column.name);
    button.type = "button";
    button.addEventListener("click", () => {
      sorted = { by: column.id, down: sorted.by === column.id ? !sorted.down : Boolean(column.isNumber) };
      list();
    });
    if (sorted.by === column.id) head.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
    head.append(button);
    row.append(head);
  }
  const focused = [...byId("sessions-table").querySelectorAll("th button")].indexOf(document.activeElement);
  byId("sessions-table").tHead.replaceChildren(row);
  if (focused >= 0) row.querySelectorAll("button")[focused].focus();
}

function list() {
  heads();
  const wanted = byId("filter").value.trim().toLowerCase();
  const found = last.filter((s) => !wanted || [s.session, s.system_id, s.peer, s.route, s.carrier, s.bind, s.protocol].join(" ").toLowerCase().includes(wanted));
  const column = COLUMNS.find((each) => each.id === sorted.by);
  const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0) * (sorted.down ? -1 : 1);
  found.sort((a, b) => order(column.value(a), column.value(b)) || a.age - b.age);
  const empty = last.length ? `none of ${count(last.length)} sessions has “${wanted}”` : "Nobody is connected. Platforms bind to the addresses above.";
  rows("sessions", found.slice(0, most()), (s) => COLUMNS.map((c) => [c.cell(s), c.isNumber ? "number" : ""]), empty);
  byId("filter").hidden = last.length < FILTERED_FROM && !wanted;
  const some = found.length > most() ? `the first ${most()} of ${count(found.length)}: sort or filter for others` : "";
  byId("sessions-text").textContent = some || (wanted ? `${count(found.length)} of ${count(last.length)}` : last.length ? count(last.length) : "");
}

export function showSessions(status) {
  const seen = new Map();
  for (const session of status.sessions) {
    const known = before.get(session.session);
    const seconds = known ? status.now - known.at : 0;
    if (seconds > 0) session.pace = session.pdus.map((n, side) => Math.max(0, (n - known.pdus[side]) / seconds));
    seen.set(session.session, { at: status.now, pdus: session.pdus });
  }
  before = seen;
  last = status.sessions;
  list();
}

byId("filter").addEventListener("input", list);
