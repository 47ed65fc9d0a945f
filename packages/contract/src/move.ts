// Moving in: what another agent program keeps of its owner's, taken in by one plan.
import { z } from "zod";
import { defineContract, type ProvenanceFacts, undoCommand } from "./contract.ts";
import { once } from "./once.ts";
import { outsidePathSchema } from "./values/outside-path.ts";

export const movedPrograms = ["openclaw", "hermes", "claude", "codex", "letta"] as const;
export type MovedProgram = (typeof movedPrograms)[number];

const itemSchema = once(() =>
  z.strictObject({
    kind: z
      .enum(["memories", "persona", "skill", "schedule", "server", "rule", "permission", "secret", "other"])
      .describe("What it becomes here; `permission`, `secret` and `other` become nothing by themselves"),
    from: z.string().describe("Its place below the folder"),
    title: z.string().describe("What it is, in a few words; a third party's, perhaps"),
    state: z
      .enum(["new", "same", "conflict", "left"])
      .describe("`same`: it is here already; `conflict`: something else is here and stays; `left`: it is not taken"),
    why: z.string().optional().describe("Why it is not taken, or what is in its way"),
    notes: z.array(z.string()).describe("What is to be known of it, a sentence each"),
    command: z.string().optional().describe("With which you let it do more, once you have looked at it"),
  }),
);
export type MoveItem = z.infer<ReturnType<typeof itemSchema>>;

const input = () =>
  z.strictObject({
    program: z.enum(movedPrograms).describe("Whose home it is"),
    path: outsidePathSchema().describe("Its folder; links in it are not followed"),
  });

const planShape = once(() => ({
  program: z.string().describe("What the program is called"),
  path: z.string(),
  items: z.array(itemSchema()).describe("By kind, then by place"),
  hash: z.string().describe("Names this plan: for `move.run`"),
}));

/** The path names what is read; what stands in it, anybody may have written. */
const provenance: ProvenanceFacts = { types: { path: "path" }, writers: "anyone", private: true };
const args = { program: "openclaw", path: "/home/ada/.openclaw" } as const;

export const movePreview = defineContract({
  name: "move.preview",
  kind: "outside",
  title: "Say what moving in from another program would take",
  input,
  output: () => z.strictObject(planShape()),
  examples: [{ title: "A home of OpenClaw", args }],
  effects: ["admin"],
  permissions: { paths: ["*"] },
  control: ["program", "path"],
  provenance,
  retry: "safe",
  pointers: { path: "it reads what is there when it runs", program: "it says how the folder is read" },
  event: "move.previewed",
});

export const moveRun = defineContract({
  name: "move.run",
  kind: "outside",
  title: "Move in from another program",
  input: () =>
    input().extend({
      shown: z
        .string()
        .max(64)
        .optional()
        .describe("Hash of the plan that was shown: refused where it is another by now; left out, what there is"),
    }),
  output: () =>
    z.strictObject({
      ...planShape(),
      taken: z.int().describe("How many things were taken in; what is here already is none of them"),
      memories: z.int().describe("How many memories came new"),
      task: z.string().describe("What it was taken in under: it is undone together"),
    }),
  examples: [{ title: "A home of OpenClaw", args }],
  effects: ["admin"],
  permissions: { paths: ["*"] },
  control: ["program", "path"],
  provenance,
  undo: undoCommand,
  retry: "safe",
  pointers: { path: "it takes in what is there when it runs", program: "it says how the folder is read" },
  event: "move.ran",
});
