import { z } from "zod";
import { defineContract } from "./contract.ts";

const none = () => z.strictObject({});

export const journalCheckpoint = defineContract({
  name: "journal.checkpoint",
  kind: "admin",
  title: "Sign the log as it stands",
  input: none,
  output: () => z.strictObject({ signed: z.literal(true) }),
  examples: [{ title: "Sign it now", args: {} }],
  event: "journal.signed",
});

export const journalArchive = defineContract({
  name: "journal.archive",
  kind: "admin",
  title: "Compress old days of the log",
  input: () =>
    z.strictObject({
      before: z.iso.date("a day is YYYY-MM-DD").describe("The first day that stays as it is, YYYY-MM-DD"),
    }),
  output: () => z.strictObject({ archived: z.array(z.string()).describe("Paths of the files that were compressed") }),
  examples: [{ title: "What is older than March", args: { before: "2026-03-01" } }],
  event: "journal.archived",
});

export const objectDiscard = defineContract({
  name: "object.discard",
  kind: "admin",
  title: "Delete payloads and earlier texts that are no longer needed",
  input: none,
  output: () => z.strictObject({ discarded: z.number().int().describe("How many") }),
  examples: [{ title: "Delete them now", args: {} }],
  event: "object.discarded",
});
