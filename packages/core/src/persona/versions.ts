import type { OutputOf } from "@mh/contract/contract.ts";
import { personaVersions } from "@mh/contract/persona.ts";
import { type PersonaSection, personaSections } from "@mh/contract/values/persona-sections.ts";
import { reasonOf } from "../documents/reasons.ts";
import { bytesCalled, type WrittenDeps } from "../documents/written-by.ts";
import { textDiff } from "../extensions/text-diff.ts";
import { type Change, changesWhere, type HandChange, handChangesOf } from "../kernel/changes.ts";
import { defineQuery } from "../kernel/skill.ts";
import { decodeUtf8 } from "../ports/bytes.ts";
import type { Database } from "../ports/database.ts";
import { personaPath } from "./section-text.ts";

interface VersionDeps extends WrittenDeps {
  readObject: (name: string) => string | undefined;
}

type Version = OutputOf<typeof personaVersions>["versions"][number];
/** A version before its text is looked up by its name. `order` is the number of the change that wrote it, or is near it. */
interface Named extends Pick<Version, "id" | "at" | "principal" | "how"> {
  name: string | null;
  /** The name of the text that it was made of. */
  before: string | null;
  order: number;
}

const hows = { do: "written", undo: "undone", redo: "redone" } as const;
const byHand = { id: null, at: null, principal: null, how: "by hand" as const };

/** What sections said before: as far back as the bytes are kept for undoing. What was written by hand in between is there, too. */
export function personaVersionsSkill(deps: VersionDeps) {
  return defineQuery(personaVersions, {
    run({ section, limit }, { db }) {
      const wanted = section ? [section] : personaSections;
      const found = wanted.flatMap((each) => versionsOf(deps, db, each, limit));
      found.sort((a, b) => b.order - a.order);
      return { versions: found.map(({ order: _, ...version }) => version) };
    },
  });
}

function versionsOf(deps: VersionDeps, db: Database, section: PersonaSection, limit: number) {
  const path = personaPath(section);
  const file = deps.crypto.hmacHex(deps.hmacKey, path);
  const sql = "status = 'done' AND files LIKE '%' || ? || '%' ORDER BY number DESC LIMIT ?";
  const now = deps.files.read(path);
  // One more than is shown: what it left is what the oldest one shown changed.
  const changes = changesWhere(db, sql, file, limit + 1).flatMap((change) => stepOf(change, file));
  const hands = handChangesOf(db, file, limit + 1).map(stepByHand);
  const steps = [...changes, ...hands].sort((a, b) => b.order - a.order).slice(0, limit + 1);
  const unseen = steps[limit];
  const named = namedOf(steps, now ? deps.crypto.hmacHex(deps.hmacKey, now) : null);
  const texts = named.map(({ name }) => (name === null ? "" : textOf(deps, name, path)));
  const shown = unseen ? named.slice(0, named.indexOf(unseen)) : named;
  return shown.map(({ name: _name, before: _before, ...rest }, n) => {
    const text = texts[n] ?? null;
    const diff = text === null ? [] : textDiff(texts[n + 1] ?? "", text);
    return { section, path, number: n + 1, ...rest, reason: reasonOf(db, deps.readObject, rest.id), text, diff };
  });
}

/** The names of what the file said, the latest first. `now`: of what it says; null where it is gone. */
function namedOf(steps: readonly Named[], now: string | null): Named[] {
  const named: Named[] = [];
  let later = now;
  let order = Number.POSITIVE_INFINITY;
  for (const step of steps) {
    // Something else stood there than what this one left.
    if (step.name !== later) named.push({ ...byHand, name: later, before: step.name, order });
    named.push(step);
    later = step.before;
    order = step.order - 0.25;
  }
  // Before the first command: what was written by hand.
  if (later !== null) named.push({ ...byHand, name: later, before: null, order });
  return named;
}

function stepOf({ number, cmd, ms, principal, kind, files }: Change, file: string): Named[] {
  const change = files.find((each) => each.file === file);
  if (!change) return [];
  const wrote = { id: cmd, at: new Date(ms).toISOString(), principal, how: hows[kind] };
  return [{ ...wrote, name: change.after, before: change.before, order: number }];
}

const stepByHand = ({ ms, before, after, behind }: HandChange): Named => ({
  ...{ ...byHand, at: new Date(ms).toISOString() },
  ...{ name: after, before, order: behind + 0.5 },
});

function textOf(deps: WrittenDeps, name: string, path: string): string | null {
  const bytes = bytesCalled(deps, name, path);
  return (bytes && decodeUtf8(bytes)) ?? null;
}
