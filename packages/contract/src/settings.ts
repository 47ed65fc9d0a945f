import { z } from "zod";
import { defineContract, undoCommand } from "./contract.ts";
import { once } from "./once.ts";

/** A looser value that stands in the file and waits for the owner. */
export const pendingSettingSchema = once(() =>
  z.strictObject({
    name: z.string().describe("Its dotted name"),
    inForce: z.json().describe("What holds; null where nothing is"),
    wanted: z.json().describe("What the file says"),
  }),
);
export type PendingSetting = z.infer<ReturnType<typeof pendingSettingSchema>>;

export const configShow = defineContract({
  name: "config.show",
  kind: "query",
  recovery: true,
  title: "Show the settings",
  input: () => z.strictObject({}),
  output: () =>
    z.strictObject({
      inForce: z.record(z.string(), z.json()).describe("Each setting or section as it holds, defaults included"),
      text: z.string().describe("The file as it stands"),
      pending: z.array(pendingSettingSchema()).describe("Looser values in the file that wait for the owner"),
      names: z.array(z.string()).describe("Dotted names of the settings that `config.set` changes"),
      broken: z.string().optional().describe("Why the file cannot be taken as it is: the last good one stays in force"),
    }),
  examples: [{ title: "All of them", args: {} }],
});

const nameSchema = z.string().describe("Its dotted name, as in approvals.expireAfterMinutes");

export const configSet = defineContract({
  name: "config.set",
  kind: "admin",
  title: "Change a setting",
  input: () =>
    z.strictObject({
      name: nameSchema,
      value: z
        .union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.json()), z.record(z.string(), z.json())])
        .describe(
          "What it is from now on, a list or a group of values, too; null takes it away, so that its default holds",
        ),
    }),
  output: () => z.strictObject({ name: nameSchema }),
  examples: [
    { title: "Let approval requests wait two days", args: { name: "approvals.expireAfterMinutes", value: 2880 } },
  ],
  event: "config.changed",
  undo: undoCommand,
});

export const configWrite = defineContract({
  name: "config.write",
  kind: "admin",
  title: "Replace the settings",
  input: () => z.strictObject({ text: z.string().max(1_000_000).describe("The whole file, as YAML") }),
  output: () => z.strictObject({ settings: z.string().describe("Its path, relative to the home") }),
  examples: [{ title: "A file with one setting", args: { text: "owner: Ada\n" } }],
  event: "config.replaced",
  undo: undoCommand,
});

export const configAdopt = defineContract({
  name: "config.adopt",
  kind: "admin",
  recovery: true,
  title: "Put changed settings in force",
  input: () =>
    z.strictObject({
      shown: z
        .array(
          z.strictObject({
            name: z.string().describe("Its dotted name"),
            inForce: z.json().describe("What held, as it was shown"),
            wanted: z.json().describe("What the file said, as it was shown"),
          }),
        )
        .optional()
        .describe("What the owner agreed to, as it was shown: another file is refused; all that waits where left out"),
    }),
  output: () => z.strictObject({ adopted: z.array(z.string()).describe("Names of the settings") }),
  examples: [{ title: "Whatever waits in the file", args: {} }],
  event: "config.adopted",
});
