import type { SkillView } from "@mh/contract/skill-packages.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { decodeUtf8 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import type { Files } from "../ports/files.ts";
import { diskTree, folderOf } from "./disk-tree.ts";
import { type ExtensionRow, extensionRow } from "./extensions-table.ts";
import { changesOf } from "./file-changes.ts";
import type { FormerVersion } from "./former-version.ts";
import { hashesOf, refused, type Tree, treeHash } from "./package-tree.ts";
import { rightsOf, widerRights } from "./rights.ts";
import { readSkillFile, type SkillManifest } from "./skill-manifest.ts";

interface ViewDeps {
  files: Files;
  crypto: Crypto;
  readObject: (name: string) => string | undefined;
}

export function viewOnDisk(deps: ViewDeps, db: Database, name: string): SkillView {
  try {
    const tree = diskTree(deps.files, name);
    const manifest = tree.size > 0 ? manifestOf(tree) : undefined;
    if (manifest && manifest.name !== name) throw refused(`it calls itself ${manifest.name}`);
    return viewOf(deps, db, { name, manifest, tree });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return viewOf(deps, db, { name, manifest: undefined, tree: new Map(), fault: error.message });
  }
}

export function viewOf(
  deps: ViewDeps,
  db: Database,
  { name, manifest, tree, fault }: { name: string; manifest: SkillManifest | undefined; tree: Tree; fault?: string },
): SkillView {
  const row = extensionRow(db, "skill", name);
  const kept = row && keptOf(deps, row);
  const before = row && (JSON.parse(row.manifest) as SkillManifest);
  const told = manifest ?? before;
  const hash = treeHash(deps.crypto, hashesOf(deps.crypto, tree));
  const pinned = row && { files: JSON.parse(row.files) as Record<string, string>, texts: kept?.texts ?? {} };
  return {
    name,
    description: told?.description ?? "",
    state: fault !== undefined ? "broken" : stateOf(row, hash, tree),
    version: told?.mh?.version ?? null,
    license: told?.license ?? null,
    compatibility: told?.compatibility ?? null,
    metadata: told?.metadata ?? {},
    allowedTools: told?.allowedTools ?? null,
    mine: before?.mine === true,
    scripts: Object.keys(told?.mh?.scripts ?? {}).map((script) => `${name}.${script}`),
    rights: told ? rightsOf(told) : [],
    wider: manifest ? (before ? widerRights(before, manifest) : rightsOf(manifest)) : [],
    hash,
    pinned: row?.hash ?? null,
    former: kept?.former ? (kept.former.version ?? "") : null,
    source: kept?.source ?? null,
    changes: pinned && fault === undefined ? changesOf(deps.crypto, pinned, tree) : [],
    missing: told ? missingOf(db, told) : [],
    fault: fault ?? null,
  };
}

function stateOf(row: ExtensionRow | undefined, hash: string, tree: Tree): SkillView["state"] {
  if (tree.size === 0) return "gone";
  if (!row) return "waiting";
  return row.hash === hash ? "on" : "changed";
}

export interface KeptOfPackage {
  source: string;
  texts: Record<string, string>;
  /** The version whose place it took, whole. */
  former?: FormerVersion;
}

/** Where a package came from, and its texts as they were allowed; bare where the object is gone. */
export function keptOf({ readObject }: Pick<ViewDeps, "readObject">, row: ExtensionRow): KeptOfPackage {
  const text = readObject(row.object);
  return text === undefined ? { source: folderOf(row.name), texts: {} } : JSON.parse(text);
}

/** What the SKILL.md of a package declares, whole. Throws `skill.refused`, `skill.misdeclared`. */
export function manifestOf(tree: Tree): SkillManifest {
  const bytes = tree.get("SKILL.md");
  if (!bytes) throw refused("it has no SKILL.md at its root");
  const text = decodeUtf8(bytes);
  if (text === undefined) throw refused("its SKILL.md is not text in UTF-8");
  const manifest = readSkillFile(text);
  const lost = Object.values(manifest.mh?.scripts ?? {}).find(({ file }) => !tree.has(file));
  if (lost) throw new Fault("skill.misdeclared", `This skill is refused: there is no file ${lost.file}.`);
  return manifest;
}

/** Of the packages that it builds on, those that are not there in that version or a later one. */
export function missingOf(db: Database, { mh }: SkillManifest): SkillView["missing"] {
  return Object.entries(mh?.requires ?? {}).flatMap(([name, { version, from }]) => {
    const row = extensionRow(db, "skill", name);
    const there = row && (JSON.parse(row.manifest) as SkillManifest).mh?.version;
    return there !== undefined && !isOlder(there, version)
      ? []
      : [{ name, version, ...(from !== undefined && { from }) }];
  });
}

function isOlder(a: string, b: string): boolean {
  const [x, y] = [a, b].map((version) => version.split(".").map(Number)) as [number[], number[]];
  const at = x.findIndex((part, n) => part !== y[n]);
  return at !== -1 && (x[at] as number) < (y[at] as number);
}
