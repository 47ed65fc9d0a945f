import { z } from "zod";
import { defineContract } from "./contract.ts";
import { once } from "./once.ts";
import { outsidePathSchema } from "./values/outside-path.ts";

/** The largest text file that is read or written, in bytes (read) or characters (written). */
const sizeMax = 8_000_000;

const path = (what: string) =>
  outsidePathSchema().describe(`Absolute path of ${what}, outside the home; links are not followed`);

// Answers of looking are kept only where the owner had to approve it: what lies there can be looked at again, and a copy
// of a file of up to 8 MB for each look would fill the home.
const looking = {
  effects: ["local"],
  permissions: { paths: ["*"] },
  control: ["path"],
  pointers: { path: "it reads what is there when it runs" },
  provenance: { types: { path: "path" }, writers: "anyone", private: true },
  retry: "safe",
  looks: true,
} as const;

export const folderEntrySchema = once(() =>
  z.strictObject({
    name: z.string().describe("Its name in the folder"),
    kind: z.enum(["file", "folder", "link", "other"]).describe("What it is; a link is not followed"),
    bytes: z.number().describe("Its size"),
    changedAt: z.string().describe("When it was changed last, ISO 8601"),
  }),
);

export type FolderEntry = z.infer<ReturnType<typeof folderEntrySchema>>;

/** What lies in a folder outside the home; not what lies in its folders. */
export const diskList = defineContract({
  ...looking,
  name: "disk.list",
  kind: "outside",
  title: "List a folder outside the home",
  input: () => z.strictObject({ path: path("a folder") }),
  output: () =>
    z.strictObject({
      entries: z.array(folderEntrySchema()).describe("By name, 1,000 at most"),
      isCut: z.boolean().describe("There is more than what is given"),
    }),
  examples: [{ title: "A folder", args: { path: "/srv/photos" } }],
  event: "disk.listed",
});

/** A text file outside the home. */
export const diskRead = defineContract({
  ...looking,
  name: "disk.read",
  kind: "outside",
  title: "Read a file outside the home",
  input: () => z.strictObject({ path: path("a text file of at most 8 MB") }),
  output: () =>
    z.strictObject({
      path: z.string().describe("Its path in the one form that grants and rules know it by"),
      text: z.string().describe("What it holds; files that are not UTF-8 are refused"),
    }),
  examples: [{ title: "A text file", args: { path: "/srv/notes/tea.txt" } }],
  event: "disk.read",
});

/** Writes a text file outside the home. To replace one is to destroy what it held: nothing of it is kept. */
export const diskWrite = defineContract({
  name: "disk.write",
  kind: "outside",
  title: "Write a file outside the home",
  input: () =>
    z.strictObject({
      path: path("the file, in a folder that is there"),
      text: z.string().max(sizeMax).describe("What it is to hold, whole"),
      replace: z
        .boolean()
        .optional()
        .describe("Whether a file that is there is replaced; refused where it is left out"),
    }),
  output: () =>
    z.strictObject({
      path: z.string().describe("Its path in the one form that grants and rules know it by"),
      bytes: z.number().describe("How many bytes were written"),
    }),
  examples: [
    { title: "A new file", args: { path: "/srv/notes/tea.txt", text: "At four." } },
    { title: "A file that is there", args: { path: "/srv/notes/tea.txt", text: "At five.", replace: true } },
  ],
  effects: ["local", "destroy"],
  permissions: { paths: ["*"] },
  control: ["path"],
  provenance: { types: { path: "path" }, content: ["text"] },
  pointers: { path: "pinned" },
  event: "disk.written",
});
