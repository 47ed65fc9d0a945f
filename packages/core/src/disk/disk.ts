import { diskList, diskRead, diskWrite } from "@mh/contract/disk.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { textDiff } from "../extensions/text-diff.ts";
import { type Classification, defineOutside } from "../kernel/skill.ts";
import { decodeUtf8, utf8 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Disk } from "../ports/disk.ts";
import { canonicalPath, refuseClosed } from "./outside-path.ts";

interface DiskDeps {
  disk: Disk;
}

const entriesMax = 1_000;
const bytesMax = 8_000_000;

export function listDiskSkill({ disk }: DiskDeps) {
  return defineOutside(diskList, {
    stored: "approved",
    classify: ({ path }) => looking(diskList.name, path, disk),
    run: ({ path }) => disk.list(canonicalPath(path), entriesMax),
  });
}

export function readDiskSkill({ disk }: DiskDeps) {
  return defineOutside(diskRead, {
    stored: "approved",
    classify: ({ path }) => looking(diskRead.name, path, disk),
    async run(args) {
      const path = canonicalPath(args.path);
      const text = decodeUtf8(await disk.read(path, bytesMax));
      if (text === undefined) throw new Fault("args.invalid", `${path} is not text in UTF-8.`);
      return { path, text };
    },
  });
}

const replacedBytesMax = 64 * 2 ** 20;
const diffLinesMax = 200;

/** What stands under a path: its bytes, nothing, or why that cannot be said. */
const standing = (disk: Disk, path: string) =>
  disk.read(path, replacedBytesMax).catch((error: unknown) => {
    if (!(error instanceof Fault)) throw error;
    return error.code === "file.not-found" ? undefined : error;
  });

export function writeDiskSkill({ disk, crypto }: DiskDeps & { crypto: Crypto }) {
  return defineOutside(diskWrite, {
    stored: "kept",
    classify: ({ path, replace }) => ({
      effect: replace ? "destroy" : "local",
      risk: "medium",
      scope: scopeOf(diskWrite.name, path, disk),
    }),
    async pin({ text, replace, ...args }) {
      if (!replace) return { pins: [] };
      const path = canonicalPath(args.path);
      const before = await standing(disk, path);
      if (before instanceof Fault) return { pins: [], unpinned: [`what stands there: ${before.message}`] };
      const pin = { argument: "path", what: path };
      if (before === undefined) return { pins: [{ ...pin, hash: "none" }] };
      const old = decodeUtf8(before);
      const shows = old === undefined ? "no text" : undefined;
      const diff = old === undefined ? undefined : textDiff(old, text).slice(0, diffLinesMax);
      const found = { hash: crypto.sha256Hex(before), bytes: before.length };
      return { pins: [{ ...pin, ...found, ...(shows && { shows }), ...(diff && { diff }) }] };
    },
    async run({ text, replace = false, ...args }, { pins = [] }) {
      const path = canonicalPath(args.path);
      const bytes = utf8.encode(text);
      const [approved] = pins;
      await disk.write(path, bytes, { replace, ...(approved && { expected: approved.hash }) });
      return { path, bytes: bytes.length };
    },
  });
}

const looking = (skill: string, path: string, disk: Disk): Classification => ({
  effect: "local",
  risk: "low",
  scope: scopeOf(skill, path, disk),
});

function scopeOf(skill: string, path: string, { closed }: Disk) {
  refuseClosed(skill, "path", path, closed);
  return { paths: [canonicalPath(path)] };
}
