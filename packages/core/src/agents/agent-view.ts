import type { AgentView } from "@mh/contract/values/agent.ts";
import type { Config } from "../model/config.ts";
import type { Database } from "../ports/database.ts";
import { type AgentRow, agentRows, runsNow } from "./agents-table.ts";
import type { AgentManifest } from "./scheduler/agent-manifest.ts";
import { type Moment, nextDue } from "./scheduler/due.ts";
import { withOwnSchedule } from "./scheduler/own-schedule.ts";

/** An agent's file as it is on disk. */
export interface AgentFile {
  name: string;
  path: string;
  /** It came with mh. */
  isShipped: boolean;
  source: string;
  hash: string;
  /** What it declares; where that cannot be read, `fault` says why. */
  manifest?: AgentManifest | undefined;
  fault?: string | undefined;
}

export interface ViewDeps {
  /** What lies in the agents' folders, described. */
  files: () => Promise<AgentFile[]>;
  timeZone: () => string;
  isRunning: (name: string) => boolean;
}

/** Every agent that there is a file of, or that was allowed once, as the owner sees it. */
export async function viewsOf(deps: ViewDeps, db: Database, now: number, config: Config): Promise<AgentView[]> {
  const files = new Map((await deps.files()).map((file) => [file.name, file]));
  const rows = new Map(agentRows(db).map((row) => [row.name, row]));
  const names = [...new Set([...files.keys(), ...rows.keys()])].sort();
  return names.map((name) => viewOf(deps, { db, now, config }, name, files.get(name), rows.get(name)));
}

function viewOf(
  deps: ViewDeps,
  { db, now, config }: { db: Database; now: number; config: Config },
  name: string,
  file: AgentFile | undefined,
  row: AgentRow | undefined,
): AgentView {
  const adopted = row && (JSON.parse(row.manifest) as AgentManifest);
  const manifest = file?.manifest ?? adopted;
  const asksFor = manifest ? (row ? wider(row, manifest) : [...manifest.may]) : [];
  const scheduled = adopted && withOwnSchedule(adopted, config);
  const moment: Pick<Moment, "nowMs" | "timeZone"> = { nowMs: now, timeZone: deps.timeZone() };
  const next =
    scheduled && row?.state === "on" ? nextDue({ name, manifest: scheduled, sinceMs: 0 }, moment) : undefined;
  return {
    name,
    title: manifest?.title ?? "",
    state: stateOf(file, row, asksFor),
    path: file?.path ?? null,
    isShipped: file?.isShipped ?? false,
    isRunning: deps.isRunning(name),
    may: manifest?.may.slice() ?? [],
    ensures: manifest?.ensures.slice() ?? [],
    triggers: (scheduled ?? manifest)?.triggers ?? [],
    asksFor,
    fault: file?.fault ?? null,
    last: runsNow(db, name, 1)[0] ?? null,
    nextMs: next ?? null,
    hash: file?.hash ?? null,
  };
}

function stateOf(
  file: AgentFile | undefined,
  row: AgentRow | undefined,
  asksFor: readonly string[],
): AgentView["state"] {
  if (!file) return "gone";
  if (file.fault !== undefined && !row) return "broken";
  if (!row) return "waiting";
  if (row.state === "paused") return "paused";
  return asksFor.length > 0 || (file.hash !== row.hash && !file.isShipped) ? "changed" : "on";
}

/** What a file asks for beyond what its agent was allowed. */
export function wider(row: AgentRow, { may }: AgentManifest): string[] {
  const known = (JSON.parse(row.manifest) as AgentManifest).may;
  return may.filter((skill) => !known.includes(skill));
}

/** What an agent was allowed and its file asks for no longer. */
export function narrower(row: AgentRow, { may }: AgentManifest): string[] {
  const known = (JSON.parse(row.manifest) as AgentManifest).may;
  return known.filter((skill) => !may.includes(skill));
}
