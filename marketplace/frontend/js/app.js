// What makes the pages quicker to use. All of them work without it: what needs script is `hidden` until this runs.
"use strict";

const each = (selector, act) => document.querySelectorAll(selector).forEach(act);
const said = document.getElementById("said");

/** Tell it to those who cannot see it; the region stands in every page. */
function say(text) {
  if (!said) return;
  const line = document.createElement("p");
  line.className = "visually-hidden";
  line.textContent = text;
  said.replaceChildren(line);
}

each("[data-copy]", (button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.dataset.copied = "";
    say(button.dataset.done);
    setTimeout(() => delete button.dataset.copied, 2000);
  });
});

each("[data-stepper]", (stepper) => {
  const field = stepper.querySelector("input");
  const least = Number(field.dataset.min);
  stepper.querySelectorAll("button").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const now = Number.parseInt(field.value, 10) || 0;
      field.value = Math.max(least, now + Number(button.dataset.step));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  });
});

// «all of it»: fills the fields that it names, each with its own most; a link does the same by loading the page anew
each("[data-fill]", (button) => {
  button.hidden = false;
  button.addEventListener("click", (event) => {
    event.preventDefault();
    each(button.dataset.fill, (field) => (field.value = field.dataset.all));
    say(button.dataset.done);
  });
});

// cells copied from a spreadsheet go down and to the right from the field into which they are pasted
each("[data-grid]", (grid) => {
  const rows = [...grid.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("[data-cell]")]);
  grid.addEventListener("paste", (event) => {
    const lines = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "").split(/\r?\n/).map((line) => line.split("\t"));
    const top = rows.findIndex((row) => row.includes(event.target));
    if (top < 0 || (lines.length < 2 && lines[0].length < 2)) return;
    event.preventDefault();
    const left = rows[top].indexOf(event.target);
    lines.forEach((line, down) => line.forEach((value, right) => {
      const field = rows[top + down]?.[left + right];
      if (field) field.value = value.trim();
    }));
    say(grid.dataset.done);
  });
});

// single keys, heard only while the focus is inside: j and k walk the rows, the others lead to the places that are named; where
// a row is a link, to those places on its page
each("[data-keys]", (list) => {
  const places = JSON.parse(list.dataset.keys);
  list.querySelectorAll("[data-keys-help]").forEach((help) => (help.hidden = false));
  list.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.matches("textarea, select, input:not([type='checkbox'])")) return;
    const rows = [...list.querySelectorAll("[data-row]")];
    const at = rows.indexOf(event.target);
    if (event.key === "j") rows[Math.min(at + 1, rows.length - 1)]?.focus();
    else if (event.key === "k") rows[Math.max(at - 1, 0)]?.focus();
    else if (!(event.key in places)) return;
    else if (rows[at]?.href) location.assign(rows[at].href + places[event.key]);
    else document.querySelector(places[event.key])?.focus();
    event.preventDefault();
  });
});

// one open menu at a time; Escape closes it and gives the focus back
each("details.menu", (menu) => {
  menu.addEventListener("toggle", () => {
    if (menu.open) each("details.menu[open]", (other) => (other.open = other === menu));
  });
});
document.addEventListener("click", (event) => {
  each("details.menu[open]", (menu) => (menu.open = menu.contains(event.target)));
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  each("details.menu[open]", (menu) => {
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});

// a work that goes on: asks every two seconds how far it is, until it is done; the link beside does the same without script
each("[data-follow]", (region) => {
  const ask = async () => {
    const answer = await fetch(location.href).then((response) => (response.ok ? response.text() : "")).catch(() => "");
    const page = new DOMParser().parseFromString(answer, "text/html");
    const fresh = page.querySelector("[data-follow]");
    if (answer && !fresh) return location.reload();
    if (fresh) {
      document.title = page.title;
      if (fresh.dataset.follow !== region.dataset.follow) say(fresh.textContent.trim());
      region.dataset.follow = fresh.dataset.follow;
      region.replaceChildren(...fresh.childNodes);
    }
    setTimeout(ask, 2000);
  };
  setTimeout(ask, 2000);
});

// without a connection nothing is sent: what was typed stays where it is
const offline = document.getElementById("offline");
function connection() {
  if (!offline) return;
  const isBack = !offline.hidden && navigator.onLine;
  offline.hidden = navigator.onLine;
  if (!offline.hidden) say(offline.textContent.trim());
  if (isBack) say(offline.dataset.back);
}
addEventListener("offline", connection);
addEventListener("online", connection);
connection();

// what was sent is busy: a second press waits for the answer; after eight seconds one may try again
const busy = new Set();
function release(form) {
  busy.delete(form);
  form.removeAttribute("aria-busy");
  form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
}
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (busy.has(form) || !navigator.onLine) {
    event.preventDefault();
    connection();
    return;
  }
  busy.add(form);
  form.setAttribute("aria-busy", "true");
  event.submitter?.setAttribute("aria-disabled", "true");
  setTimeout(() => {
    if (!busy.has(form)) return;
    release(form);
    say(offline?.dataset.slow ?? "");
  }, 8000);
});
addEventListener("pageshow", () => busy.forEach(release));

// a navigation that scrolls sideways starts with the current page in view
each(".rail, .tabs, .section-bar > .container", (row) => {
  const current = row.querySelector("[aria-current]");
  if (current && row.scrollWidth > row.clientWidth) {
    row.scrollLeft = current.offsetLeft - (row.clientWidth - current.offsetWidth) / 2;
  }
});

document.querySelector("[data-focus]")?.focus();
