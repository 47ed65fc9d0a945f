import type { MovedProgram } from "@mh/contract/move.ts";
import type { ImportFormat } from "@mh/contract/values/import-format.ts";

/** Where a program keeps what. A place is relative to its folder; `*` stands for one name, `**` for any way down. */
export interface Layout {
  title: string;
  /**
   * Folders of texts that it remembers, and what they are read as; `having` is a file by which one is known, and `texts` are
   * those of the folder itself.
   */
  memories: { place: string; format: ImportFormat; having?: string; texts?: string }[];
  /** What says who somebody is, and how they want it: all of it is one part of the persona. */
  persona: string[];
  /** The instructions of packages. */
  skills: string[];
  schedules: string[];
  /** Settings that name MCP servers. */
  servers: string[];
  /** Settings that say what may be done without asking. */
  permissions: string[];
  /** Files that hold an agent whole, with its blocks of memory. */
  agentFiles: string[];
  /** Keys and tokens: named, and never read. */
  secrets: string[];
  /** What is known and stays there, with the reason. */
  left: { place: string; why: string }[];
  /** A file beside the folder, where the folder has its usual name. */
  beside?: { folder: string; file: string };
}

const nothing: Omit<Layout, "title"> = {
  ...{ memories: [], persona: [], skills: [], schedules: [], servers: [], permissions: [] },
  ...{ agentFiles: [], secrets: [], left: [] },
};
const runs = "It runs by itself; here nothing does that you did not allow";
const setsUp = "It sets the program up, and says nothing of you";
const record = "It is the program's own record";
const judged = "What was said and done there is judged by `mh policy replay`";

/**
 * As the programs' documentation has it: docs.openclaw.ai (concepts/agent-workspace, automation/cron-jobs, tools/skills),
 * hermes-agent.nousresearch.com/docs (user-guide/configuration, features/cron), code.claude.com/docs (claude-directory,
 * settings), developers.openai.com/codex (config-reference, skills), docs.letta.com (guides/core-concepts/agent-file).
 */
export const layouts: Readonly<Record<MovedProgram, Layout>> = {
  openclaw: {
    ...nothing,
    title: "OpenClaw",
    memories: [
      { place: "workspace", format: "openclaw" },
      { place: ".", format: "openclaw", having: "SOUL.md", texts: "*.md" },
    ],
    persona: ["workspace/USER.md", "USER.md", "workspace/SOUL.md", "SOUL.md"],
    skills: ["workspace/skills/**/SKILL.md", "skills/**/SKILL.md"],
    schedules: ["cron/jobs.json"],
    servers: ["openclaw.json"],
    permissions: ["openclaw.json", "exec-approvals.json"],
    secrets: [".env", "credentials", "identity", "agents/*/agent/auth-profiles.json"],
    left: [
      { place: "agents/*/sessions", why: judged },
      ...["workspace/", ""].flatMap((folder) => [
        ...["AGENTS", "TOOLS", "IDENTITY", "BOOTSTRAP"].map((name) => ({ place: `${folder}${name}.md`, why: setsUp })),
        ...["HEARTBEAT", "BOOT"].map((name) => ({ place: `${folder}${name}.md`, why: runs })),
      ]),
      { place: "hooks", why: runs },
      { place: "extensions", why: runs },
    ],
  },
  hermes: {
    ...nothing,
    title: "Hermes",
    memories: [{ place: "memories", format: "hermes" }],
    persona: ["SOUL.md"],
    skills: ["skills/**/SKILL.md"],
    schedules: ["cron/jobs.json"],
    servers: ["config.yaml"],
    permissions: ["config.yaml"],
    secrets: [".env", "auth.json"],
    left: [
      { place: "sessions", why: judged },
      { place: "state.db", why: record },
      { place: "plugins", why: runs },
      { place: "hooks", why: runs },
      { place: "cron/output", why: record },
    ],
  },
  claude: {
    ...nothing,
    title: "Claude Code",
    memories: [{ place: "projects/*/memory", format: "markdown" }],
    persona: ["CLAUDE.md"],
    skills: ["skills/*/SKILL.md"],
    servers: [".mcp.json"],
    permissions: ["settings.json", "settings.local.json"],
    secrets: [".credentials.json"],
    left: [
      { place: "projects/*/*.jsonl", why: judged },
      {
        place: "agents",
        why: "They are prompts for a program's own agents: an agent here is a file that says what it may",
      },
      { place: "commands", why: "They are prompts for that program: `mh help skills` says how one becomes a skill" },
      { place: "hooks", why: runs },
      { place: "plugins", why: runs },
      { place: "history.jsonl", why: record },
    ],
    beside: { folder: ".claude", file: ".claude.json" },
  },
  codex: {
    ...nothing,
    title: "Codex",
    persona: ["AGENTS.md"],
    skills: ["skills/*/SKILL.md"],
    servers: ["config.toml"],
    permissions: ["config.toml"],
    secrets: ["auth.json"],
    left: [
      { place: "sessions", why: judged },
      { place: "skills/.system", why: "They came with the program" },
      { place: "prompts", why: "They are prompts for that program: `mh help skills` says how one becomes a skill" },
      { place: "history.jsonl", why: record },
      { place: "log", why: record },
    ],
  },
  letta: { ...nothing, title: "Letta", agentFiles: ["*.af"] },
};
