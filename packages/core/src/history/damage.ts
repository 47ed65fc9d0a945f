import { type Damage, damageAccept, damageList, damageRestore } from "@mh/contract/history.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { type DocumentKind, dropDocument, kindFor, textInForce } from "../documents/document.ts";
import { fileName } from "../documents/file-name.ts";
import { isByHand } from "../documents/put-back.ts";
import { damagedObjects } from "../kernel/objects.ts";
import { defineAdmin, defineQuery, type OwnContext } from "../kernel/skill.ts";
import { isReadable } from "../memory/read-lines.ts";
import { memoryFiles } from "../memory/reload.ts";
import { type MemoryDeps, memory, restore, retract } from "../memory/store.ts";
import { shortId } from "../model/short-id.ts";
import { linesIn, withoutLines } from "../ports/byte-lines.ts";
import { utf8 } from "../ports/bytes.ts";
import type { Database } from "../ports/database.ts";
import type { Files } from "../ports/files.ts";
import { damageOf, isSound, type MissingLine } from "./missing-lines.ts";

export interface DamageDeps extends MemoryDeps {
  files: Files;
  kinds: readonly DocumentKind[];
}

/** What is gone from the memory files without having been forgotten. */
export function listDamageSkill() {
  return defineQuery(damageList, {
    run: (_args, { db }) => damageOf(db),
  });
}

/** Writes down again what the index still knows; lines that cannot be read are set aside. */
export function restoreDamageSkill(deps: DamageDeps) {
  return defineAdmin(damageRestore, {
    stored: "kept",
    apply(_args, context) {
      const { tx, commandId } = context;
      const damage = damageOf(tx.db);
      const setAside = setBadLinesAside(deps, context) + setObjectsAside(deps, context);
      const isKnown = damage.lines.length > 0 || damage.documents.some(({ isKept }) => isKept) || setAside > 0;
      if (!isKnown) throw isSound(damage) ? nothing() : lost();
      const live = damage.lines.filter(({ isLive }) => isLive);
      for (const { id, rev } of live) restore(tx, deps, commandId, memory(tx.db, id), rev);
      const kept = damage.documents.filter(({ isKept }) => isKept);
      const text = tx.db.prepare("SELECT text FROM documents WHERE path = ?");
      for (const { path } of kept) {
        const known = (text.get(path) as { text: string }).text;
        tx.write(path, utf8.encode(known), isByHand(tx.db, deps, path, known));
      }
      // What nobody knows any more stays missing: a snapshot may still have it.
      acceptLines(context, { ...damage, unknown: [] });
      for (const { path } of kept) tx.db.prepare("DELETE FROM missing_documents WHERE path = ?").run(path);
      return { memories: live.length, documents: kept.length, lines: damage.lines.length - live.length, setAside };
    },
  });
}

/** Takes what is gone as meant: memories and documents without their lines are no longer ones. */
export function acceptDamageSkill(deps: DamageDeps) {
  return defineAdmin(damageAccept, {
    stored: "kept",
    apply(_args, context) {
      const { tx, commandId } = context;
      const damage = damageOf(tx.db);
      const setAside = setBadLinesAside(deps, context) + setObjectsAside(deps, context);
      if (isSound(damage) && setAside === 0) throw nothing();
      const live = damage.lines.filter(({ isLive }) => isLive);
      for (const { id, rev } of live) {
        const { kind } = memory(tx.db, id);
        retract(tx, deps, commandId, { id, kind, rev }, { why: "removed by hand" });
      }
      for (const { path } of damage.documents) {
        const kind = kindFor(deps.kinds, path);
        const former = kind?.keepsFormer ? textInForce(tx.db, path) : undefined;
        if (kind) dropDocument(tx.db, kind, path);
        const before = former === undefined ? {} : { before: tx.object(utf8.encode(former)) };
        tx.append({
          phase: "adopt",
          id: deps.crypto.id(),
          principal: "file",
          body: { what: "document", file: fileName(deps, path), ...before },
        });
      }
      acceptLines(context, damage);
      tx.db.prepare("DELETE FROM missing_documents").run();
      const lines = damage.lines.length - live.length + damage.unknown.reduce((sum, each) => sum + each.lines, 0);
      return { memories: live.length, documents: damage.documents.length, lines, setAside };
    },
  });
}

/** From now on nobody expects these lines. */
function acceptLines({ tx, commandId, principal }: OwnContext, { lines, unknown }: Damage): void {
  if (lines.length + unknown.length === 0) return;
  const missing: Record<string, number> = {};
  for (const { cmd } of lines) missing[cmd] = (missing[cmd] ?? 0) + 1;
  for (const each of unknown) missing[each.cmd] = (missing[each.cmd] ?? 0) + each.lines;
  tx.append({ phase: "adopt", id: commandId, principal, body: { what: "lines", missing } });
  dropRows(tx.db, lines);
}

function dropRows(db: Database, lines: readonly MissingLine[]): void {
  const drop = db.prepare("DELETE FROM lines WHERE id = ? AND rev = ? AND missing = 1");
  for (const { id, rev } of lines) drop.run(id, rev);
}

/** Moves lines that are no memories out of their files, to `logs/torn`. Gives how many. */
function setBadLinesAside(deps: DamageDeps, { tx, commandId }: OwnContext): number {
  let count = 0;
  for (const path of memoryFiles(deps.files)) {
    const bad = [...linesIn(tx.read(path) ?? new Uint8Array())].filter((line) => !isReadable(line));
    if (bad.length === 0) continue;
    count += bad.length;
    tx.write(`logs/torn/${path.replaceAll("/", "-")}.${shortId(commandId)}`, utf8.encode(`${bad.join("\n")}\n`));
    tx.erase(path, (now) => withoutLines(now, (line) => !isReadable(line)));
  }
  return count;
}

/** Moves objects that are not what their names say to `logs/torn`: what they were is kept anew when it is written again. */
function setObjectsAside(deps: DamageDeps, { tx, commandId }: OwnContext): number {
  const names = damagedObjects(deps);
  for (const name of names) {
    const bytes = readable(() => tx.readObject(name));
    if (bytes) tx.write(`logs/torn/object-${name}.${shortId(commandId)}`, bytes);
    tx.dropObject(name);
  }
  return names.length;
}

/** Undefined where an encrypted home cannot open it. */
function readable(read: () => Uint8Array | undefined): Uint8Array | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return undefined;
  }
}

const lost = (): Fault =>
  new Fault(
    "review.nothing",
    "What is missing is not in the index. `mh snapshot list` shows copies; `mh review --accept` lets it go.",
  );
const nothing = (): Fault => new Fault("review.nothing", "Nothing is missing.");
