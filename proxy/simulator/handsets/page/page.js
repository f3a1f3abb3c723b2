"use strict";
// Phones with their threads, and the PDUs behind them. Everything is set as text, never as HTML.

const byId = (id) => document.getElementById(id);
const threads = new Map(); // a phone's number -> its messages, oldest first
const drawn = { messages: 0, mo: 0, pdu: 0 };
const states = new Map(); // message number -> its bubble
let open = null;

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

async function ask(path, method = "GET", body) {
  const options = { method };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = { "Content-Type": "application/json" };
  }
  const answer = await fetch(path, options);
  const found = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(typeof found.detail === "string" ? found.detail : "the simulator could not understand that");
  return found;
}

const plus = (number) => (/^\d{10,}$/.test(number) ? "+" + number : number);

function thread(number) {
  if (!threads.has(number)) {
    threads.set(number, []);
    drawPhones();
    if (open === null) openPhone(number);
  }
  return threads.get(number);
}

function drawPhones() {
  byId("phones").replaceChildren(...[...threads].map(([number, messages]) => {
    const item = element("li");
    const button = element("button", plus(number));
    button.append(element("small", messages.at(-1)?.text || "no message yet"));
    button.setAttribute("aria-current", number === open);
    button.addEventListener("click", () => openPhone(number));
    item.append(button);
    return item;
  }));
}

function bubble(message) {
  const item = element("li", message.text || "(no text)");
  if (message.mine) item.className = "mine" + (message.failed ? " failed" : "");
  const who = message.mine ? "to " + plus(message.other) : "from " + plus(message.other);
  const here = message.parts ? message.parts.filter((text) => text !== undefined).length : 0;
  const part = !message.parts ? "" : here === message.total ? `, ${here} parts` : `, ${here} of ${message.total} parts`;
  const note = element("small", `${who}${part} · ${message.state}`);
  item.append(note);
  message.note = note;
  message.head = `${who}${part}`;
  return item;
}

function openPhone(number) {
  open = number;
  byId("who").textContent = plus(number);
  byId("thread").replaceChildren(...threads.get(number).map(bubble));
  byId("thread").scrollTop = byId("thread").scrollHeight;
  const others = [...new Set(threads.get(number).map((message) => message.other).reverse())];
  const known = others.length ? others : [...new Set([...threads.values()].flat().map((message) => message.other))];
  byId("to").replaceChildren(...known.map((other) => new Option(plus(other), other)));
  const custom = new Option("another number …", "");
  byId("to").append(custom);
  drawPhones();
}

// Parts of one long message are one bubble, whatever their order.
function joined(messages, message) {
  const part = message.part;
  if (!part) return false;
  const whole = messages.findLast((each) => each.parts && each.mine === message.mine && each.other === message.other
    && each.reference === part.reference && each.total === part.total && !each.parts[part.number]);
  if (whole) {
    whole.parts[part.number] = message.text;
    whole.text = whole.parts.filter((text) => text !== undefined).join("");
    whole.numbers.push(message);
    if (message.state !== whole.state) whole.state = message.state;
    return true;
  }
  message.reference = part.reference;
  message.total = part.total;
  message.parts = [];
  message.parts[part.number] = message.text;
  message.numbers = [message];
  return false;
}

function add(number, message) {
  const messages = thread(number);
  if (!joined(messages, message)) messages.push(message);
  if (number === open) {
    openPhone(number);
  } else {
    drawPhones();
  }
}

async function refreshMessages() {
  const { messages } = await ask(`/v1/messages?after=${drawn.messages}&limit=1000`);
  for (const message of messages) {
    drawn.messages = message.number;
    const shown = { mine: false, other: message.source, text: message.text, part: message.part, state: message.state };
    states.set(message.number, shown);
    add(message.destination, shown);
  }
  const pending = [...states].filter(([, shown]) => shown.state === "ENROUTE");
  if (pending.length) {
    const first = Math.min(...pending.map(([number]) => number)) - 1;
    for (const message of (await ask(`/v1/messages?after=${first}&limit=5000`)).messages) {
      const shown = states.get(message.number);
      if (shown && shown.state !== message.state) {
        shown.state = message.state;
        if (shown.note) shown.note.textContent = `${shown.head} · ${message.state}`;
      }
    }
  }
  for (const message of (await ask(`/v1/mo?after=${drawn.mo}&limit=1000`)).messages) {
    drawn.mo = message.number;
    const failed = message.status !== "ESME_ROK";
    add(message.source, { mine: true, failed, other: message.destination, text: message.text, part: message.part, state: failed ? message.status : "delivered" });
  }
}

function addPdus(pdus) {
  const list = byId("pdus");
  const follows = list.scrollTop + list.clientHeight > list.scrollHeight - 30;
  for (const pdu of pdus) {
    drawn.pdu = Math.max(drawn.pdu, pdu.number);
    if (pdu.command.startsWith("enquire_link") && !byId("links").checked) continue;
    const item = element("li");
    const button = element("button");
    const when = new Date(pdu.time * 1000).toISOString().slice(11, 23);
    button.append(element("span", when, "quiet"), element("span", pdu.direction === "in" ? "→" : "←"),
      element("span", pdu.command), element("span", "#" + pdu.sequence, "quiet"));
    if (pdu.status !== "ESME_ROK") button.append(element("span", pdu.status, "bad"));
    button.title = pdu.direction === "in" ? "from the ESME" : "to the ESME";
    button.addEventListener("click", () => showPdu(pdu.number));
    item.append(button);
    list.append(item);
  }
  while (list.children.length > 300) list.firstChild.remove();
  if (follows) list.scrollTop = list.scrollHeight;
}

async function showPdu(number) {
  const detail = byId("detail");
  detail.hidden = false;
  try {
    const pdu = await ask(`/v1/pdus/${number}`);
    const rows = [["command", pdu.command], ["status", pdu.status], ["sequence_number", pdu.sequence],
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
  byId("bound").textContent = bound.length ? bound.map((each) => `${each.system_id || "?"} (${each.bind})`).join(", ") : "nobody is bound";
  byId("bound").className = "pill" + (bound.length ? " good" : "");
}

async function follow() {
  for (;;) {
    try {
      const { pdus } = await ask(`/v1/pdus?after=${drawn.pdu}&wait=5&limit=300`);
      addPdus(pdus);
      await refreshMessages();
      await refreshFaults();
      await refreshBound();
      if (pdus.length) await new Promise((resolve) => setTimeout(resolve, 150));
    } catch (error) {
      byId("bound").textContent = error instanceof TypeError ? "the simulator is gone" : error.message;
      byId("bound").className = "pill";
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

async function say(text) {
  const said = byId("said");
  if (open === null) {
    said.textContent = "open a phone first";
    return;
  }
  let to = byId("to").value;
  if (!to) to = (prompt("Which business number?") || "").replace(/^\+/, "").trim();
  if (!to || !text) return;
  said.textContent = "sending …";
  try {
    const { statuses } = await ask("/v1/mo", "POST", {
      source: open, destination: to, text, coding: byId("coding").value, payload: byId("payload").checked,
    });
    const parts = statuses.length > 1 ? ` in ${statuses.length} parts` : "";
    said.textContent = statuses.every((status) => status === "ESME_ROK") ? `delivered${parts}` : `answered ${statuses.join(", ")}`;
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
for (const button of document.querySelectorAll("[data-say]")) button.addEventListener("click", () => say(button.dataset.say));
byId("tapback").addEventListener("click", () => {
  const last = open === null ? undefined : threads.get(open).filter((message) => !message.mine).at(-1);
  say(last ? `👍 to “${last.text}”` : "");
});
byId("new-phone").addEventListener("submit", (event) => {
  event.preventDefault();
  const number = byId("number").value.replace(/[^\dA-Za-z]/g, "");
  byId("number").value = "";
  if (number) {
    thread(number);
    openPhone(number);
  }
});
byId("faults").addEventListener("click", async (event) => {
  const action = event.target.dataset.action;
  if (event.target.id === "clear") await ask("/v1/faults", "DELETE");
  else if (action) await ask("/v1/faults", "POST", { action, count: action === "throttle" ? 5 : 1, rate: 0.1, delay: 5 });
  await refreshFaults();
});

thread("15559870001");
follow();
