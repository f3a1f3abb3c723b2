// Phones and their threads: messages from both sides in the order of their times, the newest phone first.

export const plus = (number) => (/^\d{10,}$/.test(number) ? "+" + number : number);

export function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

const threads = new Map(); // a phone's number -> its messages, oldest first

export const numbers = () => [...threads.keys()].sort((a, b) => latest(b) - latest(a));
export const thread = (number) => threads.get(number) || [];
export const knows = (number) => threads.has(number);
const latest = (number) => threads.get(number).at(-1)?.time || 0;

export function begin(number) {
  if (!threads.has(number)) threads.set(number, []);
}

export function found(number, wanted) {
  const text = wanted.trim().toLowerCase();
  return !text || number.includes(text.replace(/^\+/, "")) || thread(number).some((m) => m.text.toLowerCase().includes(text));
}

// Parts of one long message are one bubble, whatever their order.
function join(messages, message) {
  const part = message.part;
  if (!part) return false;
  const whole = messages.findLast((each) => each.parts && each.mine === message.mine && each.other === message.other
    && each.reference === part.reference && each.total === part.total && !each.parts[part.number]);
  if (whole) {
    whole.parts[part.number] = message.text;
    whole.text = whole.parts.filter((text) => text !== undefined).join("");
    if (message.state !== whole.state) whole.state = message.state;
    return true;
  }
  Object.assign(message, { reference: part.reference, total: part.total, parts: [] });
  message.parts[part.number] = message.text;
  return false;
}

// Puts a message where its time says: messages of the two sides come in two lists.
export function add(number, message) {
  begin(number);
  const messages = threads.get(number);
  if (join(messages, message)) return;
  let at = messages.length;
  while (at && messages[at - 1].time > message.time) at--;
  messages.splice(at, 0, message);
}

export function note(message) {
  const who = (message.mine ? "to " : "from ") + plus(message.other) + (message.client ? ` (${message.client})` : "");
  const here = message.parts ? message.parts.filter((text) => text !== undefined).length : 0;
  const part = !message.parts ? "" : here === message.total ? `, ${here} parts` : `, ${here} of ${message.total} parts`;
  return `${who}${part} · ${new Date(message.time * 1000).toISOString().slice(11, 19)} · ${message.state}`;
}

// What became of a message from an ESME: its state, and the receipts that were sent for it.
export function stateOf(message) {
  const receipts = message.receipts.length ? `, receipt ${message.receipts.join(", ")}` : "";
  return message.state + receipts;
}
