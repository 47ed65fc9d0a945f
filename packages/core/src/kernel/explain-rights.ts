import { initialTrust, isOwner } from "@mh/contract/values/principal.ts";
import type { JournalRecord, PolicyRequest } from "@mh/contract/values/record.ts";

/** A right that the judge was told of, and the record that gave it. */
export interface ExplainedRight {
  /** In words, as in `grant of mail.send to agent:secretary`. */
  right: string;
  /** Number of the record; null where none in the log gave it. */
  seq: number | null;
}

/** Finds the last record before a number that fits; `words` stand in its line. */
export type FindBefore = (
  seq: number,
  words: string,
  fits: (record: JournalRecord) => boolean,
) => JournalRecord | undefined;

/** The records that gave the rights by which a command was judged. What the owner may needs no record. */
export function rightsOf(decided: JournalRecord | undefined, findBefore: FindBefore): ExplainedRight[] {
  if (!decided?.request) return [];
  const found = new Map<string, ExplainedRight>();
  for (const request of decided.request) {
    for (const { right, words, fits } of claims(request)) {
      if (!found.has(right)) found.set(right, { right, seq: findBefore(decided.seq, words, fits)?.seq ?? null });
    }
  }
  return [...found.values()];
}

interface Claim {
  right: string;
  words: string;
  fits: (record: JournalRecord) => boolean;
}

function claims({ principal, skill, granted, may, trust, role, plan }: PolicyRequest): Claim[] {
  const all: Claim[] = [];
  const [kind, name = ""] = principal.split(/[:/](.*)/s, 2);
  if (role !== undefined) {
    const isAdded = ({ phase, ref, body }: JournalRecord) =>
      phase === "device" && body?.what === "added" && [ref, body.name].includes(name);
    all.push({ right: `device ${name}, ${role}`, words: '"phase":"device"', fits: isAdded });
  }
  if (isOwner(principal)) return all;
  if (granted) {
    const isGiven = ({ phase, body }: JournalRecord) =>
      phase === "grant" && body?.principal === principal && body.skill === skill;
    all.push({ right: `grant of ${skill} to ${principal}`, words: '"phase":"grant"', fits: isGiven });
  } else if (may && (kind === "agent" || kind === "skill")) {
    const isAdopted = ({ phase, body }: JournalRecord) =>
      phase === "adopt" && body?.what === kind && body.name === name;
    all.push({ right: `adoption of ${principal}`, words: '"phase":"adopt"', fits: isAdopted });
  }
  if (trust !== initialTrust(principal)) {
    const isSet = ({ phase, body }: JournalRecord) =>
      phase === "trust" && body?.principal === principal && body.level === trust;
    all.push({ right: `trust of ${principal}: ${trust}`, words: '"phase":"trust"', fits: isSet });
  }
  if (plan !== undefined) {
    const isPlanned = ({ phase, ref, body }: JournalRecord) =>
      phase === "grant" && body?.plan !== undefined && ref === plan.split("/", 1)[0];
    all.push({ right: `plan step ${plan}`, words: '"phase":"grant"', fits: isPlanned });
  }
  return all;
}
