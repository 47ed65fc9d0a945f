import type { ArgsOf } from "@mh/contract/contract.ts";
import {
  type DecisionView,
  decisionAnswer,
  decisionCorrect,
  decisionExplain,
  decisionList,
  decisionMake,
  decisionOptionSchema,
  decisionViewSchema,
} from "@mh/contract/decision.ts";
import { once } from "@mh/contract/once.ts";
import { bearingSchema } from "@mh/contract/persona-query.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { isOwner, type Principal } from "@mh/contract/values/principal.ts";
import type { Command } from "@mh/contract/wire/command.ts";
import { z } from "zod";
import type { Kernel } from "../kernel/kernel.ts";
import { idNamed, type Named } from "../kernel/short-id.ts";
import { defineAdmin, defineOwn, defineQuery } from "../kernel/skill.ts";
import { type NoteDeps, writeNote } from "../memory/skills/note.ts";
import { canonical } from "../model/canonical.ts";
import { localOf, weekdayOf } from "../model/wall-clock.ts";
import type { BearingDeps } from "../persona/bearing.ts";
import { partOfDay } from "../persona/times.ts";
import { utf8 } from "../ports/bytes.ts";
import type { Database } from "../ports/database.ts";
import { byScore, type Decided, decide, type Option, type Part } from "./decide.ts";
import {
  answeredRows,
  type DecisionBody,
  type DecisionRow,
  decisionRow,
  decisionRows,
  pastMost,
} from "./decisions-table.ts";
import { evidenceOf, fitsWithout, type Learned, learnFrom, type PastDecision } from "./learned.ts";
import { isPlainName } from "./preference.ts";
import { preferencesOf } from "./preferences.ts";
import { decisionSettings } from "./settings.ts";

/** So much of who the owner is is kept with a decision. */
const bearingsMost = 8;

export interface DecisionDeps extends NoteDeps, Pick<BearingDeps, "config" | "checkMemory"> {
  /** What the gate would say; throws where there is no such skill or its arguments are wrong. */
  check: Kernel["check"];
  /** The object's text while it still is what its name says. */
  readObject: (name: string) => string | undefined;
  timeZone: () => string;
}

interface Prepared {
  learned: Learned;
  without: ReturnType<typeof fitsWithout>;
  bearingOn: typeof import("../persona/bearing.ts").bearingOn;
}

type MakeArgs = ArgsOf<typeof decisionMake>;

/** What a decision was about and how each score came about; the words may be erased, the figures stay in the log. */
const wordsSchema = once(() =>
  z.object({
    situation: z.string(),
    bearings: z.array(bearingSchema()).optional(),
    options: z.array(
      decisionOptionSchema().extend({
        parts: decisionViewSchema().shape.options.element.shape.parts,
        reason: z.string().optional(),
      }),
    ),
  }),
);
export type Words = z.infer<ReturnType<typeof wordsSchema>>;

/** Decides between options, or leaves it to the owner. What was chosen is not run: the caller does that, at the gate. */
export function makeDecisionSkill(deps: DecisionDeps) {
  return defineOwn(decisionMake, {
    // Ahead of the writer's turn: it may take a while, and nobody should wait for it.
    prepare: async ({ options }, { db }) => {
      const learned = learnFrom(pastDecisions(db, deps));
      const { bearingOn } = await import("../persona/bearing.ts");
      return { learned, without: fitsWithout(options, learned), bearingOn };
    },
    apply(
      { situation, options, threshold },
      { tx, commandId, principal, config },
      { learned, without, bearingOn }: Prepared,
    ) {
      const own = decisionSettings.of(config);
      const judged = options.map((option) => ({ ...option, ...judge(deps, principal, option) }));
      const bar = threshold ?? own.threshold;
      const settings = {
        threshold: isOwner(principal) ? bar : Math.max(bar, own.threshold),
        weights: own.weights,
        preferenceWeight: own.preferenceWeight,
        preferences: preferencesOf(tx.db, {
          about: [situation, ...options.map(({ name, text = "" }) => `${name} ${text}`)].join("\n"),
          ...{ now: tx.now, timeZone: deps.timeZone(), owner: config.owner },
        }),
        learned,
        times: timesOf(tx.now, deps.timeZone()),
      };
      const decided = decide(situation, judged, settings);
      const left = decided.options.filter(({ verdict }) => verdict !== "deny");
      const best = left.toSorted(byScore)[0]?.name;
      const parts = decided.options.map(({ name, parts: own }, n) =>
        name === best && judged[n] ? withEvidence(own, judged[n], { situation, ...settings, without }) : own,
      );
      const words: Words = {
        situation,
        bearings: bearingOn(tx.db, situation, deps, { now: tx.now, limit: bearingsMost }),
        options: judged.map(({ judged: _, ...option }, n) => ({ ...option, parts: parts[n] ?? [] })),
      };
      const object = tx.object(utf8.encode(canonical(words)));
      const body = bodyOf(decided, settings.threshold);
      tx.append({ phase: "decide", id: commandId, principal, objects: [object], body });
      return viewOf(written(decisionRow(tx.db, commandId)), words);
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
      const answer = nameOfAll(row, words).indexOf(option);
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
      const answer = names.indexOf(option);
      if (answer < 0) {
        throw new Fault("args.invalid", `There is no option "${option}". Those there are: ${names.join("; ")}.`);
      }
      tx.append({ phase: "decide", id: commandId, ref: row.id, principal, body: { what: "answer", answer } });
      if (reason === undefined)
        return { decision: viewOf(written(decisionRow(tx.db, row.id)), words), preference: null };
      // In the owner's own words: what the decision was about may be somebody else's, and so may more than a name.
      const text = words && isPlainName(option) ? `${option}.\n${reason}` : reason;
      const preference = writeNote(deps, "preference", context, { text, tags: [`decision-${row.id}`] });
      return { decision: viewOf(written(decisionRow(tx.db, row.id)), words), preference };
    },
  });
}

/** What the gate says of an option, by the one who would run it. A check that cannot be made denies. */
function judge({ check }: DecisionDeps, principal: Principal, { skill, args = {} }: MakeArgs["options"][number]) {
  if (skill === undefined) return {};
  try {
    const command: Command = { principal, skill, args };
    const { verdict, rules } = check(command).verdict;
    return { judged: { verdict, rules } };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { judged: { verdict: "deny" as const, rules: [error.code] }, reason: error.message };
  }
}

/** What the owner answered or corrected, oldest first, as far as its words are still there. */
function pastDecisions(db: Database, deps: DecisionDeps): PastDecision[] {
  const zone = deps.timeZone();
  return answeredRows(db, pastMost)
    .flatMap((row) => {
      const words = wordsOf(deps, row);
      return words ? [pastOf(row, words, zone)] : [];
    })
    .toReversed();
}

function pastOf(row: DecisionRow, words: Words, zone: string): PastDecision {
  const places = row.options.flatMap(({ verdict }, n) => (verdict === "deny" && n !== row.answer ? [] : [n]));
  const options = places.map((n) => {
    const { name = "", skill, features, parts = [] } = words.options[n] ?? {};
    const told = row.options[n]?.score ?? 0;
    const learned = parts.filter((part) => part.name.startsWith("learned:"));
    return { name, skill, features, told, offset: learned.reduce((rest, { value }) => rest - value, told) };
  });
  const times = timesOf(row.ms, zone);
  return { id: row.id, situation: words.situation, times, options, chosen: places.indexOf(row.answer ?? -1) };
}

/** Marks of a time that habits go by. */
function timesOf(ms: number, zone: string): string[] {
  const local = localOf(ms, zone);
  return [`time:${partOfDay(local.hour)}`, `day:${weekdayOf(local)}`];
}

/** With the decisions that what was learned rests on, beside the part that says what the owner chose of this name. */
function withEvidence(
  parts: Part[],
  option: Option,
  { situation, times, learned, without }: About,
): Words["options"][number]["parts"] {
  return parts.map((part) =>
    part.name === "learned:choice"
      ? { ...part, evidence: evidenceOf(option, { situation, times }, learned, without) }
      : part,
  );
}

interface About extends Omit<Prepared, "bearingOn"> {
  situation: string;
  times: readonly string[];
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
        ...{ name: name || (names[n] ?? ""), score, parts, verdict, rules },
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

/** The options' names; their numbers once the words were erased. */
export const nameOfAll = (row: DecisionRow, words: Words | undefined): string[] =>
  row.options.map((_, n) => words?.options[n]?.name ?? `option ${n + 1}`);

export function wordsOf({ readObject }: Pick<DecisionDeps, "readObject">, { object }: DecisionRow): Words | undefined {
  const text = readObject(object);
  return text === undefined ? undefined : wordsSchema().parse(JSON.parse(text));
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
