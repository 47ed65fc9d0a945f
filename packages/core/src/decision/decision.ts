import {
  type DecisionView,
  decisionAnswer,
  decisionCorrect,
  decisionExplain,
  decisionList,
  decisionMake,
} from "@mh/contract/decision.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { isOwner, type Principal } from "@mh/contract/values/principal.ts";
import { idNamed, type Named } from "../kernel/short-id.ts";
import { defineAdmin, defineOwn, defineQuery } from "../kernel/skill.ts";
import { loadComingTimes } from "../memory/language.ts";
import { type NoteDeps, writeNote } from "../memory/skills/note.ts";
import { canonical } from "../model/canonical.ts";
import type { BearingDeps } from "../persona/bearing.ts";
import { utf8 } from "../ports/bytes.ts";
import type { Database } from "../ports/database.ts";
import { type ConsiderDeps, consider, type Prepared, wordsOfOption } from "./consider.ts";
import type { Decided } from "./decide.ts";
import { type DecisionBody, type DecisionRow, decisionRow, decisionRows } from "./decisions-table.ts";
import { gathered } from "./gathered.ts";
import { learnFrom, without } from "./learned.ts";
import { pastDecisions } from "./past-decisions.ts";
import { isPlainName } from "./preference.ts";
import { nameOfAll, type Reading, type Words, wordsOf } from "./words.ts";

/** So much of who the owner is is kept with a decision. */
const bearingsMost = 8;

export interface DecisionDeps extends NoteDeps, Reading, ConsiderDeps, Pick<BearingDeps, "config" | "checkMemory"> {
  clock: { now(): number };
}

/** Decides between options, or leaves it to the owner. What was chosen is not run: the caller does that, at the gate. */
export function makeDecisionSkill(deps: DecisionDeps) {
  return defineOwn(decisionMake, {
    // Ahead of the writer's turn: it may take a while, and nobody should wait for it.
    prepare: async (args, { db, principal, config }) => {
      const learned = learnFrom(pastDecisions(db, deps));
      const timesIn = await loadComingTimes([args.situation, ...args.options.map(wordsOfOption)]);
      const { bearingOn } = await import("../persona/bearing.ts");
      const prepared = { learned, fitWithout: without(learned), timesIn, bearingOn };
      // What it rests on is found here, too; what changes until it is decided is fitted there.
      consider(deps, args, { db, principal, config, now: deps.clock.now() }, prepared);
      return prepared;
    },
    apply(
      args,
      { tx, commandId, principal, config },
      prepared: Prepared & { bearingOn: typeof import("../persona/bearing.ts").bearingOn },
    ) {
      const { now, db } = tx;
      const { decided, options, threshold } = consider(deps, args, { db, principal, config, now }, prepared);
      const words: Words = {
        situation: args.situation,
        bearings: prepared.bearingOn(db, args.situation, deps, {
          ...{ now, limit: bearingsMost },
          besides: gathered(db, prepared.timesIn(args.situation, new Date(now), deps.timeZone())),
        }),
        options,
      };
      const object = tx.object(utf8.encode(canonical(words)));
      tx.append({ phase: "decide", id: commandId, principal, objects: [object], body: bodyOf(decided, threshold) });
      return viewOf(written(decisionRow(db, commandId)), words);
    },
    stored: {
      recall(db, commandId) {
        const row = decisionRow(db, commandId);
        // An answer that came later is not what this command gave.
        return row && viewOf({ ...row, answer: null, answered_ms: null }, wordsOf(deps, row));
      },
    },
  });
}

/** The latest first. Everyone but the owner sees their own. */
export function listDecisionsSkill(deps: DecisionDeps) {
  return defineQuery(decisionList, {
    run({ open = false, limit }, { db, principal }) {
      const rows = decisionRows(db, { principal: isOwner(principal) ? undefined : principal, open, limit });
      const isOwners = isOwner(principal);
      return { decisions: rows.map((row) => viewOf(row, wordsOf(deps, row), isOwners)) };
    },
  });
}

/** A decision read back from the log: situation, options, scores by their parts, rules, outcome, and the answer. */
export function explainDecisionSkill(deps: DecisionDeps) {
  return defineQuery(decisionExplain, {
    run({ id }, { db, principal }) {
      const row = foundRow(db, id);
      if (!isOwner(principal) && row.principal !== principal) throw unknownDecision(id);
      return viewOf(row, wordsOf(deps, row), isOwner(principal));
    },
  });
}

/** The owner's answer to what was left to them, once. It runs nothing either. */
export function answerDecisionSkill(deps: DecisionDeps) {
  return defineAdmin(decisionAnswer, {
    stored: "kept",
    apply({ id, option }, { tx, commandId, principal }) {
      const row = foundRow(tx.db, id);
      if (row.outcome !== "escalate") throw closed(row, "was not left to you");
      if (row.answer !== null) throw closed(row, "was answered before");
      const words = wordsOf(deps, row);
      const answer = placeOf(nameOfAll(row, words), option);
      const left = nameOfAll(row, words).filter((_, n) => row.options[n]?.verdict !== "deny");
      if (answer < 0) {
        throw new Fault("args.invalid", `There is no option "${option}". Those there are: ${left.join("; ")}.`);
      }
      if (row.options[answer]?.verdict === "deny") {
        const rules = row.options[answer]?.rules.join(", ") || "the gate";
        throw new Fault("args.invalid", `"${option}" is denied by ${rules}. Choose another: ${left.join("; ")}.`);
      }
      tx.append({ phase: "decide", id: commandId, ref: row.id, principal, body: { what: "answer", answer } });
      return viewOf(written(decisionRow(tx.db, row.id)), words);
    },
  });
}

/** The owner's word on what was decided: another option was right, or that one was. It runs and undoes nothing. */
export function correctDecisionSkill(deps: DecisionDeps) {
  return defineAdmin(decisionCorrect, {
    stored: "kept",
    apply({ id, option, reason }, context) {
      const { tx, commandId, principal } = context;
      const row = foundRow(tx.db, id);
      const words = wordsOf(deps, row);
      const names = nameOfAll(row, words);
      const answer = placeOf(names, option);
      if (answer < 0) {
        throw new Fault("args.invalid", `There is no option "${option}". Those there are: ${names.join("; ")}.`);
      }
      tx.append({ phase: "decide", id: commandId, ref: row.id, principal, body: { what: "answer", answer } });
      if (reason === undefined)
        return { decision: viewOf(written(decisionRow(tx.db, row.id)), words), preference: null };
      // In the owner's own words: what the decision was about may be somebody else's, and so may more than a name.
      const name = names[answer] ?? "";
      const text = words && isPlainName(name) ? `${name}.\n${reason}` : reason;
      const preference = writeNote(deps, "preference", context, { text, tags: [`decision-${row.id}`] });
      return { decision: viewOf(written(decisionRow(tx.db, row.id)), words), preference };
    },
  });
}

function bodyOf(decided: Decided, threshold: number): DecisionBody {
  const { outcome, chosen, confidence, rules, options } = decided;
  const place = options.findIndex(({ name }) => name === chosen);
  return {
    ...{ what: "decision", outcome, confidence, threshold, rules },
    chosen: place < 0 ? null : place,
    options: options.map(({ score, verdict, rules }) => ({ score, verdict, rules })),
  };
}

/** What of who the owner is bore on it is for the owner: another principal that asked learns what was decided. */
function viewOf(
  row: DecisionRow,
  words: Words | undefined,
  isOwners = isOwner(row.principal as Principal),
): DecisionView {
  const names = nameOfAll(row, words);
  return {
    id: row.id,
    at: new Date(row.ms).toISOString(),
    ...{ principal: row.principal, outcome: row.outcome, confidence: row.confidence },
    ...{ threshold: row.threshold, rules: row.rules },
    chosen: names[row.answer ?? row.chosen ?? -1] ?? null,
    situation: words?.situation ?? null,
    options: row.options.map(({ score, verdict, rules }, n) => {
      const { name = "", text, skill, args, parts = [], reason } = words?.options[n] ?? {};
      return {
        ...{
          name: name || (names[n] ?? ""),
          score,
          parts: isOwners ? parts : parts.map(withoutOwnersWords),
          verdict,
          rules,
        },
        ...(text !== undefined && { text }),
        ...(skill !== undefined && { skill }),
        ...(args !== undefined && { args }),
        ...(reason !== undefined && { reason }),
      };
    }),
    ...(isOwners && words?.bearings && words.bearings.length > 0 && { bearings: words.bearings }),
    answeredAt: row.answered_ms === null ? null : new Date(row.answered_ms).toISOString(),
  };
}

/** Rules, values and goals are named by the owner's words. */
const withoutOwnersWords = <P extends { name: string }>(part: P): P => ({
  ...part,
  name: part.name.replace(/^(rule|value|goal):.*$/s, "$1"),
});

/** By its name, in whatever case where only one is called so. */
function placeOf(names: readonly string[], option: string): number {
  const exact = names.indexOf(option);
  if (exact >= 0) return exact;
  const alike = names.flatMap((name, n) => (name.toLowerCase() === option.toLowerCase() ? [n] : []));
  return alike.length === 1 ? (alike[0] ?? -1) : -1;
}

const decisions: Named = {
  from: "decisions",
  column: "id",
  code: "decision.not-found",
  one: "decision",
  many: "decisions",
  list: "mh decision list",
};

export const foundRow = (db: Database, id: string): DecisionRow => written(decisionRow(db, idNamed(db, decisions, id)));

function written(row: DecisionRow | undefined): DecisionRow {
  if (row) return row;
  throw new Error("The decision is not where it was just written.");
}

const unknownDecision = (id: string): Fault =>
  new Fault("decision.not-found", `There is no decision ${id}. \`mh decision list\` shows those there are.`);

const closed = (row: DecisionRow, what: string): Fault =>
  new Fault(
    "decision.closed",
    `The decision ${row.id} ${what}. \`mh decision correct ${row.id} OPTION\` says what you would have chosen.`,
  );
