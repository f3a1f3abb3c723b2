// Who is signed in, what is known of a person, and changes by hand.

import { byId, count, element, rows, state, words, written } from "/parts.js";

let token = sessionStorage.getItem("token") || "";
let holder = null;

export const isSignedIn = () => holder !== null;

export async function ask(path, options = {}) {
  const headers = token && path.startsWith("/v1/") ? { Authorization: "Bearer " + token } : {};
  if (options.body) headers["Content-Type"] = "application/json";
  const answer = await fetch(path, { ...options, headers });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    const detail = typeof body.detail === "string" ? body.detail : "what was asked for could not be understood";
    throw Object.assign(new Error(detail), { status: answer.status });
  }
  return body;
}

function showHolder(text, kind = "quiet") {
  byId("token-said").textContent = text;
  byId("token-said").className = kind;
  byId("token-form").hidden = isSignedIn();
  byId("sign-out").hidden = !isSignedIn();
  byId("change-form").hidden = !isSignedIn() || holder.role !== "write";
}

export async function signIn(given) {
  token = given;
  holder = null;
  try {
    if (token) holder = await ask("/v1/token");
  } catch (error) {
    if (error.status === undefined) throw error; // not reachable: the token may be right
    token = "";
    sessionStorage.removeItem("token");
    showHolder(error.status === 401 ? "That token is not known to the proxy." : error.message, "state bad");
    return;
  }
  if (!holder) {
    sessionStorage.removeItem("token");
    showHolder("Not signed in: numbers are masked.");
    return;
  }
  sessionStorage.setItem("token", token);
  showHolder(`Signed in as ${holder.name}, who may ${holder.role === "write" ? "read and change" : "only read"}.`);
}

const pathOf = (business, consumer) => `/v1/consent/${encodeURIComponent(business)}/${encodeURIComponent(consumer)}`;
const KIND = { opted_out: "bad", opted_in: "good", no_record: "none" };

async function lookUp() {
  const business = byId("business").value.trim(), consumer = byId("consumer").value.trim();
  byId("pair").hidden = byId("found").hidden = true;
  if (!isSignedIn()) {
    byId("pair-said").textContent = "Sign in with a token, above, to see whole numbers.";
    return;
  }
  try {
    if (business) await showPair(business, consumer);
    else await showPerson(consumer);
  } catch (error) {
    byId("pair-said").textContent = error.message;
  }
}

async function showPerson(consumer) {
  const found = await ask(`/v1/consent?limit=1000&consumer=${encodeURIComponent(consumer)}`);
  const out = found.pairs.filter((pair) => pair.state === "opted_out").length;
  byId("pair-said").textContent = found.pairs.length
    ? `${found.pairs[0].consumer} has spoken to ${count(found.pairs.length)} business numbers or groups, and is opted out of ${count(out)}.`
    : "Nobody has said anything about this number: everybody may text it.";
  byId("found").hidden = !found.pairs.length;
  rows("pairs", found.pairs, (pair) => {
    const more = element("button", "History", "plain");
    more.type = "button";
    more.addEventListener("click", () => {
      byId("business").value = pair.business;
      lookUp();
    });
    return [pair.business, state(words(pair.state), KIND[pair.state]), written(pair.since), [String(pair.revision), "number"], more];
  }, "none");
}

async function showPair(business, consumer) {
  const [found, history] = [await ask(pathOf(business, consumer)), await ask(pathOf(business, consumer) + "/history")];
  const since = found.since ? ` since ${written(found.since)} UTC` : "";
  const group = found.group ? ` Its group ${found.group}: ${words(found.group_state)}.` : "";
  const refused = found.refused ? ` Refused ${count(found.refused)} times, last ${written(found.last_refused)} UTC.` : "";
  const may = found.may_be_texted ? "may be texted" : "may not be texted";
  byId("pair-said").textContent = `${found.business} to ${found.consumer}: ${words(found.state)}${since}; ${may}.${group}${refused}`;
  byId("pair").hidden = false;
  rows("history", history.entries, (entry) => [
    written(entry.time), words(entry.change), entry.meaning || "", [entry.matched || "", "text"],
    entry.operator || entry.route || "", [entry.note || "", "text"], [String(entry.revision), "number"],
  ], "nothing was ever said");
}

byId("token-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const given = byId("token").value.trim();
  byId("token").value = "";
  try {
    await signIn(given);
  } catch {
    showHolder("The proxy can't be reached.", "state bad");
  }
});

byId("sign-out").addEventListener("click", async () => {
  byId("pair").hidden = byId("found").hidden = true;
  byId("pair-said").textContent = "";
  await signIn("");
});

byId("pair-form").addEventListener("submit", (event) => {
  event.preventDefault();
  lookUp();
});

byId("change-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const business = byId("business").value.trim(), consumer = byId("consumer").value.trim();
  const wanted = { state: event.submitter.value, note: byId("note").value };
  try {
    await ask(pathOf(business, consumer), { method: "PUT", body: JSON.stringify(wanted) });
    byId("note").value = "";
    await showPair(business, consumer);
  } catch (error) {
    byId("pair-said").textContent = error.message;
  }
});

if (token) signIn(token).catch(() => {});
