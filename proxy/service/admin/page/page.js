// The status page: asks /status every two seconds and shows what it says.

import { chart, rates } from "/chart.js";
import { ask, isSignedIn } from "/consent.js";
import { byId, clock, count, element, isPhone, rows, span, state, words, written } from "/parts.js";
import { showSessions } from "/sessions.js";

const EVERY = 2000;
const COLORS = { good: "#0b6e4f", warning: "#c98500", bad: "#c62828", unknown: "#7a8794" };
const SIGNS = { good: "", warning: "⚠ ", bad: "✖ ", unknown: "? " };
let reached = 0;

const rate = (n) => (n === 0 ? "0" : n < 1 ? n.toFixed(2) : n < 10 ? n.toFixed(1) : count(Math.round(n)));
const milliseconds = (s) => (s < 0.00995 ? (s * 1000).toFixed(s === 0 ? 0 : 1) + " ms" : s < 1 ? Math.round(s * 1000) + " ms" : s.toFixed(1) + " s");

function showVerdict(grade, text, since, troubles, now) {
  byId("verdict").className = "verdict " + grade;
  byId("health").textContent = text;
  byId("health-since").textContent = since ? `Since ${clock(since)} UTC, for ${span(Math.max(0, now - since))}` : "";
  byId("reasons").hidden = troubles.length < 2;
  byId("reasons").replaceChildren(...troubles.slice(1).map((trouble) => element("li", `${trouble.text}, since ${clock(trouble.since)} UTC`)));
  document.title = `${SIGNS[grade]}${grade === "good" ? "Consent proxy" : text}`;
  const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="${COLORS[grade]}"/><path d="M7 9h18v11H15l-5 5v-5H7z" fill="#fff"/></svg>`;
  byId("icon").href = "data:image/svg+xml," + encodeURIComponent(icon);
}

function showRoutes(status) {
  const carriers = status.routes.flatMap((route) => route.carriers.map((carrier, i) => ({ route, carrier, first: i === 0 })));
  rows("routes", carriers, ({ route, carrier, first }) => [
    first || isPhone() ? route.name + (route.protocol === "mm7" ? (route.direction === "bind" ? " (MMS, to the MMSC)" : " (MMS, from the MMSC)") : "") + (route.observe ? " (observes)" : "") : "",
    first ? route.listen || state("not listening", "bad") : "",
    carrier.address,
    state(carrier.state, { up: "good", down: "bad", "hung up": "" }[carrier.state] ?? "none"),
    carrier.since ? clock(carrier.since) : "",
    carrier.tried ? span(Math.max(0, status.now - carrier.tried)) + " ago" : "",
    [count(carrier.sessions), "number"],
  ], "no routes");
}

function showCharts(status) {
  const { history, now } = status;
  const values = (read) => history.map((point) => ({ x: point.time, y: read(point) }));
  chart(byId("chart-messages"), "Messages a second", [
    { name: "submits", color: 1, points: rates(history, (p) => p.submits) },
    { name: "from consumers", color: 2, points: rates(history, (p) => p.deliveries) },
    { name: "refused", color: 3, points: rates(history, (p) => p.refused) },
  ], now, rate);
  const sums = Object.entries(history.at(-1).errors).sort((a, b) => b[1] - a[1]).slice(0, 5);
  chart(byId("chart-errors"), "Carrier's errors a second", sums.length
    ? sums.map(([status_], i) => ({ name: status_, color: i + 1, points: rates(history, (p) => p.errors[status_] || 0) }))
    : [{ name: "none", color: 1, points: [] }], now, rate);
  chart(byId("chart-answer"), "Carrier's answer", [
    { name: "median", color: 1, points: values((p) => p.answer[0]) },
    { name: "99 %", color: 4, points: values((p) => p.answer[1]) },
  ], now, milliseconds, 0.005);
  chart(byId("chart-commit"), "A STOP on disk after", [
    { name: "median", color: 1, points: values((p) => p.commit[0]) },
    { name: "99 %", color: 4, points: values((p) => p.commit[1]) },
  ], now, milliseconds, 0.005);
  chart(byId("chart-sessions"), "Sessions", [{ name: "open", color: 5, points: values((p) => p.sessions) }], now, (n) => count(Math.round(n)), 3);
  const last = history.at(-1);
  const tile = (label, value) => {
    const made = element("div", undefined, "tile");
    made.append(element("b", value), element("span", label));
    return made;
  };
  byId("tiles").replaceChildren(
    tile("pairs opted out", count(status.ledger.opted_out_pairs)), tile("refused since the start", count(last.refused)),
    tile("changes since the start", count(last.changes)), tile("sessions", count(status.sessions.length)),
  );
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
  rows("changes", changes.slice(0, isPhone() ? 5 : 12), (entry) => [
    written(entry.time), state(words(entry.change), { opted_out: "none", opted_in: "good" }[entry.change] ?? "none"), entry.consumer, entry.business,
    [entry.matched || "", "text"], entry.by || "",
  ], "none so far");
}

function showRest(status) {
  rows("workers", status.workers, (worker) => [
    String(worker.number), [String(worker.pid), "number"], state(worker.state, worker.state === "ready" ? "good" : ""),
    [count(worker.sessions), "number"], [span(worker.age), "number"],
  ], "none");
  const ledger = status.ledger;
  byId("ledger").textContent = `${count(ledger.pairs)} pairs, ${count(ledger.entries)} journal entries up to revision ${count(ledger.revision)}, ${(ledger.used / 1048576).toFixed(1)} MiB in use`;
  byId("about").textContent = `version ${status.version}, up ${span(status.now - status.started)}`;
}

async function refresh() {
  let status;
  try {
    status = await ask("/status");
  } catch (error) {
    const isAway = error.status === undefined;
    const text = isAway ? "The proxy can't be reached: what is below is old." : `The proxy can't say how it is: ${error.message}`;
    showVerdict(isAway ? "bad" : "unknown", text, reached, [], Date.now() / 1000);
    return;
  }
  reached = status.now;
  const { grade, text, since, troubles } = status.verdict;
  showVerdict(grade, text, since, troubles, status.now);
  showRoutes(status);
  showCharts(status);
  showCluster(status.cluster);
  showSessions(status);
  showRest(status);
  let changes = status.changes;
  if (isSignedIn()) {
    const journal = await ask(`/v1/journal?after=${Math.max(0, status.ledger.revision - 20)}&limit=20`).catch(() => null);
    if (journal) changes = journal.entries.reverse().map((entry) => ({ ...entry, by: entry.operator || entry.route }));
  }
  showChanges(changes);
}

async function keepRefreshing() {
  if (!document.hidden) await refresh();
  setTimeout(keepRefreshing, EVERY);
}

keepRefreshing();
