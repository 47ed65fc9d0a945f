import * as fs from "node:fs";
import * as path from "node:path";
import type { Host } from "@mh/host/home/host.ts";

/** What a prepared home has that commands are about. */
export interface Made {
  boiler: string;
  plumber: string;
  waiting: string;
  snapshot: string;
  notes: string;
}

export interface Swept {
  args(made: Made): string[];
  /** Where it is a daemon's start and end that are tried: how it is started. The command goes through it. */
  daemon?: readonly string[];
  /** It may be done in part, and says how much. */
  isByParts?: true;
  /** What it prints if it is done. */
  prints?: RegExp;
  /** How it says that it is done where it ends badly for what came after. */
  says?: RegExp;
  /** What is nowhere any more once it is done. */
  gone?: string;
}

const rule = `@id("ask") @title("Ask about what a helper remembers")
forbid (principal == mh::Principal::"agent:helper", action, resource) unless { context.approved };`;

/** Commands that are tried with each of their calls going wrong. */
export const sweptCommands: Readonly<Record<string, Swept>> = {
  capture: { args: () => ["capture", "Met with Sarah in Lisbon"] },
  ask: { args: () => ["ask", "What is broken?"], prints: /boiler is broken/ },
  forget: { args: ({ boiler }) => ["memory", "forget", boiler, "--yes"], gone: "The boiler", says: /^Forgotten: / },
  edit: { args: ({ boiler }) => ["memory", "edit", boiler, "The boiler is new"] },
  prefer: { args: () => ["memory", "prefer", "Trains to planes"] },
  "task-add": { args: () => ["task", "add", "Send the letter"] },
  "task-done": { args: ({ plumber }) => ["task", "done", plumber] },
  config: { args: () => ["config", "set", "owner", "Grace Hopper"] },
  import: { args: ({ notes }) => ["import", notes], isByParts: true },
  undo: { args: () => ["undo"] },
  approve: { args: ({ waiting }) => ["approvals", "approve", waiting, "--yes"] },
  grant: { args: () => ["grant", "give", "agent:helper", "memory.list"] },
  snapshot: { args: () => ["snapshot", "create", "again"] },
  restore: { args: ({ snapshot }) => ["snapshot", "restore", snapshot] },
  up: { args: () => ["capture", "Met with Sarah in Lisbon"], daemon: ["up"] },
  "daemon-start": { args: () => ["capture", "Met with Sarah in Lisbon"], daemon: ["daemon", "start"] },
};

/** Commands that need no room at all. */
export const reads: Readonly<Record<string, Swept>> = {
  ask: sweptCommands.ask as Swept,
  list: { args: () => ["memory", "list"], prints: /boiler is broken/ },
  search: { args: () => ["search", "boiler"], prints: /boiler is broken/ },
  tasks: { args: () => ["task", "list"], prints: /Call the plumber/ },
  why: { args: ({ waiting }) => ["why", waiting], prints: /agent:helper/ },
};

/** Gives a new home a few things, some of them one after the other. */
export async function fill(host: Host, folder: string): Promise<Made> {
  const own = async <T>(skill: string, args: unknown): Promise<T> => {
    const outcome = await host.act({ principal: "owner", skill, args });
    if (outcome.status !== "done") throw new Error(`${skill}: ${JSON.stringify(outcome)}`);
    return outcome.value as T;
  };
  const notes = path.join(folder, "notes");
  fs.mkdirSync(notes);
  for (const name of ["Garden", "House", "Travels"])
    fs.writeFileSync(path.join(notes, `${name}.md`), `# ${name}\n\nWhat to know about ${name}: a lot.\n`);
  const { id: boiler } = await own<{ id: string }>("memory.capture", { text: "The boiler was repaired" });
  await own("memory.prefer", { text: "Tea without sugar" });
  const { id: plumber } = await own<{ id: string }>("task.add", { title: "Call the plumber" });
  const { name: snapshot } = await own<{ name: string }>("snapshot.create", { name: "before" });
  await own("memory.edit", { id: boiler, text: "The boiler is broken" });
  await own("grant.give", { principal: "agent:helper", skill: "memory.capture" });
  const asked = await host.act({ principal: "agent:helper", skill: "memory.capture", args: { text: "Help was here" } });
  if (asked.status !== "parked") throw new Error(`Nothing waits: ${JSON.stringify(asked)}`);
  await own("memory.capture", { text: "What is taken back" });
  return { boiler, plumber, waiting: asked.id, snapshot, notes };
}

/** Written before the home is opened. */
export function writeRule(root: string): void {
  fs.mkdirSync(path.join(root, "persona", "policy"), { recursive: true, mode: 0o700 });
  fs.writeFileSync(path.join(root, "persona", "policy", "ask.cedar"), rule);
}

type Listed = Record<string, unknown>;

/** What a home says, a line each: the same for two homes that are the same to their owner. */
export async function stateOf(host: Host): Promise<string[]> {
  const own = async (skill: string, args: unknown = {}): Promise<Listed> => {
    const outcome = await host.act({ principal: "owner", skill, args });
    if (outcome.status !== "done") throw new Error(`${skill}: ${JSON.stringify(outcome)}`);
    return outcome.value as Listed;
  };
  const rows = async (skill: string, list: string, keys: readonly string[], args: unknown = {}) => {
    const all = (await own(skill, args))[list] as Listed[];
    return all.map((row) => `${list} ${keys.map((key) => String(row[key])).join(" · ")}`);
  };
  const { inForce } = await own("config.show");
  return [
    ...(await rows("memory.list", "memories", ["content", "kind", "count"], { limit: 1000 })),
    ...(await rows("task.list", "tasks", ["title", "status"], { all: true })),
    ...(await rows("approval.list", "approvals", ["skill", "status"], { all: true })),
    ...(await rows("grant.list", "grants", ["principal", "skill", "status"], { all: true })),
    ...(await rows("snapshot.list", "snapshots", ["name"])).map((line) => line.replace(/\d{4}-\d\d-\d\dT\w+-/, "")),
    `owner ${(inForce as Listed).owner}`,
  ].sort();
}
