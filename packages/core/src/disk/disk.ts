import { diskList, diskRead, diskWrite } from "@mh/contract/disk.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { type Classification, defineOutside } from "../kernel/skill.ts";
import { decodeUtf8, utf8 } from "../ports/bytes.ts";
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

export function writeDiskSkill({ disk }: DiskDeps) {
  return defineOutside(diskWrite, {
    stored: "kept",
    classify: ({ path, replace }) => ({
      effect: replace ? "destroy" : "local",
      risk: "medium",
      scope: scopeOf(diskWrite.name, path, disk),
    }),
    async run({ text, replace = false, ...args }) {
      const path = canonicalPath(args.path);
      const bytes = utf8.encode(text);
      await disk.write(path, bytes, { replace });
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
