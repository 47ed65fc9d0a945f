import { z } from "zod";
import { defineContract } from "./contract.ts";
import { outsidePathSchema } from "./values/outside-path.ts";

const minuteMs = 60_000;

const word = z
  .string()
  .max(20_000)
  .refine(
    (text) =>
      text.isWellFormed() && !/[\p{Cc}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/u.test(text.replace(/[\n\t]/g, "")),
    "an argument holds no control characters",
  );

/**
 * Runs one program in a sandbox. It sees the system's files and `cwd`, where alone it may write; it has no network and
 * nothing of the owner's environment. What it printed is kept: it cannot be had again.
 */
export const shellRun = defineContract({
  name: "shell.run",
  kind: "outside",
  title: "Run a program in a sandbox",
  input: () =>
    z.strictObject({
      argv: z
        .array(word)
        .min(1)
        .max(500)
        .describe("The program, by its name or absolute path, and its arguments; never a line for a shell"),
      cwd: outsidePathSchema()
        .optional()
        .describe("Absolute path of the folder that it begins in and may write to; none where it is left out"),
      timeoutMs: z
        .number()
        .int()
        .min(1)
        .max(10 * minuteMs)
        .optional()
        .describe("Milliseconds after which it is ended, ten minutes at most; one minute where it is left out"),
    }),
  output: () =>
    z.strictObject({
      exitCode: z.number().describe("128 and the signal's number where a signal ended it"),
      stdout: z.string().describe("What it wrote, one mebibyte at most"),
      stderr: z.string().describe("What it wrote as errors, one mebibyte at most"),
      isCut: z.boolean().describe("It wrote more than this"),
    }),
  examples: [
    { title: "A program without a folder", args: { argv: ["true"] } },
    { title: "A program that looks into a folder", args: { argv: ["ls", "-l"], cwd: "/srv/photos" } },
  ],
  effects: ["local"],
  permissions: { paths: ["*"], processes: true },
  control: ["argv", "cwd"],
  pointers: {
    argv: "pinned",
    cwd: "of the folder, only what the arguments name is held fast; not what that reads, includes or runs",
  },
  event: "shell.ran",
});
