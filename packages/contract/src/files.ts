import { z } from "zod";
import { defineContract } from "./contract.ts";
import { once } from "./once.ts";

/** Where the files lie that agents write for the owner. */
export const outFolder = "out/files";

/** A path below `out/files`: plain names, no way out, nothing that another system would read otherwise. */
const pathSchema = once(() =>
  z
    .string()
    .min(1)
    .max(500)
    .refine((path) => path === path.normalize("NFC") && path.isWellFormed(), "a path is written in NFC")
    .refine(
      (path) =>
        path.split("/").every((part) => /^[^\p{Cc}\p{Cf}\\:*?"<>|/]{1,120}$/u.test(part) && !/^\.|[. ]$/.test(part)),
      "a path is plain names with slashes between, below out/files; no name begins with a dot",
    )
    .describe("A path below out/files: plain names with slashes between"),
);

const wholePath = once(() => z.string().describe("Its path, relative to the home"));
const permissions = { paths: [outFolder] } as const;

export const fileWrite = defineContract({
  name: "file.write",
  kind: "own",
  title: "Write a file in out/files",
  input: () =>
    z.strictObject({
      path: pathSchema(),
      text: z.string().max(8_000_000).describe("All that stands in it from now on, eight million characters at most"),
    }),
  output: () => z.strictObject({ path: wholePath(), bytes: z.number().describe("Its size in UTF-8") }),
  examples: [{ title: "A report", args: { path: "reports/week.md", text: "# This week\n" } }],
  event: "file.written",
  permissions,
  control: ["path"],
  provenance: { types: { path: "path" } },
});

export const fileRemove = defineContract({
  name: "file.remove",
  kind: "own",
  title: "Remove a file from out/files",
  input: () => z.strictObject({ path: pathSchema() }),
  output: () => z.strictObject({ path: wholePath() }),
  examples: [{ title: "A report that is old", args: { path: "reports/week.md" } }],
  event: "file.removed",
  permissions,
  control: ["path"],
  provenance: { types: { path: "path" } },
});

export const fileRead = defineContract({
  name: "file.read",
  kind: "query",
  title: "Read a file of out/files",
  input: () => z.strictObject({ path: pathSchema() }),
  output: () => z.strictObject({ path: wholePath(), text: z.string() }),
  examples: [{ title: "A report", args: { path: "reports/week.md" } }],
  provenance: { types: { path: "path" }, writers: "anyone", private: true },
});
