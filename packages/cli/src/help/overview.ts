import type { Listed } from "../command.ts";
import { globalFlags } from "../global-options.ts";
import { topics } from "./topics.ts";

/** The commands by what one wants to do. One that is named nowhere shows under the last title. */
const groups: Record<string, readonly string[]> = {
  Begin: [
    "init",
    "tour",
    "move",
    "config",
    "persona",
    "observe",
    "device",
    "channel",
    "secret",
    "encrypt",
    "lock",
    "unlock",
    "rekey",
  ],
  Remember: [
    "capture",
    "remember",
    "import",
    "audio",
    "search",
    "ask",
    "chat",
    "recall",
    "memory",
    "people",
    "goal",
    "task",
    "when",
    "calendar",
    "mail",
  ],
  Decide: ["approvals", "decide", "decision", "no", "review", "proposal", "grant", "trust", "policy", "stop", "resume"],
  "Let work": ["agent", "skill", "mcp", "model", "ollama", "up", "open", "daemon", "notify"],
  "Look back": ["why", "audit", "history", "undo", "redo", "snapshot", "backup", "self"],
  "Everything else": ["status", "doctor", "act", "completion", "help"],
};

const ownFlags = [
  ["--version", "the version"],
  ["--help", "this, or a command's own help"],
] as const;

const example = 'mh capture "Met with Sarah about the ML project"';

/** What `mh help` shows. All of it is ASCII, so it is laid out by hand: `mh --help` loads nothing else. */
export function overview(commands: Record<string, Listed>, bold: (text: string) => string): string {
  const grouped = grouping(commands).map(([title, names]) =>
    section(
      title,
      names.map((name) => [name, commands[name]?.summary ?? ""]),
    ),
  );
  const topicRows = Object.entries(topics).map(([name, { summary }]) => [name, summary] as const);
  return [
    "mh: your memory, your agents, one gate.\n\nUsage: mh COMMAND [options]",
    ...grouped,
    section("Options of every command", [...globalFlags, ...ownFlags]),
    section("Topics (mh help TOPIC)", topicRows),
    `Example:\n  ${example}`,
  ].join("\n\n");

  function section(title: string, rows: readonly (readonly [string, string])[]): string {
    return [bold(title), ...rows.map(([name, summary]) => `  ${name.padEnd(17)} ${summary}`)].join("\n");
  }
}

/** Each title with those of its commands that there are. */
export function grouping(commands: Record<string, Listed>): [title: string, names: string[]][] {
  const named = new Set(Object.values(groups).flat());
  const others = Object.keys(commands).filter((name) => !named.has(name));
  const titles = Object.keys(groups);
  return titles.map((title) => {
    const names = (groups[title] ?? []).filter((name) => Object.hasOwn(commands, name));
    return [title, title === titles.at(-1) ? [...names, ...others] : names];
  });
}
