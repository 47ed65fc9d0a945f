import type { Scope } from "@mh/contract/values/effect.ts";
import { z } from "zod";

/**
 * What one line of another program's permission file comes to here. `rule` and `grant` are for the owner to take or
 * leave; `kept` is so already; `not` cannot be said as narrowly here, or should not be, and why.
 */
export type Proposal =
  | { kind: "rule"; from: string; title: string; cedar: string; note?: string }
  | { kind: "grant"; from: string; title: string; principal: string; skill: string; scope: Scope; note?: string }
  | { kind: "kept"; from: string; title: string }
  | { kind: "not"; from: string; title: string };

/** What the file cannot say of itself. */
export interface ImportContext {
  /** Whom grants are for. */
  principal: string;
  /** The folder that relative paths are meant from, and the home of whoever wrote them: both absolute. */
  base: string;
  home: string;
  /** Why a program is not let run for good; undefined where it may be. */
  refusedProgram: (program: string) => string | undefined;
}

const unreadable = Symbol("unreadable");

/** A list of texts, or what comes to one, of which some may be none: these are named, and the others are read. */
export const entriesSchema = (max: number, other: z.ZodType<string> = z.never()) =>
  z
    .array(z.union([z.string().max(max), other, z.unknown().transform(() => unreadable)]))
    .max(5_000)
    .default([]);
type Entries = z.infer<ReturnType<typeof entriesSchema>>;

/** What each entry of a list comes to; `from` is the list. */
export const eachOf = (from: string, entries: Entries, read: (text: string) => Proposal[]): Proposal[] =>
  entries.flatMap((entry, n) =>
    typeof entry === "string"
      ? read(entry)
      : [
          {
            kind: "not" as const,
            from: `${from}, entry ${n + 1}`,
            title: "It cannot be read: it is no text, or too long.",
          },
        ],
  );

type Verdict = "deny" | "ask";

/** A rule against everyone but the owner, on some skills and under a condition. */
export function ruleFor(
  from: string,
  verdict: Verdict,
  { title, skills, condition, note }: { title: string; skills: readonly string[]; condition?: string; note?: string },
): Proposal {
  const named = skills.map((skill) => `mh::Skill::${quoted(skill)}`);
  const resource = named.length === 1 ? `resource == ${named[0]}` : "resource";
  const which = named.length === 1 ? [] : [`[${named.join(", ")}].contains(resource)`];
  const when = ["!principal.owner", ...which, ...(condition ? [condition] : [])].join(" && ");
  const unless = verdict === "ask" ? "\nunless { context.approved }" : "";
  const cedar = `@title(${quoted(title)})\nforbid (principal, action, ${resource})\nwhen { ${when} }${unless};\n`;
  return { kind: "rule", from, title, cedar, ...(note && { note }) };
}

/** As a string of Cedar, whatever it holds. */
export function quoted(text: string): string {
  const escaped = [...text].map((char) => {
    if (char === "\\" || char === '"') return `\\${char}`;
    return /[\p{C}\p{Z}]/u.test(char) && char !== " " ? `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}` : char;
  });
  return `"${escaped.join("")}"`;
}

/** The one path by which grants and rules know a program. */
export const programAt = (word: string): string =>
  word.includes("/") ? word.replace(/^\/(s?bin)\//, "/usr/$1/") : `/usr/bin/${word}`;

/** What stands in a command's pattern: its program, and whether it says anything of the arguments. */
export function readCommand(pattern: string): { program: string; isWhole: boolean } | undefined {
  const text = pattern.trim();
  const [program = "", ...rest] = text.split(/[\s:]+/);
  if (!/^[\w./+-]+$/.test(program) || /[|&;<>$`(]/.test(text)) return undefined;
  return { program, isWhole: rest.length === 0 || rest.join("") === "*" };
}
