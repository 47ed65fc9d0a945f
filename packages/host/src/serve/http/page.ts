import { approvalScript, approvalSection } from "./approval-page.ts";

/** The page at `/`: that the daemon runs, and how things stand. Its files come from here and from nowhere else. */
export const page: Readonly<Record<string, { type: string; text: string }>> = {
  "/": {
    type: "text/html; charset=utf-8",
    text: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>mh</title>
<link rel="stylesheet" href="/page.css">
<script type="module" src="/page.js"></script>
<main>
<h1>mh is running</h1>
<p id="state" role="status">Looking…</p>
${approvalSection}
<dl id="status"></dl>
<h2 id="lately" hidden>Since this page was opened</h2>
<ol id="events" aria-live="polite"></ol>
<noscript><p>Without scripts this page shows nothing more. <code>mh status</code> shows it all.</p></noscript>
</main>
</html>
`,
  },
  "/page.css": {
    type: "text/css; charset=utf-8",
    text: `:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
main { max-width: 40rem; margin: 2rem auto; padding: 0 1rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem }
dt { opacity: .7 }
dd { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere }
button { font: inherit; padding: .25rem 1rem }
ol { padding-left: 0; list-style: none; font-variant-numeric: tabular-nums }
`,
  },
  "/approval.js": { type: "text/javascript; charset=utf-8", text: approvalScript },
  "/page.js": {
    type: "text/javascript; charset=utf-8",
    text: `import { line, showAsked, showWhere } from "/approval.js";

// The token and the id of a request come in the part of the URL that is never sent, and leave it at once. Nothing else of the URL is read.
const parts = new URLSearchParams(location.hash.slice(1));
const token = parts.get("token");
const asked = /^[0-9a-f-]{36}$/.exec(parts.get("approval") ?? "")?.[0];
history.replaceState(null, "", "/");

const show = (id, text) => { document.getElementById(id).textContent = text };
const headers = { authorization: "Bearer " + token };

async function act(skill, args = {}) {
  const answer = await fetch("/v1/command", {
    method: "POST", headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify({ skill, args }),
  });
  if (answer.status === 401) throw new Error("The token is not right. Open this page by \`mh daemon open\`.");
  const outcome = await answer.json();
  if (outcome.status !== "done") throw new Error("It could not be asked: " + (outcome.fault?.message ?? outcome.reason));
  return outcome.value;
}

async function look() {
  const [{ version }, memories, open] = await Promise.all([
    fetch("/health").then((answer) => answer.json()), act("memory.stats"), act("approval.list"),
  ]);
  const facts = { Version: version, Memories: Object.values(memories.kinds).reduce((sum, n) => sum + n, 0), "Waiting for you": open.approvals.length };
  document.getElementById("status").replaceChildren(...Object.entries(facts).flatMap(([label, text]) => line({ label, text })));
}

function add(event) {
  const item = document.createElement("li");
  item.textContent = new Date(event.at).toLocaleTimeString() + "  " + event.name + "  " + event.principal;
  document.getElementById("lately").hidden = false;
  const list = document.getElementById("events");
  list.prepend(item);
  while (list.children.length > 20) list.lastChild.remove();
}

let last;

async function follow() {
  const resume = last === undefined ? {} : { "last-event-id": last };
  const answer = await fetch("/v1/events", { headers: { ...headers, ...resume } });
  if (!answer.ok) throw new Error("the daemon answered " + answer.status + ".");
  show("state", "All is well.");
  let text = "";
  for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (text + chunk).split("\\n\\n");
    text = blocks.pop();
    for (const block of blocks) take(Object.fromEntries(block.split("\\n").map((line) => line.split(/: (.*)/s))));
    if (blocks.some((block) => block.includes("data: "))) await look();
  }
}

function take({ id, event, data }) {
  last = id ?? last;
  if (data && !event) add(JSON.parse(data));
}

async function stay() {
  for (;;) {
    await follow().catch((error) => show("state", "Not connected: " + error.message));
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

if (!token && asked) showWhere(asked);
if (token && asked) showAsked(asked, act).catch((error) => show("asked-status", error.message));
if (!token) show("state", "It runs. To see more, open this page by \`mh daemon open\`.");
else look().then(stay, (error) => show("state", error.message));
`,
  },
};

/** For every answer: nothing of ours is put into a frame, kept in a cache, or mixed with what is not ours. */
export const safeHeaders: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; " +
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cache-control": "no-store",
};
