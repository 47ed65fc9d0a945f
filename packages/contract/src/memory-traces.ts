import { z } from "zod";
import { defineContract } from "./contract.ts";

/** The proof after forgetting: passages are known by keyed sums, which the tombstone keeps. */
export const memoryTraces = defineContract({
  name: "memory.traces",
  kind: "query",
  title: "Look for what is left of a forgotten memory",
  input: () =>
    z.strictObject({
      id: z.string().describe("Id of a memory that was forgotten, or a beginning or an end of it that fits no other"),
    }),
  output: () =>
    z.strictObject({
      id: z.string().describe("Its whole id"),
      files: z.number().int().describe("How many files of the home were looked through"),
      canTell: z
        .enum(["yes", "short", "unmarked"])
        .describe(
          "Whether its words can be told: `short` where it said too little, `unmarked` where an earlier mh forgot it",
        ),
      traces: z
        .array(
          z.strictObject({
            path: z.string().describe("A file that holds words of it"),
            kind: z.string().describe("What that file is"),
            line: z.number().int().nullable().describe("The first line of these; null where the file has no lines"),
            memory: z.string().nullable().describe("Id of the memory that stands there"),
            passages: z.number().int().describe("How many passages of it were found there"),
            of: z.number().int().describe("Of how many"),
            next: z.string().describe("What to do about it"),
          }),
        )
        .describe("Where words of it remain; empty where there are none"),
      unread: z.array(z.string()).describe("Files that could not be read"),
    }),
  examples: [{ title: "Is anything of it left?", args: { id: "019a5b2e-7c41-7d10-9a35-2f6d0c8e4b17" } }],
  provenance: {},
});
