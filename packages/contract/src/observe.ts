// Passive observation: what the owner lets mh take of what they do on this machine, source by source.
import { z } from "zod";
import { defineContract, undoCommand } from "./contract.ts";
import { once } from "./once.ts";
import { observedSources } from "./values/observed-sources.ts";

const daySchema = once(() =>
  z.strictObject({
    day: z.string().describe("A day on the owner's wall, as in 2026-11-27"),
    text: z.string().describe("What is kept of it"),
    state: z
      .enum(["new", "changed", "same", "refused"])
      .describe("How that stands to what is kept; refused: the owner forgot or changed it"),
  }),
);

const observing = <const Name extends string>(name: Name, title: string) =>
  defineContract({
    name,
    kind: "outside",
    title,
    input: () =>
      z.strictObject({
        preview: z.boolean().optional().describe("Only show it, and keep nothing; also before it is on"),
      }),
    output: () =>
      z.strictObject({
        on: z.boolean().describe("The owner turned it on"),
        files: z.array(z.string()).describe("What was read"),
        missing: z.array(z.string()).describe("What is not there, or cannot be read"),
        days: z.array(daySchema()).describe("The last 31 days that it has, the earliest first"),
        left: z
          .array(z.strictObject({ why: z.string(), count: z.number().int() }))
          .describe("What is not taken, and why"),
        kept: z.number().int().describe("How many days were kept anew"),
      }),
    examples: [{ title: "What it would take", args: { preview: true } }],
    effects: ["read"],
    permissions: { paths: ["settings"] },
    undo: undoCommand,
    retry: "safe",
    event: "observe.took",
    provenance: { private: true },
  });

export const observeShell = observing("observe.shell", "Note which programs you run in a terminal, by the hour");
export const observeGit = observing("observe.git", "Note what you commit in your Git folders");
export const observeBrowser = observing("observe.browser", "Note which sites your browser visits, by the hour");
export const observeFiles = observing("observe.files", "Note which files you opened lately");

export const observeList = defineContract({
  name: "observe.list",
  kind: "query",
  title: "See what is observed of you, and what is kept of it",
  input: () => z.strictObject({}),
  output: () =>
    z.strictObject({
      sources: z.array(
        z.strictObject({
          source: z.enum(observedSources).describe("What is looked at"),
          on: z.boolean().describe("The owner turned it on"),
          paths: z.array(z.string()).describe("What the settings name; none: the usual places"),
          places: z.array(z.string()).describe("Files and folders that are read while it is on"),
          days: z.number().int().describe("Of how many days something is kept"),
          last: z.string().nullable().describe("The last of them"),
        }),
      ),
    }),
  examples: [{ title: "All sources", args: {} }],
  provenance: { private: true },
});

export const observeForget = defineContract({
  name: "observe.forget",
  kind: "own",
  title: "Forget all that was observed by a source, for good",
  input: () => z.strictObject({ source: z.enum(observedSources).describe("What was looked at") }),
  output: () =>
    z.strictObject({
      source: z.enum(observedSources),
      days: z.number().int().describe("How many days were forgotten; they are not taken again"),
    }),
  examples: [{ title: "All of the terminal", args: { source: "shell" } }],
  pointers: { source: "pinned" },
  effects: ["destroy"],
  control: ["source"],
  event: "observe.forgotten",
  undo: null,
});
