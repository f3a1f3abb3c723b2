// Phones with their threads, and the PDUs behind them. Everything is set as text, never as HTML.

import { mms, picturesOf, refreshMms, sayMms } from "/mms.js";
import { add, begin, element, found, knows, note, numbers, plus, stateOf, thread } from "/threads.js";

const byId = (id) => document.getElementById(id);
const KEPT = 2000; // PDUs that the list filters
const SHOWN = 300;
const drawn = { messages: 0, mo: 0, pdu: 0 };
const states = new Map(); // message number -> its bubble
const pdus = [];
let open = null;
let about = null;
let clients = [];

async function ask(path, method = "GET", body) {
  const options = { method };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = { "Content-Type": "application/json" };
  }
  const answer = await fetch(path, options);
  const found_ = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(typeof found_.detail === "string" ? found_.detail : "the simulator could not understand that");
  return found_;
}

function drawPhones() {
  const wanted = byId("search").value;
  byId("phones").replaceChildren(...numbers().filter((number) => found(number, wanted)).map((number) => {
    const item = element("li");
    const button = element("button", plus(number));
    button.append(element("small", thread(number).at(-1)?.text || "no message yet"));
    button.setAttribute("aria-current", number === open);
    button.addEventListener("click", () => openPhone(number));
    item.append(button);
    return item;
  }));
}

function bubble(message) {
  const item = element("li", message.text || (message.pictures?.length ? "" : "(no text)"));
  item.prepend(...picturesOf(message));
  if (message.mine) item.className = "mine" + (message.failed ? " failed" : "");
  message.note = element("small", note(message));
  item.append(message.note);
  return item;
}

function howToBind() {
  const where = about ? `${about.host}:${about.port}${about.tls ? " (TLS)" : ""}` : "the simulator";
  const who = about?.accounts.length ? `as ${about.accounts.join(" or ")}` : "with any system_id and password";
  return element("li", `No message yet. Have a client bind to ${where} ${who}, and send to ${plus(open)}; or write something here once it is bound.`, "hint");
}

function openPhone(number) {
  begin(number);
  open = number;
  byId("who").textContent = plus(number);
  const messages = thread(number);
  byId("thread").replaceChildren(...(messages.length ? messages.map(bubble) : [howToBind()]));
  byId("thread").scrollTop = byId("thread").scrollHeight;
  const others = [...new Set(messages.map((message) => message.other).reverse())];
  const known = others.length ? others : [...new Set(numbers().flatMap(thread).map((message) => message.other))];
  byId("to").replaceChildren(...known.map((other) => new Option(plus(other), other)), new Option("another number …", ""));
  drawPhones();
}

async function refreshMessages() {
  const [sent, said] = await Promise.all([
    ask(`/v1/messages?after=${drawn.messages}&limit=5000&newest=true`), ask(`/v1/mo?after=${drawn.mo}&limit=5000&newest=true`),
  ]);
  for (const message of sent.messages) {
    drawn.messages = message.number;
    const shown = { mine: false, time: message.submitted_at, other: message.source, client: clients.length > 1 ? message.system_id : "", text: message.text, part: message.part, state: stateOf(message) };
    states.set(message.number, { shown, isFinal: message.state !== "ENROUTE" && (message.receipts.includes(message.state) || !message.receipts.length) });
    add(message.destination, shown);
  }
  for (const message of said.messages) {
    drawn.mo = message.number;
    const failed = message.status !== "ESME_ROK";
    add(message.source, { mine: true, failed, time: message.time, other: message.destination, client: clients.length > 1 ? message.system_id : "", text: message.text, part: message.part, state: failed ? message.status : "taken by the client" });
  }
  const fresh = about?.mms ? await refreshMms(ask) : 0;
  await refreshStates();
  if (open === null && numbers().length) openPhone(numbers()[0]);
  else if (fresh || sent.messages.length || said.messages.length) openPhone(open);
}

async function refreshStates() {
  const pending = [...states].filter(([, each]) => !each.isFinal).map(([number]) => number);
  if (!pending.length) return;
  for (const message of (await ask(`/v1/messages?after=${Math.min(...pending) - 1}&limit=5000`)).messages) {
    const each = states.get(message.number);
    if (!each) continue;
    each.isFinal = message.state !== "ENROUTE";
    each.shown.state = stateOf(message);
    if (each.shown.note) each.shown.note.textContent = note(each.shown);
  }
}

function isWanted(pdu) {
  if (pdu.command.startsWith("enquire_link") && !byId("links").checked) return false;
  const wanted = byId("filter").value.trim().toLowerCase();
  return !wanted || [pdu.command, pdu.status, pdu.system_id, pdu.source, pdu.destination, pdu.text].join(" ").toLowerCase().includes(wanted);
}

function drawPdus() {
  byId("pdus").replaceChildren(...pdus.filter(isWanted).slice(-SHOWN).reverse().map((pdu) => {
    const item = element("li");
    const button = element("button");
    const when = new Date(pdu.time * 1000).toISOString().slice(11, 23);
    const who = pdu.system_id || `connection ${pdu.connection}`;
    button.append(element("span", when, "quiet"), element("span", pdu.direction === "in" ? "→" : "←"), element("span", who, "client"),
      element("span", pdu.command), element("span", "seq " + pdu.sequence, "quiet"));
    if (pdu.status !== "ESME_ROK") button.append(element("span", pdu.status, "bad"));
    if (pdu.source || pdu.destination) button.append(element("span", `${pdu.source} to ${pdu.destination}`, "quiet"), element("span", pdu.text, "said"));
    button.title = pdu.direction === "in" ? "from the ESME" : "to the ESME";
    button.addEventListener("click", () => showPdu(pdu.number));
    item.append(button);
    return item;
  }));
  if (!byId("pdus").children.length) byId("pdus").append(element("li", pdus.length ? "No PDU is like that." : "None yet.", "hint"));
}

function addPdus(fresh) {
  pdus.push(...fresh);
  pdus.splice(0, Math.max(0, pdus.length - KEPT));
  drawn.pdu = pdus.at(-1)?.number || 0;
  drawPdus();
}

async function showPdu(number) {
  const detail = byId("detail");
  detail.hidden = false;
  try {
    const pdu = await ask(`/v1/pdus/${number}`);
    const rows = [["command", pdu.command], ["status", pdu.status], ["sequence_number", pdu.sequence], ["client", `${pdu.system_id || "not bound"}, connection ${pdu.connection}`],
      ...Object.entries(pdu.fields).map(([name, value]) => [name, typeof value === "object" ? JSON.stringify(value) : value]),
      ...pdu.tlvs.map((tlv) => ["TLV " + tlv.tag, tlv.hex]), ["octets", pdu.hex.replace(/(.{8})/g, "$1 ")]];
    if (pdu.fault) rows.push(["fault", pdu.fault]);
    detail.replaceChildren(...rows.flatMap(([name, value]) => [element("dt", name), element("dd", String(value))]));
  } catch (error) {
    detail.replaceChildren(element("dt", "fault"), element("dd", error.message));
  }
}

async function refreshFaults() {
  const { faults } = await ask("/v1/faults");
  byId("set").replaceChildren(...faults.map((fault) =>
    element("li", `${fault.action} on ${fault.command}: met ${fault.met}${fault.count ? " of " + fault.count : ""}`)));
}

async function refreshBound() {
  const { connections } = await ask("/v1/connections");
  const bound = connections.filter((each) => each.bind);
  const nobody = about?.mms ? "nobody is bound for SMS; MMS is there" : "nobody is bound";
  byId("bound").textContent = bound.length ? bound.map((each) => `${each.system_id || "?"} (${each.bind})`).join(", ") : nobody;
  byId("bound").className = "pill" + (bound.length ? " good" : "");
  const receivers = [...new Set(bound.filter((each) => each.bind !== "transmitter").map((each) => each.system_id))];
  if (receivers.join("\n") === clients.join("\n")) return;
  clients = receivers;
  byId("client-label").hidden = clients.length < 2;
  byId("client").replaceChildren(new Option("who uses that number", ""), ...clients.map((name) => new Option(name, name)));
}

async function follow() {
  for (;;) {
    try {
      if (!about) {
        about = await ask("/v1/about");
        for (const each of document.querySelectorAll(".mms")) each.hidden = !about.mms;
        byId("where").textContent = `clients bind to ${about.host}:${about.port}${about.tls ? " with TLS" : ""}${about.mms ? `; the MMSC is on ${about.mms.mmsc}` : ""}`;
        addPdus((await ask(`/v1/pdus?newest=true&limit=${SHOWN}`)).pdus);
        await refreshBound();
        await refreshMessages();
        if (open === null) openPhone("15559870001");
      }
      const fresh = (await ask(`/v1/pdus?after=${drawn.pdu}&wait=${about.mms ? 1 : 5}&limit=1000`)).pdus;
      if (fresh.length) addPdus(fresh);
      await refreshBound();
      await refreshMessages();
      await refreshFaults();
      if (fresh.length) await new Promise((resolve) => setTimeout(resolve, 150));
    } catch (error) {
      byId("bound").textContent = error instanceof TypeError ? "the simulator is gone" : error.message;
      byId("bound").className = "pill";
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

async function say(text, withPicture = true) {
  const said = byId("said");
  let to = byId("to").value;
  if (!to) to = (prompt("Which business number?") || "").replace(/^\+/, "").trim();
  if (!to || (!text && !mms.picture)) return;
  said.textContent = "sending …";
  try {
    if (byId("as-mms").checked || (withPicture && mms.picture)) {
      said.textContent = await sayMms(ask, open, to, text, withPicture);
      await refreshMessages();
      return;
    }
    const { system_id, statuses } = await ask("/v1/mo", "POST", {
      source: open, destination: to, text, coding: byId("coding").value, payload: byId("payload").checked, system_id: byId("client").value || "",
    });
    const parts = statuses.length > 1 ? ` in ${statuses.length} parts` : "";
    said.textContent = statuses.every((status) => status === "ESME_ROK") ? `delivered to ${system_id}${parts}` : `${system_id} answered ${statuses.join(", ")}`;
  } catch (error) {
    said.textContent = error.message;
  }
}

byId("reply").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = byId("text").value;
  byId("text").value = "";
  say(text);
});
for (const button of document.querySelectorAll("[data-say]")) button.addEventListener("click", () => say(button.dataset.say, false));
byId("tapback").addEventListener("click", () => {
  const last = thread(open).filter((message) => !message.mine).at(-1);
  say(last ? `👍 to “${last.text}”` : "");
});
byId("new-phone").addEventListener("submit", (event) => {
  event.preventDefault();
  const number = byId("number").value.replace(/[^\dA-Za-z]/g, "");
  byId("number").value = "";
  if (number) openPhone(number);
});
byId("search").addEventListener("input", drawPhones);
byId("filter").addEventListener("input", drawPdus);
byId("links").addEventListener("change", drawPdus);
const RULES = { throttle: { count: 5, rate: 0.001 }, delay: { count: 1, delay: 5 } };
byId("faults").addEventListener("click", async (event) => {
  const action = event.target.dataset.action;
  if (event.target.id === "clear") await ask("/v1/faults", "DELETE");
  else if (action) await ask("/v1/faults", "POST", { action, ...(RULES[action] || { count: 1 }) });
  await refreshFaults();
});

if (!knows("15559870001")) begin("15559870001");
follow();
