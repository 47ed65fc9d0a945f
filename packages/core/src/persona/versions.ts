import type { OutputOf } from "@mh/contract/contract.ts";
import { personaVersions } from "@mh/contract/persona.ts";
import { bytesCalled, type WrittenDeps } from "../documents/written-by.ts";
import { textDiff } from "../extensions/text-diff.ts";
import { type Change, changesWhere } from "../kernel/changes.ts";
import { defineQuery } from "../kernel/skill.ts";
import { decodeUtf8 } from "../ports/bytes.ts";
import { personaPath } from "./persona-documents.ts";

type Version = OutputOf<typeof personaVersions>["versions"][number];
/** A version before its text is looked up by its name. */
type Named = Omit<Version, "text" | "diff"> & { name: string | null };

const hows = { do: "written", undo: "undone", redo: "redone" } as const;
const byHand = { id: null, at: null, principal: null, how: "by hand" as const };

/** What a section said before: as far back as the bytes are kept for undoing. What was written by hand in between is there, too. */
export function personaVersionsSkill(deps: WrittenDeps) {
  return defineQuery(personaVersions, {
    run({ section, limit }, { db }) {
      const path = personaPath(section);
      const file = deps.crypto.hmacHex(deps.hmacKey, path);
      const sql = "status = 'done' AND files LIKE '%' || ? || '%' ORDER BY number DESC LIMIT ?";
      const now = deps.files.read(path);
      const named = namedOf(
        changesWhere(db, sql, file, limit),
        file,
        now ? deps.crypto.hmacHex(deps.hmacKey, now) : null,
      );
      const texts = named.map(({ name }) => (name === null ? "" : textOf(deps, name, path)));
      const versions = named.map(({ name: _name, ...rest }, n) => {
        const text = texts[n] ?? null;
        return { ...rest, text, diff: text === null ? [] : textDiff(texts[n + 1] ?? "", text) };
      });
      return { path, versions };
    },
  });
}

/** The names of what the file said, the latest first. `now`: of what it says; null where it is gone. */
function namedOf(changes: readonly Change[], file: string, now: string | null): Named[] {
  const named: Named[] = [];
  let later = now;
  for (const { cmd, ms, principal, kind, files } of changes) {
    const change = files.find((each) => each.file === file);
    if (!change) continue;
    // Something else stood there than what this command left.
    if (change.after !== later) named.push({ ...byHand, name: later });
    named.push({ id: cmd, at: new Date(ms).toISOString(), principal, how: hows[kind], name: change.after });
    later = change.before;
  }
  // Before the first command: what was written by hand.
  if (later !== null) named.push({ ...byHand, name: later });
  return named;
}

function textOf(deps: WrittenDeps, name: string, path: string): string | null {
  const bytes = bytesCalled(deps, name, path);
  return (bytes && decodeUtf8(bytes)) ?? null;
}
