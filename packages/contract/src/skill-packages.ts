import { z } from "zod";
import { defineContract } from "./contract.ts";
import { once } from "./once.ts";
import { diffLineSchema } from "./values/diff.ts";

/** What became of one file of a package. Bytes that are no text are told by their hash alone. */
const fileChangeSchema = once(() =>
  z.strictObject({
    path: z.string(),
    what: z.enum(["new", "changed", "gone"]),
    diff: z.array(diffLineSchema),
  }),
);
export type FileChange = z.infer<ReturnType<typeof fileChangeSchema>>;

/** A package as its owner sees it. Every word of it was written by a third party. */
export const skillViewSchema = once(() =>
  z.strictObject({
    name: z.string(),
    description: z.string(),
    state: z
      .enum(["on", "changed", "waiting", "broken", "gone"])
      .describe("`changed` is not what was allowed and does not run, `waiting` was never allowed, `gone` has no files"),
    version: z.string().nullable(),
    license: z.string().nullable(),
    compatibility: z.string().nullable().describe("What it says that it needs"),
    metadata: z.record(z.string(), z.string()).describe("What its author keeps beside: nobody goes by it"),
    allowedTools: z.string().nullable().describe("Tools that it wishes for: a wish, which gives nothing"),
    mine: z.boolean().describe("The owner wrote it, as it was allowed"),
    scripts: z.array(z.string()).describe("Its scripts, by the names that they are called by"),
    rights: z.array(z.string()).describe("What it may do, one right a line"),
    wider: z.array(z.string()).describe("Of these, what goes beyond what was allowed"),
    hash: z.string().describe("Of the files that lie there"),
    pinned: z.string().nullable().describe("Of the files that were allowed"),
    former: z.string().nullable().describe("The version that can be put in place again; empty where it says none"),
    source: z.string().nullable().describe("Where it came from"),
    changes: z.array(fileChangeSchema()).describe("What differs from what was allowed"),
    missing: z
      .array(z.strictObject({ name: z.string(), version: z.string(), from: z.string().optional() }))
      .describe("Packages that it builds on and that are not there"),
    fault: z.string().nullable().describe("Why it cannot be read"),
  }),
);
export type SkillView = z.infer<ReturnType<typeof skillViewSchema>>;

/** Of a folder in brain/skills, which a person may have called anything. */
const folderName = () =>
  z
    .string()
    .max(64)
    .refine((name) => !/[/\\]|^\.*$/.test(name), "a skill's name is no path")
    .describe("Name of the package, which is that of its folder in brain/skills");
const byName = () => z.strictObject({ name: folderName() });

export const skillList = defineContract({
  name: "skill.list",
  kind: "query",
  recovery: true,
  title: "List skills of others",
  input: () => z.strictObject({}),
  output: () => z.strictObject({ skills: z.array(skillViewSchema()).describe("By name") }),
  examples: [{ title: "All packages", args: {} }],
});

export const skillShow = defineContract({
  name: "skill.show",
  kind: "query",
  recovery: true,
  title: "Show a skill of others, and what changed of it",
  input: byName,
  output: () => z.strictObject({ skill: skillViewSchema() }),
  examples: [{ title: "One package", args: { name: "letters" } }],
});

const originsSchema = () => z.array(z.string()).describe("Whose words it is: the package's, or the owner's own");

/** A package shows its name and what it is for until somebody asks for more. */
export const skillBrowse = defineContract({
  name: "skill.browse",
  kind: "query",
  title: "See which instructions there are for kinds of work, by name and what each is for",
  input: () =>
    z.strictObject({
      need: z.string().min(1).max(500).optional().describe("What is to be done: what fits it comes first"),
      limit: z.number().int().min(1).max(50).default(10).describe("How many at most"),
    }),
  output: () =>
    z.strictObject({
      skills: z.array(
        z.strictObject({
          name: z.string(),
          description: z.string().describe("A third party's words"),
          compatibility: z.string().nullable().describe("What it says that it needs"),
          origins: originsSchema(),
        }),
      ),
      more: z.number().int().describe("How many others there are"),
    }),
  examples: [{ title: "For a form to be filled in", args: { need: "fill in a PDF form" } }],
  provenance: { origins: "skills.origins", writers: "anyone" },
});

export const skillRead = defineContract({
  name: "skill.read",
  kind: "query",
  title: "Read the instructions of a skill, or another text in its folder",
  input: () =>
    z.strictObject({
      name: folderName(),
      file: z.string().max(200).optional().describe("Path of a text in its folder; left out, its instructions"),
      from: z.number().int().min(0).default(0).describe("Where to go on: the `next` of the answer before"),
    }),
  output: () =>
    z.strictObject({
      name: z.string(),
      file: z.string(),
      text: z.string().describe("A third party's words, so many at a time"),
      next: z.number().int().nullable().describe("Where it goes on; null at its end"),
      files: z.array(z.string()).describe("With its instructions, paths of what else is in its folder"),
      moreFiles: z.number().int().describe("How many are not listed"),
      origins: originsSchema(),
    }),
  examples: [{ title: "Its instructions", args: { name: "letters" } }],
  provenance: { origins: "origins", writers: "anyone" },
});

export const skillFetch = defineContract({
  name: "skill.fetch",
  kind: "outside",
  title: "Get a skill to look at",
  input: () =>
    z.strictObject({
      source: z.string().min(1).max(1_000).describe("A folder, the URL of a git repository, or npm:<package>"),
    }),
  output: () =>
    z.strictObject({
      stage: z.string().describe("Names what was fetched, for half an hour: for `skill.add`"),
      skill: skillViewSchema(),
    }),
  examples: [{ title: "From a repository", args: { source: "https://example.org/letters.git" } }],
  effects: ["admin"],
  // A folder is read as it is named, and git is run for repositories.
  permissions: { hosts: ["*"], paths: ["*"], processes: true },
  control: ["source"],
  pointers: { source: "what is fetched waits, and is shown with its hash before it is installed" },
  event: "skill.fetched",
  retry: "safe",
});

const added = () =>
  z.strictObject({
    name: z.string(),
    hash: z.string(),
    scripts: z.array(z.string()).describe("By the names that they are called by"),
  });

export const skillAdd = defineContract({
  name: "skill.add",
  kind: "admin",
  title: "Install a third-party skill",
  input: () =>
    z.strictObject({
      stage: z.uuid().describe("The `stage` that `skill.fetch` gave"),
      hash: z.string().describe("Of the package that was shown"),
      replaces: z
        .string()
        .optional()
        .describe("Hash of the version that it takes the place of; left out, refused where there is one"),
    }),
  output: added,
  examples: [
    { title: "What was fetched", args: { stage: "0199c1a2-0000-4000-8000-000000000000", hash: "5d41402abc4b2a76" } },
  ],
  control: ["stage"],
  event: "skill.added",
  subjects: { skill: "name" },
});

export const skillAllow = defineContract({
  name: "skill.allow",
  kind: "admin",
  title: "Allow a skill as it lies there",
  input: () =>
    z.strictObject({
      name: folderName(),
      hash: z.string().describe("Of the files that were shown"),
      mine: z
        .boolean()
        .optional()
        .describe("The owner wrote all of it: its texts are the owner's, not a third party's"),
    }),
  output: added,
  examples: [{ title: "A folder put there by hand", args: { name: "letters", hash: "5d41402abc4b2a76" } }],
  control: ["name"],
  event: "skill.allowed",
  subjects: { skill: "name" },
});

export const skillBack = defineContract({
  name: "skill.back",
  kind: "admin",
  title: "Put the version of a third-party skill that was allowed before in place again",
  input: byName,
  output: added,
  examples: [{ title: "The one of before", args: { name: "letters" } }],
  control: ["name"],
  event: "skill.returned",
  subjects: { skill: "name" },
});

export const skillRemove = defineContract({
  name: "skill.remove",
  kind: "admin",
  recovery: true,
  title: "Remove a third-party skill",
  input: byName,
  output: () => z.strictObject({ name: z.string() }),
  examples: [{ title: "Remove it", args: { name: "letters" } }],
  control: ["name"],
  event: "skill.removed",
  subjects: { skill: "name" },
});
