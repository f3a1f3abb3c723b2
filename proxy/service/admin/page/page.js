"use strict";
// The status page: asks /status every two seconds and shows what it says. Everything is set as text, never as HTML.

const EVERY = 2000;
const MOST_SESSIONS = 200;
const byId = (id) => document.getElementById(id);
let before = new Map();
let token = sessionStorage.getItem("token") || "";

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function rows(id, items, cells, empty) {
  const width = byId(id).closest("table").querySelectorAll("th").length;
  const made = items.map((item) => {
    const row = element("tr");
    for (const cell of cells(item)) {
      if (cell instanceof Node) {
        const td = element("td");
        td.append(cell);
        row.append(td);
      } else {
        const [text, className] = Array.isArray(cell) ? cell : [cell];
        row.append(element("td", text, className));
      }
    }
    return row;
  });
  if (!made.length) {
    const row = element("tr");
    const cell = element("td", empty, "quiet");
    cell.colSpan = width;
    row.append(cell);
    made.push(row);
  }
  byId(id).replaceChildren(...made);
}

const state = (word, kind) => element("span", word, "state " + kind);
const count = (n) => n.toLocaleString("en");
const rate = (n) => (n < 10 ? n.toFixed(1) : count(Math.round(n)));
const clock = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ");

function span(seconds) {
  if (seconds < 60) return Math.floor(seconds) + " s";
  if (seconds < 3600) return Math.floor(seconds / 60) + " min";
  if (seconds < 86400) return Math.floor(seconds / 3600) + " h " + Math.floor((seconds % 3600) / 60) + " min";
  return Math.floor(seconds / 86400) + " d " + Math.floor((seconds % 86400) / 3600) + " h";
}

function rates(history, name) {
  const found = [];
  for (let i = 1; i < history.length; i++) {
    const seconds = history[i].time - history[i - 1].time;
    if (seconds < 1) continue; // a point just taken: too little time to tell a rate
    found.push(Math.max(0, (history[i][name] - history[i - 1][name]) / seconds));
  }
  return found;
}

function chart(id, lines, unit, number = rate) {
  const top = Math.max(...lines.flatMap((line) => line.values), 0);
  const drawn = lines.map(({ values: all, name }) => {
    const values = all.length === 1 ? [all[0], all[0]] : all;
    const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
    const step = 300 / Math.max(1, values.length - 1);
    line.setAttribute("points", values.map((v, i) => `${(i * step).toFixed(1)},${(78 - (top ? (v / top) * 74 : 0)).toFixed(1)}`).join(" "));
    line.setAttribute("class", name);
    return line;
  });
  const text = `now ${lines.map((line) => number(line.values.at(-1) || 0)).join(" and ")}, at most ${number(top)} ${unit}`;
  byId(id).replaceChildren(...drawn);
  byId(id).setAttribute("aria-label", text);
  byId(id + "-text").textContent = text;
}

function tile(label, value) {
  const made = element("div", undefined, "tile");
  made.append(element("b", value), element("span", label));
  return made;
}

function show(status) {
  const pill = byId("health");
  pill.textContent = status.ready ? "ready" : "not ready";
  pill.className = "pill " + (status.ready ? "good" : "bad");
  byId("about").textContent = `version ${status.version}, up ${span(status.now - status.started)}`;
  byId("reasons").hidden = status.ready;
  byId("reasons").replaceChildren(...status.reasons.map((reason) => element("li", reason)));

  const pdus = { esme: rates(status.history, "esme"), smsc: rates(status.history, "smsc") };
  const refused = rates(status.history, "refused");
  byId("tiles").replaceChildren(
    tile("sessions", count(status.sessions.length)),
    tile("PDUs/s from platforms", rate(pdus.esme.at(-1) || 0)),
    tile("PDUs/s from carriers", rate(pdus.smsc.at(-1) || 0)),
    tile("refused in all", count(status.history.at(-1)?.refused || 0)),
    tile("pairs opted out", count(status.ledger.opted_out_pairs)),
  );
  chart("chart-pdus", [{ name: "esme", values: pdus.esme }, { name: "smsc", values: pdus.smsc }], "a second");
  chart("chart-refused", [{ name: "refused", values: refused }], "a second");
  chart("chart-sessions", [{ name: "esme", values: status.history.map((point) => point.sessions) }], "at once", count);

  const carriers = status.routes.flatMap((route) => route.carriers.map((carrier, i) => ({ route, carrier, first: i === 0 })));
  rows("routes", carriers, ({ route, carrier, first }) => [
    first ? route.name + (route.observe ? " (observes)" : "") : "",
    first ? route.listen || "not listening" : "",
    carrier.address,
    state(carrier.state, { up: "good", down: "bad" }[carrier.state] || ""),
    carrier.since ? clock(carrier.since) : "",
    [first ? count(route.sessions) : "", "number"],
  ], "no routes");

  showCluster(status.cluster);
  const seen = new Map();
  const shown = [...status.sessions].sort((a, b) => b.refused - a.refused || a.age - b.age).slice(0, MOST_SESSIONS);
  rows("sessions", shown, (session) => {
    seen.set(session.session, { at: status.now, pdus: session.pdus });
    const last = before.get(session.session);
    const seconds = last ? status.now - last.at : 0;
    const pace = [0, 1].map((side) => (seconds > 0 ? rate((session.pdus[side] - last.pdus[side]) / seconds) : "–"));
    return [
      session.system_id || "–",
      session.peer,
      session.route,
      session.is_draining ? state("draining", "") : session.is_bound ? state(session.bind, "good") : state("not bound", ""),
      [span(session.age), "number"],
      [pace[0], "number"],
      [pace[1], "number"],
      [session.in_flight.join(" / "), "number"],
      [count(session.refused), "number"],
    ];
  }, "nobody is connected");
  if (status.sessions.length > shown.length) {
    const row = element("tr");
    const cell = element("td", `and ${count(status.sessions.length - shown.length)} more`, "quiet");
    cell.colSpan = 9;
    row.append(cell);
    byId("sessions").append(row);
  }
  before = seen;

  if (!token) showChanges(status.changes);
  rows("workers", status.workers, (worker) => [
    String(worker.number),
    [String(worker.pid), "number"],
    state(worker.state, worker.state === "ready" ? "good" : ""),
    [count(worker.sessions), "number"],
    [span(worker.age), "number"],
  ], "none");
  const ledger = status.ledger;
  byId("ledger").textContent =
    `${count(ledger.pairs)} pairs, ${count(ledger.entries)} journal entries up to revision ${count(ledger.revision)}, ` +
    `${(ledger.used / 1048576).toFixed(1)} MiB in use`;
}

function showCluster(cluster) {
  byId("cluster").hidden = !cluster;
  if (!cluster) return;
  rows("nodes", cluster.nodes, (node) => [
    node.name + (node.name === cluster.name ? " (this one)" : ""),
    state(node.state, { serving: "good", silent: "bad", "out of touch": "bad" }[node.state] || ""),
    node.address,
    [["serving", "joining"].includes(node.state) ? count(node.lag) : "–", "number"],
    [node.heard < 1 ? "now" : span(node.heard) + " ago", "number"],
    node.version,
  ], "no node is known yet");
  const store = cluster.store.length ? " The store says: " + cluster.store.join("; ") + "." : "";
  byId("cluster-text").textContent = (cluster.serving
    ? `This node has everything up to revision ${count(cluster.revision)}, ${count(cluster.commits)} commits. A node that gives no sign of life for ${cluster.lease} s refuses.`
    : "This node refuses: " + cluster.fault + ".") + store;
}

function showChanges(changes) {
  rows("changes", changes, (entry) => [
    entry.time.slice(0, 19).replace("T", " "), entry.business, entry.consumer,
    state(entry.change.replace("_", " "), { opted_out: "bad", opted_in: "good" }[entry.change] || ""),
    [entry.matched || "", "text"], entry.by || "",
  ], "none so far");
}

async function ask(path, options = {}) {
  const headers = token && path.startsWith("/v1/") ? { Authorization: "Bearer " + token } : {};
  if (options.body) headers["Content-Type"] = "application/json";
  const answer = await fetch(path, { ...options, headers });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    const detail = typeof body.detail === "string" ? body.detail : "what was asked for could not be understood";
    throw new Error(detail);
  }
  return body;
}

async function refresh() {
  try {
    const status = await ask("/status");
    show(status);
    if (token) {
      const journal = await ask(`/v1/journal?after=${Math.max(0, status.ledger.revision - 20)}&limit=20`);
      showChanges(journal.entries.reverse().map((entry) => ({ ...entry, by: entry.operator || entry.route })));
    }
  } catch (error) {
    byId("health").textContent = error instanceof TypeError ? "not reachable" : error.message;
    byId("health").className = "pill bad";
  }
}

async function keepRefreshing() {
  if (!document.hidden) await refresh();
  setTimeout(keepRefreshing, EVERY);
}

const pairPath = () => `/v1/consent/${encodeURIComponent(byId("business").value.trim())}/${encodeURIComponent(byId("consumer").value.trim())}`;

async function lookUp() {
  const said = byId("pair-said");
  byId("pair").hidden = false;
  try {
    const [found, history] = [await ask(pairPath()), await ask(pairPath() + "/history")];
    const since = found.since ? ` since ${found.since.slice(0, 19).replace("T", " ")} UTC` : "";
    const group = found.group ? ` Its group ${found.group} is ${found.group_state.replace("_", " ")}.` : "";
    const refused = found.refused ? ` Refused ${count(found.refused)} times, last ${found.last_refused.slice(0, 19).replace("T", " ")} UTC.` : "";
    said.textContent = `${found.business} to ${found.consumer}: ${found.state.replace("_", " ")}${since}.${group}${refused}`;
    rows("history", history.entries, (entry) => [
      entry.time.slice(0, 19).replace("T", " "), entry.change.replace("_", " "), entry.meaning || "",
      [entry.matched || "", "text"], entry.operator || entry.route || "", [entry.note || "", "text"], [String(entry.revision), "number"],
    ], "nothing was ever said");
    return true;
  } catch (error) {
    said.textContent = error.message;
    byId("history").replaceChildren();
    return false;
  }
}

byId("token-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  token = byId("token").value.trim();
  byId("token").value = "";
  try {
    if (token) await ask("/v1/journal?limit=1");
    byId("token-said").textContent = token ? "The token is taken; it is forgotten when this tab is closed." : "No token is in use.";
    sessionStorage.setItem("token", token);
  } catch (error) {
    byId("token-said").textContent = error.message;
    token = "";
    sessionStorage.removeItem("token");
  }
  await refresh();
});

byId("pair-form").addEventListener("submit", (event) => {
  event.preventDefault();
  lookUp();
});

byId("change-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const wanted = { state: event.submitter.value, note: byId("note").value };
  try {
    await ask(pairPath(), { method: "PUT", body: JSON.stringify(wanted) });
    byId("note").value = "";
    await lookUp();
    await refresh();
  } catch (error) {
    byId("pair-said").textContent = error.message;
  }
});

keepRefreshing();
