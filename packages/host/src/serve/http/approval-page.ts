/**
 * The part of the page that shows one request and answers it. A link to it holds the request's id and no token: the link alone
 * shows where to answer, and nothing of what waits.
 */
export const approvalScript = `const el = (id) => document.getElementById(id);

export function line({ label, text }) {
  const [term, description] = [document.createElement("dt"), document.createElement("dd")];
  term.textContent = label;
  description.textContent = text;
  return [term, description];
}

/** Where there is no token: which request it is, and where it is answered. */
export function showWhere(id) {
  el("asked").hidden = false;
  el("asked-status").textContent = "A program asks for your approval. Look at it and answer at home, in a terminal: mh approvals show " + id
    + ", or here once you opened this page by: mh approvals open " + id;
}

/** The whole request. What is answered is what was shown: the answer carries its hash. */
export async function showAsked(id, act) {
  el("asked").hidden = false;
  const { approval, title, shown, hash, command } = await act("approval.show", { id });
  el("asked-title").textContent = approval.status === "open" ? title : title + " (" + approval.status + ")";
  el("asked-lines").replaceChildren(...shown.flatMap(line));
  if (approval.status !== "open") return;
  const wantsValues = command?.question !== undefined;
  el("asked-status").textContent = wantsValues ? "It asks for values: mh approvals approve " + id : "";
  el("asked-answers").hidden = false;
  el("approve").hidden = wantsValues;
  const answer = (skill, args, done) => async () => {
    for (const name of ["approve", "deny"]) el(name).disabled = true;
    const status = await act(skill, args).then(() => done, (error) => error.message);
    el("asked-answers").hidden = true;
    el("asked-status").textContent = status;
  };
  el("approve").addEventListener("click", answer("approval.approve", { id, hash }, "Approved. It runs once, as shown."));
  el("deny").addEventListener("click", answer("approval.deny", { id }, "Denied."));
}
`;

/** Where on the page it stands. */
export const approvalSection = `<section id="asked" hidden>
<h2 id="asked-title">A request waits for you</h2>
<dl id="asked-lines"></dl>
<p id="asked-status" role="status"></p>
<p id="asked-answers" hidden><button id="approve" type="button">Approve</button> <button id="deny" type="button">Deny</button></p>
</section>`;
