import { Fault } from "@mh/contract/values/fault.ts";
import { z } from "zod";
import { canonicalPath, outsidePathSchema } from "../disk/outside-path.ts";
import { defineOutside } from "../kernel/legacy.ts";
import { isInside } from "../kernel/scope.ts";
import type { Classification } from "../kernel/skill.ts";
import type { Programs } from "../ports/programs.ts";
import { programPath, refusedProgram, refusedWords } from "./shell-words.ts";

const outputBytesMax = 1_048_576;
const minuteMs = 60_000;

const wordSchema = z
  .string()
  .max(20_000)
  .refine(
    (word) =>
      word.isWellFormed() && !/[\p{Cc}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/u.test(word.replace(/[\n\t]/g, "")),
    "an argument holds no control characters",
  );

const argvSchema = z
  .array(wordSchema)
  .min(1)
  .max(500)
  .superRefine((argv, context) => {
    const message = refusedWords(argv);
    if (message) context.addIssue({ code: "custom", message });
  });

const system = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc", "/boot"];
const folderSchema = (programs: Programs) =>
  outsidePathSchema([...programs.closed, ...system]).refine(
    (path) => !programs.closed.some((closed) => isInside(canonicalPath(path).toLowerCase(), closed.toLowerCase())),
    "a program is given no folder that holds mh's own, or the whole disk",
  );

const output = z.strictObject({
  exitCode: z.number(),
  stdout: z.string(),
  stderr: z.string(),
  /** It wrote more than this. */
  isCut: z.boolean(),
});

/**
 * Runs one program behind walls. `argv` is the program and its arguments, never a line for a shell. It sees the system's
 * files and `cwd`, where alone it may write; it has no network and nothing of the owner's environment.
 */
export function runShellSkill({ programs }: { programs: Programs }) {
  const input = z.strictObject({
    argv: argvSchema,
    cwd: folderSchema(programs).optional(),
    timeoutMs: z
      .number()
      .int()
      .min(1)
      .max(10 * minuteMs)
      .optional(),
  });
  type In = z.infer<typeof input>;
  return defineOutside<In, z.infer<typeof output>>({
    manifest: {
      name: "shell.run",
      version: "1.0.0",
      title: "Run a program in a sandbox",
      input,
      output,
      effects: ["local"],
      permissions: { paths: ["/"], processes: true },
      control: ["argv", "cwd"],
      undo: null,
      retry: "never",
      event: "shell.ran",
    },
    classify,
    async run({ argv: [word = "", ...args], cwd, timeoutMs = minuteMs }, { signal }) {
      const program = programPath(word);
      const real = await programs.realPath(program);
      const why = refusedProgram(real.slice(real.lastIndexOf("/") + 1), args);
      if (why) throw new Fault("args.invalid", `${program} is ${real}, and ${why}.`);
      const folder = cwd === undefined ? {} : { folder: canonicalPath(cwd) };
      return programs.run({ program, args, ...folder, timeoutMs, outputBytesMax, signal });
    },
  });
}

/** What it touches is the program itself, so that a grant can be for one, and the folder; without one, nothing lasts. */
function classify({ argv: [word = ""], cwd }: { argv: string[]; cwd?: string | undefined }): Classification {
  const paths = [programPath(word), ...(cwd === undefined ? [] : [canonicalPath(cwd)])];
  return { effect: "local", risk: cwd === undefined ? "low" : "medium", scope: { paths } };
}
