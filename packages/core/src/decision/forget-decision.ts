import { decisionForget } from "@mh/contract/decision.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { closedPayloadsOf, keptValuesOf } from "../kernel/kept-values.ts";
import { ownersOnly } from "../kernel/owners-only.ts";
import { always, defineOwn } from "../kernel/skill.ts";
import { foundRow } from "./decision.ts";
import { type Reading, wordsOf } from "./words.ts";

/** Forgets what a decision was about, and with its words what was learned from its answer. Its figures stay in the log. */
export function forgetDecisionSkill(deps: Reading) {
  return defineOwn(decisionForget, {
    classify: always("destroy", "medium"),
    stored: "kept",
    async pin({ id }, { db }) {
      const { id: whole, object } = foundRow(db, id);
      return { pins: [{ argument: "id", what: whole, hash: object }] };
    },
    apply({ id }, { tx, commandId, principal }) {
      ownersOnly(principal, decisionForget.name);
      const row = foundRow(tx.db, id);
      if (row.object === "") throw new Fault("decision.closed", `The words of ${row.id} were forgotten before.`);
      // Two decisions of the same words are one object.
      const others = tx.db.prepare("SELECT 1 FROM decisions WHERE object = ? AND id <> ?").get(row.object, row.id);
      if (others === undefined) tx.eraseObject(row.object);
      // What it gave, what answers to it gave, and requests that are closed say its words, too.
      // Another decision may be about the same, as an agent's are: all its options are this one's only together.
      const words = wordsOf(deps, row);
      const parts = words ? [{ situation: words.situation }, ...words.options.map(({ name }) => ({ name }))] : [];
      const said = parts.map((each) => JSON.stringify(each).slice(1, -1));
      const holds = (text: string) =>
        text.includes(row.id) || (said.length > 0 && said.every((each) => text.includes(each)));
      for (const object of [...keptValuesOf(tx, `decision:${row.id}`, holds), ...closedPayloadsOf(tx, holds)])
        tx.eraseObject(object);
      tx.append({ phase: "decide", id: commandId, ref: row.id, principal, body: { what: "forget" } });
      return { id: row.id };
    },
  });
}
