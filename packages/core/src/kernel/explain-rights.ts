import { initialTrust, isOwner } from "@mh/contract/values/principal.ts";
import type { JournalRecord, PolicyRequest } from "@mh/contract/values/record.ts";
import { adoptionOf, devices, grantsOf, revokedOf, stepsOf, trustOf } from "./rights-places.ts";

/** A right that the judge was told of, and the record that gave it. */
export interface ExplainedRight {
  /** In words, as in `grant of mail.send to agent:secretary`. */
  right: string;
  /** Number of the record; null where the log holds none that was still in force. */
  seq: number | null;
}

/** Finds the last record before a number that fits; `about`: the right that it gives or takes (`aboutRight`). */
export type FindBefore = (
  seq: number,
  about: string,
  fits: (record: JournalRecord) => boolean,
) => JournalRecord | undefined;

/** The records that gave the rights by which a command was judged, and were in force then. What the owner may needs no record. */
export function rightsOf(decided: JournalRecord | undefined, findBefore: FindBefore): ExplainedRight[] {
  if (!decided?.request) return [];
  const found = new Map<string, ExplainedRight>();
  for (const request of decided.request) {
    for (const claim of claims(request)) {
      const { right } = claim;
      if (!found.has(right)) found.set(right, { right, seq: givenBy(claim, decided.seq, findBefore)?.seq ?? null });
    }
  }
  return [...found.values()];
}

interface Claim {
  right: string;
  /** As `aboutRight` calls it. */
  about: string;
  /** Of the records that say something of it the last one counts. */
  isAbout: (record: JournalRecord) => boolean;
  gives: (record: JournalRecord) => boolean;
  /** Each gives it by itself, until a later record of this form takes back that one, by its `ref`. */
  revoked?: { about: (ref: string) => string; isRevocation: (record: JournalRecord) => boolean };
}

function givenBy(claim: Claim, before: number, findBefore: FindBefore): JournalRecord | undefined {
  const { about, isAbout, gives, revoked } = claim;
  const found = findBefore(before, about, isAbout);
  if (!found || !gives(found)) return undefined;
  if (!revoked) return found;
  const isOfThis = (record: JournalRecord) =>
    record.ref === found.ref && record.seq > found.seq && revoked.isRevocation(record);
  // One given before it may stand all the same.
  return findBefore(before, revoked.about(found.ref ?? ""), isOfThis) ? givenBy(claim, found.seq, findBefore) : found;
}

const byRevoke = { about: revokedOf, isRevocation: ({ phase }: JournalRecord) => phase === "revoke" };

function claims({ principal, skill, granted, may, trust, role, plan }: PolicyRequest): Claim[] {
  const all: Claim[] = [];
  const [kind, name = ""] = principal.split(/[:/](.*)/s, 2);
  if (role !== undefined) all.push(deviceClaim(name, role));
  if (isOwner(principal)) return all;
  const grants = { gives: () => true, revoked: byRevoke };
  if (granted) {
    const isAbout = ({ phase, body }: JournalRecord) =>
      phase === "grant" && body?.principal === principal && body.skill === skill;
    all.push({ ...grants, right: `grant of ${skill} to ${principal}`, about: grantsOf(principal), isAbout });
  } else if (may && (kind === "agent" || kind === "skill")) {
    const isAbout = ({ phase, body }: JournalRecord) => phase === "adopt" && body?.what === kind && body.name === name;
    const gives = ({ body }: JournalRecord) => body?.hash !== null;
    all.push({ right: `adoption of ${principal}`, about: adoptionOf(kind, name), isAbout, gives });
  }
  if (trust !== initialTrust(principal)) {
    const isAbout = ({ phase, body }: JournalRecord) => phase === "trust" && body?.principal === principal;
    const gives = ({ body }: JournalRecord) => body?.level === trust;
    all.push({ right: `trust of ${principal}: ${trust}`, about: trustOf(principal), isAbout, gives });
  }
  if (plan !== undefined) {
    const [id = ""] = plan.split("/", 1);
    const isAbout = ({ phase, ref, body }: JournalRecord) =>
      phase === "grant" && body?.plan !== undefined && ref === id;
    all.push({ ...grants, right: `plan step ${plan}`, about: stepsOf(id), isAbout });
  }
  return all;
}

function deviceClaim(name: string, role: string): Claim {
  const isAbout = ({ phase, ref, body }: JournalRecord) =>
    phase === "device" && body?.what === "added" && [ref, body.name].includes(name);
  const isRevocation = ({ phase, body }: JournalRecord) => phase === "device" && body?.what === "revoked";
  const revoked = { about: () => devices, isRevocation };
  return { right: `device ${name}, ${role}`, about: devices, isAbout, gives: () => true, revoked };
}
