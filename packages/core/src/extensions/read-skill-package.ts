import { skillBrowse, skillRead } from "@mh/contract/skill-packages.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { defineQuery } from "../kernel/skill.ts";
import { decodeUtf8 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Files } from "../ports/files.ts";
import { folderOf } from "./disk-tree.ts";
import { type ExtensionRow, extensionRows } from "./extensions-table.ts";
import { treeBounds } from "./package-tree.ts";
import { bodyOf, type SkillManifest } from "./skill-manifest.ts";
import { changedSince, knownRow } from "./skill-package.ts";

const instructions = "SKILL.md";
/** So much fits what a model is shown of one answer, with its list of files. */
const pieceCharsMax = 8_000;
const listCharsMax = 2_000;

/** The packages that the owner allowed, by name and what each is for; what fits a need comes first. */
export function browseSkillPackagesSkill() {
  return defineQuery(skillBrowse, {
    async run({ need, limit }, { db }) {
      const { wantedWords, wordsAlike } = await import("../memory/search/alike-words.ts");
      const sharedBy = wordsAlike(wantedWords(need ?? ""));
      const all = extensionRows(db, "skill").map(manifestIn);
      const scored = all.map((manifest) => ({ manifest, score: scoreOf(manifest, sharedBy) }));
      const skills = scored
        .sort((a, b) => b.score - a.score || (a.manifest.name < b.manifest.name ? -1 : 1))
        .slice(0, limit)
        .map(({ manifest }) => shownOf(manifest));
      return { skills, more: all.length - skills.length };
    },
  });
}

/** A text of an allowed package, as it was allowed: none of its files is read that is another by now. */
export function readSkillPackageSkill({ files, crypto }: { files: Files; crypto: Crypto }) {
  return defineQuery(skillRead, {
    run({ name, file, from }, { db }) {
      const row = knownRow(db, name);
      const path = file ?? instructions;
      const pinned = JSON.parse(row.files) as Record<string, string>;
      const hash = Object.hasOwn(pinned, path) ? pinned[path] : undefined;
      if (hash === undefined) throw new Fault("file.not-found", `${name} has no file ${path}.`);
      const bytes = plainBytes(files, `${folderOf(name)}/${path}`);
      if (!bytes || crypto.sha256Hex(bytes) !== hash) throw changedSince(name);
      const text = decodeUtf8(bytes);
      if (text === undefined) throw new Fault("args.invalid", `${path} is not text in UTF-8.`);
      const whole = file === undefined ? bodyOf(text) : text;
      const others = Object.keys(pinned).filter((each) => each !== instructions);
      const listed = file === undefined && from === 0 ? fitting(others) : [];
      return {
        ...{ name, file: path, ...pieceOf(whole, from), files: listed },
        moreFiles: file === undefined ? others.length - listed.length : 0,
        origins: originsOf(manifestIn(row)),
      };
    },
  });
}

const manifestIn = (row: ExtensionRow): SkillManifest => JSON.parse(row.manifest) as SkillManifest;

const scoreOf = ({ name, description }: SkillManifest, sharedBy: (text: string) => string[]): number =>
  2 * sharedBy(name).length + sharedBy(description).length;

const shownOf = (manifest: SkillManifest) => ({
  ...{ name: manifest.name, description: manifest.description, compatibility: manifest.compatibility ?? null },
  origins: originsOf(manifest),
});

/** A third party's, unless the owner said that they wrote it. */
const originsOf = ({ name, mine }: SkillManifest): string[] => [mine === true ? "owner" : `skill:${name}`];

/** A file that is one, and no larger than any of a package; what else lies there is not what was allowed. */
function plainBytes(files: Files, path: string): Uint8Array | undefined {
  const size = files.facts(path)?.size ?? 0;
  return files.linkOn(path) || size > treeBounds.fileBytesMax ? undefined : files.read(path);
}

/** So much of a text, cut between letters. */
function pieceOf(text: string, from: number): { text: string; next: number | null } {
  const start = isInside(text, from) ? from + 1 : from;
  const end = start + pieceCharsMax;
  const cut = isInside(text, end) ? end - 1 : end;
  return { text: text.slice(start, cut), next: cut < text.length ? cut : null };
}

/** Between the two halves of one letter. */
const isInside = (text: string, at: number): boolean =>
  at > 0 && /^[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(at - 1, at + 1));

function fitting(paths: readonly string[]): string[] {
  let left = listCharsMax;
  return paths.filter((path) => {
    left -= path.length;
    return left >= 0;
  });
}
