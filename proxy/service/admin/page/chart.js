// Lines over the last fifteen minutes, with axes, scale and time; under the pointer, the values of one moment.

import { element } from "/parts.js";

const SVG = "http://www.w3.org/2000/svg";
const MINUTES = 15;
const HEIGHT = 168;
const LEFT = 46, RIGHT = 8, TOP = 8, BOTTOM = 22;

function draw(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

// The least of 1, 2 and 5 times a power of ten that is as large.
function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value * 0.999);
}

// ``lines``: { name, color (1 to 5), points: [{ x: Unix seconds, y: a number or null }] }; ``write`` shows a value.
export function chart(figure, title, lines, now, write, least = 1) {
  const width = Math.max(240, figure.clientWidth - 34);
  const top = Math.max(least, ...lines.flatMap((line) => line.points.map((point) => point.y ?? 0)));
  const step = nice(top / 3);
  const most = Math.max(step, Math.ceil(top / step - 1e-9) * step);
  const from = now - MINUTES * 60;
  const x = (time) => LEFT + (Math.max(0, time - from) / (MINUTES * 60)) * (width - LEFT - RIGHT);
  const y = (value) => TOP + (1 - value / most) * (HEIGHT - TOP - BOTTOM);

  const svg = draw("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, role: "img" });
  for (let value = 0; value <= most * 1.0001; value += step) {
    svg.append(draw("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y(value), y2: y(value) }));
    svg.append(draw("text", { class: "axis", x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, write(value)));
  }
  for (let minute = MINUTES; minute >= 0; minute -= 5) {
    const at = x(now - minute * 60);
    const anchor = minute === MINUTES ? "start" : minute ? "middle" : "end";
    svg.append(draw("text", { class: "axis", x: at, y: HEIGHT - 5, "text-anchor": anchor }, minute === MINUTES ? `${minute} min ago` : minute ? `${minute} min` : "now"));
  }
  const isEmpty = lines.every((line) => line.points.every((point) => !point.y));
  for (const line of lines) {
    let path = "", isDown = false;
    for (const point of line.points) {
      if (point.y === null) { isDown = false; continue; }
      path += `${isDown ? "L" : "M"}${x(point.x).toFixed(1)} ${y(point.y).toFixed(1)}`;
      isDown = true;
    }
    svg.append(draw("path", { class: `line c${line.color}`, d: path || "M0 0" }));
  }
  if (isEmpty) svg.append(draw("text", { class: "empty", x: (LEFT + width) / 2, y: HEIGHT / 2 - 6 }, "nothing in the last 15 minutes"));

  const caption = element("figcaption");
  const heading = element("b", title);
  const keys = lines.map((line) => {
    const key = element("span", line.name + " ", `key c${line.color}`);
    key.append(element("b"));
    return key;
  });
  caption.append(heading, ...keys);
  const show = (time) => lines.forEach((line, i) => {
    const near = line.points.filter((point) => point.x <= time + 2.5).at(-1);
    keys[i].lastChild.textContent = near && near.y !== null ? write(near.y) : "–";
  });
  show(now);
  svg.setAttribute("aria-label", `${title}: ${lines.map((line, i) => line.name + " " + keys[i].lastChild.textContent).join(", ")}`);

  const cursor = draw("line", { class: "cursor", y1: TOP, y2: HEIGHT - BOTTOM, visibility: "hidden" });
  svg.append(cursor);
  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const at = Math.min(width - RIGHT, Math.max(LEFT, ((event.clientX - box.left) / box.width) * width));
    const time = from + ((at - LEFT) / (width - LEFT - RIGHT)) * MINUTES * 60;
    cursor.setAttribute("x1", at);
    cursor.setAttribute("x2", at);
    cursor.setAttribute("visibility", "visible");
    heading.textContent = `${title}, ${new Date(time * 1000).toISOString().slice(11, 19)} UTC`;
    show(time);
  });
  svg.addEventListener("pointerleave", () => {
    cursor.setAttribute("visibility", "hidden");
    heading.textContent = title;
    show(now);
  });
  if (!figure.matches(":hover") || !figure.firstChild) figure.replaceChildren(caption, svg);
}

// The points of a count that only grows, as so many a second.
export function rates(history, read) {
  const points = [];
  for (let i = 1; i < history.length; i++) {
    const seconds = history[i].time - history[i - 1].time;
    if (seconds < 1) continue; // a point just taken: too little time to tell a rate
    points.push({ x: history[i].time, y: Math.max(0, (read(history[i]) - read(history[i - 1])) / seconds) });
  }
  return points;
}
