import { Fault } from "@mh/contract/values/fault.ts";
import { z } from "zod";
import { defineOutside } from "../kernel/legacy.ts";
import { decodeUtf8, utf8 } from "../ports/bytes.ts";
import type { Disk } from "../ports/disk.ts";
import { canonicalPath, outsidePathSchema } from "./outside-path.ts";

const entriesMax = 1_000;
const bytesMax = 8_000_000;

const byPath = (disk: Disk) => z.strictObject({ path: outsidePathSchema(disk.closed) });
type ByPath = { path: string };

const scopeOf = ({ path }: ByPath) => ({ paths: [canonicalPath(path)] });
const looks = (args: ByPath) => ({ effect: "local" as const, risk: "low" as const, scope: scopeOf(args) });

const looking = {
  version: "1.0.0",
  effects: ["local"] as const,
  permissions: { paths: ["/"] },
  control: ["path"],
  provenance: { types: { path: "path" }, writers: "anyone" as const, private: true },
  undo: null,
  retry: "safe" as const,
};

const listed = z.strictObject({
  entries: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.enum(["file", "folder", "link", "other"]),
      bytes: z.number(),
      changedAt: z.string(),
    }),
  ),
  /** There is more than what is shown. */
  isCut: z.boolean(),
});

/** What lies in a folder outside the home; not what lies in its folders. */
export function listDiskSkill({ disk }: { disk: Disk }) {
  const named = { name: "disk.list", title: "List a folder outside the home", event: "disk.listed" };
  return defineOutside<ByPath, z.infer<typeof listed>>({
    manifest: { ...looking, ...named, input: byPath(disk), output: listed },
    classify: looks,
    run: ({ path }) => disk.list(canonicalPath(path), entriesMax),
  });
}

const readOutput = z.strictObject({ path: z.string(), text: z.string() });

/** A text file outside the home. */
export function readDiskSkill({ disk }: { disk: Disk }) {
  const named = { name: "disk.read", title: "Read a file outside the home", event: "disk.read" };
  return defineOutside<ByPath, z.infer<typeof readOutput>>({
    manifest: { ...looking, ...named, input: byPath(disk), output: readOutput },
    classify: looks,
    async run(args) {
      const path = canonicalPath(args.path);
      const text = decodeUtf8(await disk.read(path, bytesMax));
      if (text === undefined) throw new Fault("args.invalid", `${path} is not text in UTF-8.`);
      return { path, text };
    },
  });
}

const writeOutput = z.strictObject({ path: z.string(), bytes: z.number() });

/** Writes a text file outside the home. To replace one is to destroy what it held: nothing of it is kept. */
export function writeDiskSkill({ disk }: { disk: Disk }) {
  const input = byPath(disk).extend({ text: z.string().max(bytesMax), replace: z.boolean().optional() });
  return defineOutside<z.infer<typeof input>, z.infer<typeof writeOutput>>({
    manifest: {
      name: "disk.write",
      version: "1.0.0",
      title: "Write a file outside the home",
      input,
      output: writeOutput,
      effects: ["local", "destroy"],
      permissions: { paths: ["/"] },
      control: ["path"],
      provenance: { types: { path: "path" }, content: ["text"] },
      undo: null,
      retry: "never",
      event: "disk.written",
    },
    classify: (args) => ({ effect: args.replace ? "destroy" : "local", risk: "medium", scope: scopeOf(args) }),
    async run({ text, replace = false, ...args }) {
      const path = canonicalPath(args.path);
      const bytes = utf8.encode(text);
      await disk.write(path, bytes, { replace });
      return { path, bytes: bytes.length };
    },
  });
}
