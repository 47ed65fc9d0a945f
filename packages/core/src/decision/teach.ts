import { decisionTeach } from "@mh/contract/decision.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { isOwner, type Principal } from "@mh/contract/values/principal.ts";
import { ownersOnly } from "../kernel/owners-only.ts";
import { skillName } from "../kernel/registry.ts";
import { idNamed, type Named } from "../kernel/short-id.ts";
import { defineOwn } from "../kernel/skill.ts";
import { commandRow } from "../kernel/state.ts";
import { writeNote } from "../memory/skills/note.ts";
import type { Database } from "../ports/database.ts";
import { type DecisionDeps, foundRow } from "./decision.ts";
import { type DecisionRow, decisionRows } from "./decisions-table.ts";
import { feedbackIn } from "./feedback.ts";
import { isPlainName, wordsOf as wordsIn } from "./preference.ts";
import { nameOfAll, wordsOf } from "./words.ts";

const dayMs = 24 * 3_600_000;

/**
 * Keeps what the owner would rather have had as a preference in their own words, tagged with what it was said of; where a decision
 * had such an option, it counts as the answer, too.
 */
export function teachDecisionSkill(deps: DecisionDeps) {
  return defineOwn(decisionTeach, {
    stored: "kept",
    apply({ said, about }, context) {
      const { tx, commandId, principal, now } = context;
      ownersOnly(principal, decisionTeach.name);
      const feedback = feedbackIn(said);
      if (!feedback) throw new Fault("args.invalid", `“${said}” names nothing that you would rather have had.`);
      const { wanted, reason } = feedback;
      const target = targetOf(tx.db, about, now);
      const names = target && "row" in target ? nameOfAll(target.row, wordsOf(deps, target.row)) : [];
      const answer = placeOf(names, wanted);
      if (target && "row" in target && answer !== undefined)
        tx.append({ phase: "decide", id: commandId, ref: target.row.id, principal, body: { what: "answer", answer } });
      const did =
        target && ("row" in target ? (names[target.row.answer ?? target.row.chosen ?? -1] ?? "") : target.skill);
      // An agent's long words are not the owner's: what was done is named where it has a plain name.
      const isNamed = did !== undefined && did !== "" && isPlainName(did) && did !== names[answer ?? -1];
      const wish = `${(answer === undefined ? undefined : names[answer]) ?? wanted}${isNamed ? ` instead of ${did}` : ""}.`;
      const text = [sentence(wish), ...(reason === undefined ? [] : [sentence(`${reason}.`)])].join("\n");
      const tags =
        target === undefined ? ["feedback"] : ["feedback", `${"row" in target ? "decision" : "command"}-${target.id}`];
      const preference = { ...writeNote(deps, "preference", context, { text, tags }), text };
      const type = target && "row" in target ? ("decision" as const) : ("command" as const);
      return {
        about: target === undefined ? null : { type, id: target.id, did: did ?? "" },
        answered: answer === undefined ? null : (names[answer] ?? null),
        preference,
      };
    },
  });
}

type Target = { id: string; row: DecisionRow } | { id: string; skill: string };

const targets: Named = {
  from: "(SELECT id FROM decisions UNION SELECT id FROM commands)",
  ...{ column: "id", code: "command.not-found", one: "decision or command", many: "of them", list: "mh decision list" },
};

function targetOf(db: Database, about: string | undefined, now: number): Target | undefined {
  if (about === undefined) {
    const [row] = decisionRows(db, { principal: undefined, open: false, limit: 1 });
    return row && row.answer === null && now - row.ms < dayMs ? { id: row.id, row } : undefined;
  }
  const id = idNamed(db, targets, about);
  const isDecision = db.prepare("SELECT 1 FROM decisions WHERE id = ?").get(id) !== undefined;
  if (isDecision) return { id, row: foundRow(db, id) };
  const command = commandRow(db, id);
  const by = command?.principal as Principal | undefined;
  if (command && by !== undefined && !isOwner(by)) return { id, skill: skillName(command.skill) };
  throw new Fault(
    "args.invalid",
    `${about} is a command of yours. \`mh undo\` takes it back; \`mh no\` is for what others did.`,
  );
}

/** The one option that is called so, or that has all of its words in what was said, where it is a plain name. */
function placeOf(names: readonly string[], wanted: string): number | undefined {
  const said = wordsIn(wanted);
  const exact = names.findIndex((name) => name.toLowerCase() === wanted.toLowerCase());
  if (exact >= 0) return exact;
  const fitting = names.flatMap((name, n) => {
    const words = wordsIn(name);
    return isPlainName(name) && words.length > 0 && words.every((word) => said.includes(word)) ? [n] : [];
  });
  return fitting.length === 1 ? fitting[0] : undefined;
}

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
