import type { Scope } from "@mh/contract/values/effect.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { agent as agentPrincipal } from "@mh/contract/values/principal.ts";
import { z } from "zod";
import { calendarSettings } from "../calendar/settings.ts";
import { defineAdmin } from "../kernel/define-admin.ts";
import { defineQuery } from "../kernel/legacy.ts";
import { readManifest } from "../kernel/read-manifest.ts";
import type { Registry } from "../kernel/registry.ts";
import { always, type OwnContext } from "../kernel/skill.ts";
import { liveGrants, meta } from "../kernel/state.ts";
import { mailSettings } from "../mail/settings.ts";
import { canonical } from "../model/canonical.ts";
import type { Config } from "../model/config.ts";
import { utf8 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import { type AgentAdoption, type AgentRow, type AgentRunRow, agentRow, agentRows, runsOf } from "./agents-table.ts";
import { type AgentManifest, agentNameSchema } from "./scheduler/agent-manifest.ts";
import { type Moment, nextDue } from "./scheduler/due.ts";
import { withOwnSchedule } from "./scheduler/own-schedule.ts";
import { agentSection } from "./settings.ts";

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

export interface AgentDeps {
  crypto: Crypto;
  registry: Registry;
  /** What lies in the agents' folders, described. */
  files: () => Promise<AgentFile[]>;
  timeZone: () => string;
  /** Suspends, continues or ends what runs of an agent now. */
  control: (name: string, what: "pause" | "resume" | "stop") => void;
  isRunning: (name: string) => boolean;
}

/** Where an agent stands: it waits for the owner's leave, or for the leave to do more; it is on; paused; broken. */
export type AgentState = "waiting" | "on" | "paused" | "changed" | "broken" | "gone";

export interface AgentView {
  name: string;
  title: string;
  state: AgentState;
  path: string | null;
  isShipped: boolean;
  isRunning: boolean;
  may: string[];
  ensures: string[];
  triggers: AgentManifest["triggers"];
  /** Skills that the file asks for and the owner has not allowed yet. */
  asksFor: string[];
  fault: string | null;
  last: AgentRunRow | null;
  nextMs: number | null;
  hash: string | null;
}

const none = z.strictObject({});
const byName = z.strictObject({ name: agentNameSchema });
const listed = z.strictObject({ agents: z.array(z.custom<AgentView>()) });

/** Every agent that there is a file of, or that was allowed once. */
export function listAgentsSkill(deps: AgentDeps) {
  return defineQuery<Record<string, never>, { agents: AgentView[] }>({
    manifest: readManifest("agent.list", "List your agents", none, listed),
    classify: always("read"),
    async run(_args, { db, now, config }) {
      return { agents: await viewsOf(deps, db, now, config) };
    },
  });
}

const shown = z.strictObject({ agent: z.custom<AgentView>(), runs: z.array(z.custom<AgentRunRow>()) });

export function showAgentSkill(deps: AgentDeps) {
  return defineQuery<z.infer<typeof byName>, { agent: AgentView; runs: AgentRunRow[] }>({
    manifest: readManifest("agent.show", "Show an agent and its last runs", byName, shown),
    classify: always("read"),
    async run({ name }, { db, now, config }) {
      const agent = (await viewsOf(deps, db, now, config)).find((each) => each.name === name);
      if (!agent) throw unknownAgent(name);
      return { agent, runs: runsOf(db, name, 20) };
    },
  });
}

const allowInput = z.strictObject({
  name: agentNameSchema,
  /** What the owner was shown: the file's version, and what it asked for. A file may declare something else each time. */
  hash: z.string().max(64).optional(),
  may: z.array(z.string()).max(100).optional(),
});
type AllowArgs = z.infer<typeof allowInput>;
const allowed = z.strictObject({ name: z.string(), hash: z.string(), may: z.array(z.string()) });

/**
 * The owner's leave for an agent, at the version that lies there: it may run, and use what its file asks for. Where a
 * skill only reaches out to hosts, those that its settings name are in scope.
 */
export function allowAgentSkill(deps: AgentDeps) {
  return defineAdmin<AllowArgs, z.infer<typeof allowed>, AgentFile>({
    name: "agent.allow",
    title: "Let an agent run, and use what it asks for",
    input: allowInput,
    output: allowed,
    event: "agent.allowed",
    undo: "mh agent pause",
    control: ["name"],
    prepare: (shown) => wholeFile(deps, shown),
    apply(_args, context, file) {
      const manifest = file.manifest as AgentManifest;
      for (const skill of manifest.may) deps.registry.get(skill);
      adopt(context, file, "on");
      const scopes = hostsFor(manifest, context.config);
      for (const skill of [...manifest.may, "agent.run"]) give(deps, context, manifest.name, skill, scopes[skill]);
      return { name: manifest.name, hash: file.hash, may: [...manifest.may] };
    },
  });
}

/** Takes in a file that changed and asks for nothing more than before. Journaled as what it is: a change on disk. */
export function renewAgentSkill(deps: AgentDeps) {
  return defineAdmin<z.infer<typeof byName>, { name: string; hash: string }, AgentFile>({
    name: "agent.renew",
    title: "Take in an agent's file that changed",
    input: byName,
    output: z.strictObject({ name: z.string(), hash: z.string() }),
    event: "agent.renewed",
    undo: null,
    prepare: ({ name }) => wholeFile(deps, { name }),
    apply({ name }, context, file) {
      const row = knownAgent(context.tx.db, name);
      const more = wider(row, file.manifest as AgentManifest);
      if (more.length > 0) {
        throw new Fault(
          "agent.invalid",
          `${name} asks for more: ${more.join(", ")}. \`mh agent allow ${name}\` gives it.`,
        );
      }
      adopt(context, file, row.state);
      return { name, hash: file.hash };
    },
  });
}

/** No new run begins, and the one under way is suspended. */
export const pauseAgentSkill = (deps: AgentDeps) => stateSkill(deps, "paused");
export const resumeAgentSkill = (deps: AgentDeps) => stateSkill(deps, "on");

function stateSkill(deps: AgentDeps, state: AgentRow["state"]) {
  const verb = state === "paused" ? "pause" : "resume";
  return defineAdmin<z.infer<typeof byName>, { name: string; state: string }>({
    name: `agent.${verb}`,
    title: state === "paused" ? "Let an agent rest" : "Let an agent go on",
    input: byName,
    output: z.strictObject({ name: z.string(), state: z.string() }),
    event: `agent.${verb}d`,
    undo: state === "paused" ? "mh agent resume" : "mh agent pause",
    control: ["name"],
    apply({ name }, { tx, commandId, principal }) {
      const row = knownAgent(tx.db, name);
      const manifest = JSON.parse(row.manifest) as Record<string, unknown>;
      const body: AgentAdoption = {
        ...{ what: "agent", name, hash: row.hash, object: row.object, manifest, state, fromSeq: headOf(tx.db) },
      };
      if (row.state !== state) tx.append({ phase: "adopt", id: commandId, principal, body });
      tx.afterCommit(() => deps.control(name, verb));
      return { name, state };
    },
  });
}

/** Ends what runs of an agent now. It is not tried again, and the next time it is due it runs as ever. */
export function stopAgentSkill(deps: AgentDeps) {
  return defineAdmin<z.infer<typeof byName>, { name: string; wasRunning: boolean }>({
    name: "agent.stop",
    title: "End an agent's run",
    input: byName,
    output: z.strictObject({ name: z.string(), wasRunning: z.boolean() }),
    event: "agent.stopped",
    undo: null,
    control: ["name"],
    apply({ name }, { tx }) {
      knownAgent(tx.db, name);
      const wasRunning = deps.isRunning(name);
      tx.afterCommit(() => deps.control(name, "stop"));
      return { name, wasRunning };
    },
  });
}

async function wholeFile(deps: AgentDeps, { name, hash, may }: AllowArgs): Promise<AgentFile> {
  const file = (await deps.files()).find((each) => each.name === name);
  if (!file) throw unknownAgent(name);
  if (!file.manifest) throw new Fault("agent.invalid", `${file.path}: ${file.fault}`);
  const isAsShown =
    (hash ?? file.hash) === file.hash && canonical(may ?? file.manifest.may) === canonical(file.manifest.may);
  if (isAsShown) return file;
  throw new Fault("agent.invalid", `${file.path} is not what you were shown any more. \`mh agent show ${name}\``);
}

function adopt({ tx, commandId, principal }: OwnContext, file: AgentFile, state: AgentRow["state"]): void {
  const body: AgentAdoption = {
    what: "agent",
    name: file.name,
    hash: file.hash,
    object: tx.object(utf8.encode(file.source)),
    manifest: { ...file.manifest },
    state,
    fromSeq: headOf(tx.db),
  };
  tx.append({ phase: "adopt", id: commandId, principal, body });
}

/** A grant where there is none of this scope yet. */
function give(deps: AgentDeps, context: OwnContext, name: string, skill: string, scope: Scope = {}): void {
  const { tx, commandId, principal, now } = context;
  const known = liveGrants(tx.db, agentPrincipal(name), skill, undefined, now);
  if (known.some((grant) => grant.task === null && grant.scope === JSON.stringify(scope))) return;
  const body = { principal: agentPrincipal(name), skill, scope };
  tx.append({ phase: "grant", id: commandId, ref: deps.crypto.id(), principal, body });
}

/** The hosts that the settings name for the skills of an agent that fetch. */
function hostsFor({ name, may }: AgentManifest, config: Config): Record<string, Scope> {
  const mail = mailSettings.of(config).accounts.flatMap(({ imap }) => (imap ? [imap.host] : []));
  const calendars = calendarSettings.of(config).sources.flatMap(({ url, caldav }) => [url, caldav].flatMap(hostOf));
  const section = [...JSON.stringify(agentSection(config, name)).matchAll(/https?:\/\/[^\s"\\]+/g)].flatMap(([url]) =>
    hostOf(url),
  );
  const byNoun: Record<string, string[]> = { mail, calendar: calendars, web: section, feed: section };
  return Object.fromEntries(
    may.flatMap((skill) => {
      const hosts = byNoun[skill.split(".", 1)[0] ?? ""];
      return hosts && hosts.length > 0
        ? [[skill, { hosts: [...new Set(hosts.map((host) => host.toLowerCase()))] }]]
        : [];
    }),
  );
}

function hostOf(url: string | undefined): string[] {
  return url && URL.canParse(url) ? [new URL(url).hostname] : [];
}

async function viewsOf(deps: AgentDeps, db: Database, now: number, config: Config): Promise<AgentView[]> {
  const files = new Map((await deps.files()).map((file) => [file.name, file]));
  const rows = new Map(agentRows(db).map((row) => [row.name, row]));
  const names = [...new Set([...files.keys(), ...rows.keys()])].sort();
  return names.map((name) => viewOf(deps, { db, now, config }, name, files.get(name), rows.get(name)));
}

function viewOf(
  deps: AgentDeps,
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
    last: runsOf(db, name, 1)[0] ?? null,
    nextMs: next ?? null,
    hash: file?.hash ?? null,
  };
}

function stateOf(file: AgentFile | undefined, row: AgentRow | undefined, asksFor: readonly string[]): AgentState {
  if (!file) return "gone";
  if (file.fault !== undefined && !row) return "broken";
  if (!row) return "waiting";
  if (row.state === "paused") return "paused";
  return asksFor.length > 0 ? "changed" : "on";
}

/** What a file asks for beyond what its agent was allowed. */
export function wider(row: AgentRow, { may }: AgentManifest): string[] {
  const known = (JSON.parse(row.manifest) as AgentManifest).may;
  return may.filter((skill) => !known.includes(skill));
}

function knownAgent(db: Database, name: string): AgentRow {
  const row = agentRow(db, name);
  if (row) return row;
  throw new Fault("agent.not-found", `${name} was never allowed to run. \`mh agent list\` shows which there are.`);
}

const unknownAgent = (name: string): Fault =>
  new Fault("agent.not-found", `There is no agent ${name}. \`mh agent list\` shows which there are.`);

const headOf = (db: Database): number =>
  (JSON.parse(meta(db, "journal") ?? '{"head":{"size":0}}') as { head: { size: number } }).head.size;
