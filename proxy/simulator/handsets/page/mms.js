// Picture messages: those that came, those that the phone sends, and the picture that is chosen for the next one.

import { add, element } from "/threads.js";

const byId = (id) => document.getElementById(id);
const drawn = { came: 0, sent: 0 };
const LARGEST = 3 << 20; // octets; the API takes 4 MiB of base64
export const mms = { picture: null };

export function picturesOf(message) {
  return (message.pictures || []).map(({ url, type }) => {
    if (!/^image\/(jpeg|png|gif|webp)$/.test(type)) return element("span", `(${type})`, "attached");
    const image = element("img");
    image.src = url;
    image.alt = "picture of the message";
    image.addEventListener("load", () => { byId("thread").scrollTop = byId("thread").scrollHeight; });
    return image;
  });
}

function shown(message, way, mine) {
  const subject = message.subject && (message.texts.length ? `${message.subject}:` : message.subject);
  const words = [subject, ...message.texts].filter(Boolean).join(" ");
  const failed = mine && !message.state.startsWith("1");
  return {
    mine, failed, time: message.time, other: mine ? message.destinations[0] || "" : message.source, client: "MMS", text: words,
    pictures: message.media.map((type, at) => ({ type, url: `/v1/mms/media/${way}/${message.number}/${at}` })),
    state: mine && !failed ? "taken by the platform" : message.report || message.state,
  };
}

// What came or was sent since the last time; says how many.
export async function refreshMms(ask) {
  const [came, sent] = await Promise.all([
    ask(`/v1/mms/messages?after=${drawn.came}&limit=5000&newest=true`), ask(`/v1/mms/mo?after=${drawn.sent}&limit=5000&newest=true`),
  ]);
  for (const message of came.messages) {
    drawn.came = message.number;
    for (const number of message.destinations) add(number, shown(message, "came", false));
  }
  for (const message of sent.messages) {
    drawn.sent = message.number;
    add(message.source, shown(message, "sent", true));
  }
  return came.messages.length + sent.messages.length;
}

// Sends what is written, with the picture that is chosen; says what became of it.
export async function sayMms(ask, source, destination, text, withPicture) {
  const pictures = withPicture && mms.picture ? [mms.picture] : [];
  if (withPicture) choose(null);
  const { state } = await ask("/v1/mms/mo", "POST", { source, destination, text, pictures });
  return state.startsWith("1") ? "delivered to the platform" : `the platform answered ${state}`;
}

function choose(picture, name = "") {
  mms.picture = picture;
  const remove = element("button", "remove", "plain");
  remove.type = "button";
  remove.addEventListener("click", () => choose(null));
  byId("chosen").replaceChildren(...(picture ? [`${name} goes with the next message `, remove] : []));
  if (!picture) byId("picture").value = "";
}

byId("picture").addEventListener("change", (event) => {
  const [file] = event.target.files;
  if (!file) return choose(null);
  if (file.size > LARGEST) {
    choose(null);
    byId("chosen").textContent = `${file.name} is too large: at most ${LARGEST >> 20} MiB`;
    return;
  }
  const reader = new FileReader();
  reader.addEventListener("load", () => choose({ content_type: file.type || "application/octet-stream", base64: reader.result.split(",")[1] }, file.name));
  reader.readAsDataURL(file);
});
