import type { MovedProgram } from "@mh/contract/move.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { z } from "zod";
import { claudeSettingsSchema, readClaudeCode } from "./claude-code.ts";
import { codexConfigSchema, readCodexConfig } from "./codex.ts";
import { hermesConfigSchema, readHermesConfig } from "./hermes.ts";
import {
  openclawApprovalsSchema,
  openclawConfigSchema,
  readOpenclawApprovals,
  readOpenclawConfig,
} from "./openclaw.ts";
import type { ImportContext, Proposal } from "./proposal.ts";

export interface Permissions {
  /** Which program's file it is. */
  program: "claude-code" | "openclaw" | "hermes" | "codex";
  proposals: Proposal[];
}

type Given = Omit<ImportContext, "principal"> & { principal?: string };

/** One form of file: by which names it says something of permissions, and what it comes to. */
interface Form<T> {
  program: Permissions["program"];
  /** The name by which one moves in from it. */
  moved: MovedProgram;
  keys: readonly string[];
  schema: z.ZodType<T>;
  principal: string;
  read: (value: T, context: ImportContext) => Proposal[];
}

const form = <T>(given: Form<T>) => ({
  ...{ program: given.program, moved: given.moved, keys: given.keys },
  /** What it comes to, or the reason why it is not of this form. */
  read(json: unknown, context: Given): Proposal[] | string {
    const parsed = given.schema.safeParse(json);
    if (parsed.success) return given.read(parsed.data, { principal: given.principal, ...context });
    const [issue] = parsed.error.issues;
    return `${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`;
  },
});

const openclaw = { program: "openclaw", moved: "openclaw", principal: "agent:main" } as const;
const forms = [
  form({
    ...{ program: "claude-code", moved: "claude", principal: "client:claude-code" },
    ...{ keys: ["permissions"], schema: claudeSettingsSchema, read: readClaudeCode },
  }),
  form({ ...openclaw, keys: ["version", "defaults"], schema: openclawApprovalsSchema, read: readOpenclawApprovals }),
  form({ ...openclaw, keys: ["tools", "agents"], schema: openclawConfigSchema, read: readOpenclawConfig }),
  form({
    ...{ program: "hermes", moved: "hermes", principal: "agent:main" },
    ...{ keys: ["approvals", "command_allowlist"], schema: hermesConfigSchema, read: readHermesConfig },
  }),
  form({
    ...{ program: "codex", moved: "codex", principal: "agent:main" },
    ...{ keys: ["approval_policy", "sandbox_mode", "sandbox_workspace_write"], schema: codexConfigSchema },
    read: (config) => readCodexConfig(config),
  }),
];

/** Reads another program's permission file. Nothing is taken: what it comes to is for the owner to look at. */
export function readPermissions(text: string, context: Given): Permissions {
  const read = permissionsIn(parsed(text), context);
  if (read) return read;
  const known = "Claude Code's settings.json, OpenClaw's openclaw.json and exec-approvals.json";
  throw new Fault("import.unreadable", `It holds no permissions that can be read. Known are ${known}.`);
}

/**
 * What settings say of permissions, by their shape, or those of one program; undefined where they say nothing of them.
 * Throws `import.unreadable` where they say something that cannot be read.
 */
export function permissionsIn(json: unknown, context: Given, moved?: MovedProgram): Permissions | undefined {
  const names = typeof json === "object" && json !== null ? Object.keys(json) : [];
  const unread: string[] = [];
  for (const each of forms) {
    if (moved !== undefined && each.moved !== moved) continue;
    const proposals = each.read(json, context);
    const isSaid = each.keys.some((key) => names.includes(key));
    if (typeof proposals === "string") {
      if (isSaid) unread.push(proposals);
      continue;
    }
    // Another form of the program, in which nothing stands, does not speak for one that cannot be read.
    if (proposals.length > 0 || (isSaid && unread.length === 0)) return { program: each.program, proposals };
  }
  if (unread.length === 0) return undefined;
  throw new Fault("import.unreadable", `Its permissions cannot be read: ${unread.join("; ").slice(0, 500)}.`);
}

/** The rules among them, as one file of the owner's. */
export function rulesFile({ program, proposals }: Permissions): string {
  const rules = proposals.flatMap((each) => (each.kind === "rule" ? [each] : []));
  const told = [...new Map(rules.map((each) => [each.cedar, each])).values()].map(({ from, cedar, note }) => {
    const comments = [from, ...(note ? [note] : [])].map((line) => `// ${line.replace(/[\p{C}\u2028\u2029]/gu, " ")}`);
    return `${comments.join("\n")}\n${cedar}`;
  });
  return told.length === 0 ? "" : `// Proposed by mh from the permissions of ${program}.\n\n${told.join("\n")}`;
}

/** JSON, with the comments and last commas that both programs put up with. */
function parsed(text: string): unknown {
  if (text.length > 2_000_000) throw new Fault("import.unreadable", "It is longer than any permission file is.");
  const bare = text
    .replace(/^\uFEFF/, "")
    .replace(/"(?:[^"\\\n]|\\.)*"?|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (part) => (part.startsWith('"') ? part : " "))
    .replace(/"(?:[^"\\\n]|\\.)*"?|,(?=\s*[\]}])/g, (part) => (part === "," ? "" : part))
    .replace(/"(?:[^"\\\n]|\\.)*"?|([{,]\s*)([A-Za-z_$][\w$]*)(?=\s*:)/g, (part, before?: string, name?: string) =>
      name === undefined ? part : `${before}"${name}"`,
    );
  try {
    return JSON.parse(bare);
  } catch (cause) {
    throw new Fault("import.unreadable", `It is no JSON: ${(cause as Error).message}`, { cause });
  }
}
