import { Fault } from "@mh/contract/values/fault.ts";
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

/** Reads another program's permission file. Nothing is taken: what it comes to is for the owner to look at. */
export function readPermissions(
  text: string,
  context: Omit<ImportContext, "principal"> & { principal?: string },
): Permissions {
  const json = parsed(text);
  const claude = claudeSettingsSchema.safeParse(json);
  if (claude.success) {
    const given = { principal: "client:claude-code", ...context };
    return { program: "claude-code", proposals: readClaudeCode(claude.data, given) };
  }
  const given = { principal: "agent:main", ...context };
  const approvals = openclawApprovalsSchema.safeParse(json);
  if (approvals.success) return { program: "openclaw", proposals: readOpenclawApprovals(approvals.data, given) };
  const config = openclawConfigSchema.safeParse(json);
  if (config.success && (config.data.tools || config.data.agents))
    return { program: "openclaw", proposals: readOpenclawConfig(config.data, given) };
  const hermes = hermesConfigSchema.safeParse(json);
  if (hermes.success) return { program: "hermes", proposals: readHermesConfig(hermes.data, given) };
  const codex = codexConfigSchema.safeParse(json);
  if (codex.success) return { program: "codex", proposals: readCodexConfig(codex.data) };
  const known = "Claude Code's settings.json, OpenClaw's openclaw.json and exec-approvals.json";
  throw new Fault("import.unreadable", `It holds no permissions that can be read. Known are ${known}.`);
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
