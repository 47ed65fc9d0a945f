import type { Waiting } from "@mh/contract/adoption.ts";
import type { OutputOf } from "@mh/contract/contract.ts";
import {
  skillAdd,
  skillAllow,
  skillBack,
  skillFetch,
  skillList,
  skillRemove,
  skillShow,
} from "@mh/contract/skill-packages.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Adoption } from "../adoption/adoptions-table.ts";
import type { QueryContext } from "../feature.ts";
import { revokeGrants } from "../grants/revoke-grants.ts";
import type { Registry } from "../kernel/registry.ts";
import {
  always,
  defineAdmin,
  defineOutside,
  defineQuery,
  type OwnContext,
  type PrepareContext,
} from "../kernel/skill.ts";
import { decodeUtf8, utf8 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import type { Files } from "../ports/files.ts";
import { diskTree, folderOf, foldersOnDisk } from "./disk-tree.ts";
import { type ExtensionRow, extensionRow, extensionRows } from "./extensions-table.ts";
import { textsOf } from "./file-changes.ts";
import { type FormerVersion, formerFor, formerOf, treeOf } from "./former-version.ts";
import { nounOf, refuseShadow } from "./names.ts";
import { hashesOf, refused, type Tree, treeHash } from "./package-tree.ts";
import { widerRights, widerScripts } from "./rights.ts";
import type { SkillManifest } from "./skill-manifest.ts";
import { keptOf, manifestOf, missingOf, viewOf, viewOnDisk } from "./skill-package-view.ts";
import { type TryScript, tryPackage } from "./skill-trial.ts";
import type { Staged, Staging } from "./staging.ts";

export interface SkillPackageDeps {
  files: Files;
  crypto: Crypto;
  registry: Registry;
  staging: Staging;
  readObject: (name: string) => string | undefined;
  /** Gets a package from a folder, a repository or a registry. Runs nothing of it. */
  obtain: (source: string, signal: AbortSignal) => Promise<Staged>;
  tryScript: TryScript;
  /** What is allowed, or removed, is registered anew. */
  changed: () => void;
}

type Added = OutputOf<typeof skillAdd>;

/** Every package that lies in the home, or was allowed once. */
export function listSkillPackagesSkill(deps: SkillPackageDeps) {
  return defineQuery(skillList, {
    run(_args, { db }) {
      const names = [...foldersOnDisk(deps.files), ...extensionRows(db, "skill").map(({ name }) => name)];
      return { skills: [...new Set(names)].sort().map((name) => viewOnDisk(deps, db, name)) };
    },
  });
}

/** Packages put into the home by hand, and those whose files are not what was allowed. */
export const waitingPackages =
  (deps: Pick<SkillPackageDeps, "files" | "crypto" | "readObject">) =>
  ({ db }: Pick<QueryContext, "db">): Waiting[] => {
    const names = [...foldersOnDisk(deps.files), ...extensionRows(db, "skill").map(({ name }) => name)];
    const views = [...new Set(names)].map((name) => viewOnDisk(deps, db, name));
    return views.flatMap(({ name, state, wider }): Waiting[] => {
      if (state !== "waiting" && state !== "changed") return [];
      const command = state === "waiting" ? `mh skill allow ${name}` : `mh skill update ${name}`;
      return [{ kind: "skill", name, state: state === "waiting" ? "new" : "changed", wider, command }];
    });
  };

export function showSkillPackageSkill(deps: SkillPackageDeps) {
  return defineQuery(skillShow, {
    run({ name }, { db }) {
      const skill = viewOnDisk(deps, db, name);
      if (skill.state === "gone" && skill.pinned === null) throw unknownSkill(name);
      return { skill };
    },
  });
}

/** Gets a package and says what it asks for. Nothing of it runs, and nothing is installed. */
export function fetchSkillPackageSkill(deps: SkillPackageDeps & { reader: Database }) {
  return defineOutside(skillFetch, {
    stored: "kept",
    classify: always("admin", "medium"),
    async run({ source }, { signal }) {
      const staged = await deps.obtain(source, signal);
      const manifest = manifestOf(staged.tree);
      refuseUnfit(deps, deps.reader, manifest, staged.tree);
      refuseCovering(deps, deps.reader, manifest.name, staged.tree);
      const skill = viewOf(deps, deps.reader, { name: manifest.name, manifest, tree: staged.tree });
      return { stage: deps.staging.put(staged), skill: { ...skill, source: staged.source } };
    },
  });
}

/** Installs a package that was fetched and shown: its files, the hash of each, and the rights it was shown with. */
export function addSkillPackageSkill(deps: SkillPackageDeps) {
  return defineAdmin(skillAdd, {
    stored: "kept",
    async prepare({ stage, hash, replaces }, context) {
      const { tree } = stagedTree(deps, stage, hash);
      const { name } = manifestOf(tree);
      refuseReplacing(name, extensionRow(context.db, "skill", name), replaces);
      await tried(deps, context, tree);
    },
    apply({ stage, hash, replaces }, context) {
      const { tree, source } = stagedTree(deps, stage, hash);
      const manifest = manifestOf(tree);
      const row = extensionRow(context.tx.db, "skill", manifest.name);
      refuseReplacing(manifest.name, row, replaces);
      refuseCovering(deps, context.tx.db, manifest.name, tree);
      const former = row && formerFor(deps, row, hash);
      writeTree(deps, context, manifest.name, tree);
      context.tx.afterCommit(() => deps.staging.drop(stage));
      return adopt(deps, context, { manifest, tree, source, row, former });
    },
  });
}

/** What takes the place of a version must have been shown beside it. */
function refuseReplacing(name: string, row: ExtensionRow | undefined, replaces: string | undefined): void {
  if (!row || replaces === row.hash) return;
  throw new Fault("skill.refused", `${name} is there already. \`mh skill update ${name}\` shows what differs.`);
}

/** Allows what lies in the home: a folder put there by hand, or one that was changed. */
export function allowSkillPackageSkill(deps: SkillPackageDeps) {
  return defineAdmin(skillAllow, {
    stored: "kept",
    prepare: ({ name, hash }, context) => tried(deps, context, shownTree(deps, name, hash)),
    apply({ name, hash, mine = false }, context) {
      const tree = shownTree(deps, name, hash);
      const row = extensionRow(context.tx.db, "skill", name);
      const source = row ? keptOf(deps, row).source : folderOf(name);
      const allowed: SkillManifest = { ...manifestOf(tree), ...(mine && { mine }) };
      return adopt(deps, context, { manifest: allowed, tree, source, row, former: row && formerFor(deps, row, hash) });
    },
  });
}

/** Puts the version that was allowed before in place again, and keeps this one to come back to. */
export function backSkillPackageSkill(deps: SkillPackageDeps) {
  return defineAdmin(skillBack, {
    stored: "kept",
    apply({ name }, context) {
      const row = knownRow(context.tx.db, name);
      const { former } = keptOf(deps, row);
      if (!former) throw new Fault("skill.refused", `No earlier version of ${name} is kept.`);
      if (treeHash(deps.crypto, hashesOf(deps.crypto, diskTree(deps.files, name))) !== row.hash)
        throw changedSince(name);
      const tree = treeOf(former);
      const manifest: SkillManifest = { ...manifestOf(tree), ...(former.mine && { mine: former.mine }) };
      const now = formerOf(deps, row);
      writeTree(deps, context, name, tree);
      return adopt(deps, context, { manifest, tree, source: former.source, row, former: now });
    },
  });
}

/** Removes a package: its files, its permissions, and everybody's grants to use it. */
export function removeSkillPackageSkill(deps: SkillPackageDeps) {
  return defineAdmin(skillRemove, {
    stored: "kept",
    apply({ name }, context) {
      const { tx, commandId, principal } = context;
      const row = knownRow(tx.db, name);
      const needed = extensionRows(tx.db, "skill").find((each) => Object.hasOwn(requiresOf(each), name));
      if (needed) throw new Fault("skill.refused", `${needed.name} builds on ${name}. Remove that one first.`);
      for (const path of deps.files.list(folderOf(name))) tx.write(path, undefined);
      revokeGrants(context, { principal: `skill:${name}` });
      for (const script of scriptNames(row)) revokeGrants(context, { skill: script });
      const body: Adoption = { what: "skill", name, hash: null, manifest: {}, files: {}, object: "" };
      tx.append({ phase: "adopt", id: commandId, principal, body });
      tx.afterCommit(deps.changed);
      return { name };
    },
  });
}

/** What was fetched under this name, if it is what was shown. */
function stagedTree(deps: SkillPackageDeps, stage: string, hash: string): Staged {
  const staged = deps.staging.get(stage);
  if (treeHash(deps.crypto, hashesOf(deps.crypto, staged.tree)) === hash) return staged;
  throw new Fault("skill.refused", "This is not the package that was shown. Fetch it again.");
}

/** What lies in the home, if it is what was shown. */
function shownTree(deps: SkillPackageDeps, name: string, hash: string): Tree {
  const tree = diskTree(deps.files, name);
  const manifest = manifestOf(tree);
  if (manifest.name !== name) throw refused(`it calls itself ${manifest.name}, and lies in ${folderOf(name)}`);
  if (treeHash(deps.crypto, hashesOf(deps.crypto, tree)) === hash) return tree;
  throw new Fault("skill.changed", `${name} is not what you were shown any more. \`mh skill show ${name}\``);
}

/** A version that takes the place of another is tried before. Of one that is new here nothing runs while it is added. */
async function tried(deps: SkillPackageDeps, { db, signal }: PrepareContext, tree: Tree): Promise<void> {
  const manifest = manifestOf(tree);
  const row = extensionRow(db, "skill", manifest.name);
  if (!row || row.hash === treeHash(deps.crypto, hashesOf(deps.crypto, tree))) return;
  refuseUnfit(deps, db, manifest, tree);
  await tryPackage(deps.tryScript, { tree, manifest, signal });
}

/** What is wrong with a package here, whatever the owner says. */
function refuseUnfit(deps: SkillPackageDeps, db: Database, manifest: SkillManifest, tree: Tree): void {
  const { name, mh } = manifest;
  const own = new Set(extensionRow(db, "skill", name) ? [name] : []);
  const nouns = deps.registry.all().map(({ contract: each }) => nounOf(each.name));
  const packages = extensionRows(db, "skill").map((row) => row.name);
  refuseShadow(
    name,
    [...nouns, ...packages].filter((noun) => !own.has(noun)),
  );
  if (!mh) return;
  for (const skill of mh.permissions.skills) {
    const known = deps.registry.find(skill);
    if (!known)
      throw new Fault("skill.misdeclared", `This skill is refused: it asks for ${skill}, which there is not.`);
    if (known.contract.effects.every((effect) => effect === "admin"))
      throw new Fault("skill.misdeclared", `This skill is refused: it asks for ${skill}, which is yours alone.`);
  }
  const npm = tree.get("package.json");
  const needs = npm && Object.keys(dependenciesIn(npm));
  if (needs && needs.length > 0 && Object.keys(mh.scripts).length > 0)
    throw refused(
      `its scripts need ${needs.slice(0, 5).join(", ")}, and nothing is installed for them. They must be bundled in`,
    );
}

/** What a person put there, and has not allowed, is theirs: a package of the same name does not take its place. */
function refuseCovering(deps: SkillPackageDeps, db: Database, name: string, tree: Tree): void {
  const there = extensionRow(db, "skill", name) ? undefined : diskTree(deps.files, name);
  if (!there || there.size === 0) return;
  const [own, other] = [there, tree].map((each) => treeHash(deps.crypto, hashesOf(deps.crypto, each)));
  if (own === other) return;
  const how = `Move it away, or allow it as it lies there: \`mh skill allow ${name}\``;
  throw new Fault("skill.refused", `${folderOf(name)} holds something else, which you put there. ${how}.`);
}

function dependenciesIn(bytes: Uint8Array): object {
  try {
    const { dependencies } = JSON.parse(decodeUtf8(bytes) ?? "") as { dependencies?: unknown };
    return typeof dependencies === "object" && dependencies !== null ? dependencies : {};
  } catch {
    throw refused("its package.json cannot be read");
  }
}

function writeTree(deps: SkillPackageDeps, { tx }: OwnContext, name: string, tree: Tree): void {
  const folder = folderOf(name);
  const link = deps.files.linkOn(folder);
  if (link) throw refused(`${link} is a link`);
  for (const path of deps.files.list(folder)) if (!tree.has(path.slice(folder.length + 1))) tx.write(path, undefined);
  for (const [path, bytes] of tree) {
    if (deps.files.linkOn(`${folder}/${path}`)) throw refused(`${folder}/${path} is a link`);
    tx.write(`${folder}/${path}`, bytes);
  }
}

function adopt(
  deps: SkillPackageDeps,
  context: OwnContext,
  {
    manifest,
    tree,
    source,
    row,
    former,
  }: {
    manifest: SkillManifest;
    tree: Tree;
    source: string;
    row: ExtensionRow | undefined;
    former: FormerVersion | undefined;
  },
): Added {
  const { tx, commandId, principal } = context;
  const { name, mh } = manifest;
  refuseUnfit(deps, tx.db, manifest, tree);
  const [lacking] = missingOf(tx.db, manifest);
  if (lacking) {
    const how = lacking.from ? `\`mh skill add ${lacking.from}\` first.` : "Add it first.";
    throw new Fault("skill.refused", `${name} builds on ${lacking.name} ${lacking.version} or later. ${how}`);
  }
  const files = hashesOf(deps.crypto, tree);
  const hash = treeHash(deps.crypto, files);
  const kept = { source, texts: textsOf(tree), ...(former && { former }) };
  const object = tx.object(utf8.encode(JSON.stringify(kept)));
  const body: Adoption = { what: "skill", name, hash, manifest: { ...manifest }, files, object };
  tx.append({ phase: "adopt", id: commandId, principal, body });
  // Who may use a script had leave for what it was. What does more, or is gone, they are asked about again.
  const before = row && (JSON.parse(row.manifest) as SkillManifest);
  const gone = row
    ? scriptNames(row).filter((script) => !Object.hasOwn(mh?.scripts ?? {}, script.slice(name.length + 1)))
    : [];
  const wider =
    before && widerPermissions(before, manifest)
      ? Object.keys(mh?.scripts ?? {})
      : before
        ? widerScripts(before, manifest)
        : [];
  for (const script of [...gone, ...wider.map((each) => `${name}.${each}`)]) revokeGrants(context, { skill: script });
  revokeGrants(context, { principal: `skill:${name}` });
  for (const skill of mh?.permissions.skills ?? []) {
    const scope = skill === "web.fetch" ? { hosts: mh?.permissions.hosts ?? [] } : {};
    const given = { principal: `skill:${name}`, skill, scope };
    tx.append({ phase: "grant", id: commandId, ref: deps.crypto.id(), principal, body: given });
  }
  tx.afterCommit(deps.changed);
  return { name, hash, scripts: Object.keys(mh?.scripts ?? {}).map((script) => `${name}.${script}`) };
}

/** What all scripts of a package share goes further than before. */
function widerPermissions(before: SkillManifest, after: SkillManifest): boolean {
  const scripts = after.mh && before.mh ? { ...before.mh.scripts } : {};
  const alone = after.mh && { ...after, mh: { ...after.mh, scripts } };
  return alone !== null && widerRights(before, alone).length > 0;
}

const scriptNames = (row: ExtensionRow): string[] =>
  Object.keys((JSON.parse(row.manifest) as SkillManifest).mh?.scripts ?? {}).map((script) => `${row.name}.${script}`);

const requiresOf = (row: ExtensionRow): object => (JSON.parse(row.manifest) as SkillManifest).mh?.requires ?? {};

/** Throws `skill.unknown`. */
export function knownRow(db: Database, name: string): ExtensionRow {
  const row = extensionRow(db, "skill", name);
  if (row) return row;
  throw unknownSkill(name);
}

const unknownSkill = (name: string): Fault =>
  new Fault("skill.unknown", `There is no skill ${name} that you allowed. \`mh skill list\` shows which there are.`);

export const changedSince = (name: string): Fault =>
  new Fault(
    "skill.changed",
    `${name} is not what you allowed any more. \`mh skill update ${name}\` shows what changed.`,
  );
