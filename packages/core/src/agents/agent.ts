import {
  agentAllow,
  agentList,
  agentPause,
  agentRenew,
  agentResume,
  agentShow,
  agentStop,
} from "@mh/contract/agents.ts";
import type { ArgsOf } from "@mh/contract/contract.ts";
import type { Scope } from "@mh/contract/values/effect.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { agent as agentPrincipal } from "@mh/contract/values/principal.ts";
import type { Adoption } from "../adoption/adoptions-table.ts";
import { calendarSettings } from "../calendar/settings.ts";
import type { WaitingSource } from "../feature.ts";
import type { Registry } from "../kernel/registry.ts";
import { defineAdmin, defineQuery, type OwnContext } from "../kernel/skill.ts";
import { liveGrants, meta } from "../kernel/state.ts";
import { mailSettings } from "../mail/settings.ts";
import { canonical } from "../model/canonical.ts";
import type { Config } from "../model/config.ts";
import { utf8 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import { type AgentFile, narrower, type ViewDeps, viewsOf, wider } from "./agent-view.ts";
import { type AgentRow, agentRow, runsNow } from "./agents-table.ts";
import type { AgentManifest } from "./scheduler/agent-manifest.ts";
import { agentSection } from "./settings.ts";

export interface AgentDeps extends ViewDeps {
  crypto: Crypto;
  registry: Registry;
  /** Suspends, continues or ends what runs of an agent now. */
  control: (name: string, what: "pause" | "resume" | "stop") => void;
}

export function listAgentsSkill(deps: AgentDeps) {
  return defineQuery(agentList, {
    async run(_args, { db, now, config }) {
      return { agents: await viewsOf(deps, db, now, config) };
    },
  });
}

/** Agents of the owner's own that were never allowed, and those that ask for more. One that came with mh is an offer. */
export const waitingAgents =
  (deps: AgentDeps): WaitingSource =>
  async ({ db, now, config }) => {
    const views = await viewsOf(deps, db, now, config);
    const waiting = views.filter(({ state, isShipped }) => state === "changed" || (state === "waiting" && !isShipped));
    return waiting.map(({ name, state, asksFor }) => ({
      ...{ kind: "agent", name, state: state === "waiting" ? "new" : "changed" },
      ...{ wider: asksFor.map((skill) => `use ${skill}`), command: `mh agent allow ${name}` },
    }));
  };

export function showAgentSkill(deps: AgentDeps) {
  return defineQuery(agentShow, {
    async run({ name }, { db, now, config }) {
      const agent = (await viewsOf(deps, db, now, config)).find((each) => each.name === name);
      if (!agent) throw unknownAgent(name);
      return { agent, runs: runsNow(db, name, 20) };
    },
  });
}

/**
 * The owner's leave for an agent, at the version that lies there: it may run, and use what its file asks for. Where a
 * skill only reaches out to hosts, those that its settings name are in scope.
 */
export function allowAgentSkill(deps: AgentDeps) {
  return defineAdmin(agentAllow, {
    stored: "kept",
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

/**
 * Looks at a file that changed. What it no longer asks for is taken away at once; a text that came with mh runs from then
 * on, under the words of the one that the owner allowed. Any other waits, and the text that was allowed goes on.
 */
export function renewAgentSkill(deps: AgentDeps) {
  return defineAdmin(agentRenew, {
    stored: "kept",
    prepare: ({ name }) => wholeFile(deps, { name }),
    apply({ name }, context, file) {
      const row = knownAgent(context.tx.db, name);
      const more = wider(row, file.manifest as AgentManifest);
      if (file.isShipped && more.length === 0) {
        adopt(context, file, row.state, row.words);
        return { name, hash: file.hash };
      }
      const less = narrower(row, file.manifest as AgentManifest);
      if (less.length === 0) {
        const what = more.length > 0 ? `${name} asks for more: ${more.join(", ")}` : `The file of ${name} changed`;
        throw new Fault("agent.invalid", `${what}. \`mh agent allow ${name}\` takes it in.`);
      }
      const manifest = JSON.parse(row.manifest) as AgentManifest;
      const may = manifest.may.filter((skill) => !less.includes(skill));
      const { hash, object, words, state, from_seq: fromSeq } = row;
      const body: Adoption = {
        what: "agent",
        name,
        hash,
        object,
        words,
        state,
        fromSeq,
        manifest: { ...manifest, may },
      };
      context.tx.append({ phase: "adopt", id: context.commandId, principal: context.principal, body });
      return { name, hash };
    },
  });
}

/** No new run begins, and the one under way is suspended. */
export const pauseAgentSkill = (deps: AgentDeps) => stateSkill(deps, "paused");
export const resumeAgentSkill = (deps: AgentDeps) => stateSkill(deps, "on");

function stateSkill(deps: AgentDeps, state: AgentRow["state"]) {
  const verb = state === "paused" ? "pause" : "resume";
  return defineAdmin(state === "paused" ? agentPause : agentResume, {
    stored: "kept",
    apply({ name }, { tx, commandId, principal }) {
      const row = knownAgent(tx.db, name);
      const manifest = JSON.parse(row.manifest) as Record<string, unknown>;
      const body: Adoption = {
        ...{ what: "agent", name, hash: row.hash, object: row.object, words: row.words, manifest, state },
        fromSeq: headOf(tx.db),
      };
      if (row.state !== state) tx.append({ phase: "adopt", id: commandId, principal, body });
      tx.afterCommit(() => deps.control(name, verb));
      return { name, state };
    },
  });
}

/** Ends what runs of an agent now. It is not tried again, and the next time it is due it runs as ever. */
export function stopAgentSkill(deps: AgentDeps) {
  return defineAdmin(agentStop, {
    stored: "kept",
    apply({ name }, { tx }) {
      knownAgent(tx.db, name);
      const wasRunning = deps.isRunning(name);
      tx.afterCommit(() => deps.control(name, "stop"));
      return { name, wasRunning };
    },
  });
}

async function wholeFile(deps: AgentDeps, { name, hash, may }: ArgsOf<typeof agentAllow>): Promise<AgentFile> {
  const file = (await deps.files()).find((each) => each.name === name);
  if (!file) throw unknownAgent(name);
  if (!file.manifest) throw new Fault("agent.invalid", `${file.path}: ${file.fault}`);
  const isAsShown =
    (hash ?? file.hash) === file.hash && canonical(may ?? file.manifest.may) === canonical(file.manifest.may);
  if (isAsShown) return file;
  throw new Fault("agent.invalid", `${file.path} is not what you were shown any more. \`mh agent show ${name}\``);
}

/** `words` is the text that the owner allowed, where that is another. */
function adopt(
  { tx, commandId, principal }: OwnContext,
  file: AgentFile,
  state: AgentRow["state"],
  words?: string,
): void {
  const body: Adoption = {
    what: "agent",
    name: file.name,
    hash: file.hash,
    object: tx.object(utf8.encode(file.source)),
    ...(words !== undefined && { words }),
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
  if (known.some((grant) => grant.task === null && grant.scope === canonical(scope))) return;
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

function knownAgent(db: Database, name: string): AgentRow {
  const row = agentRow(db, name);
  if (row) return row;
  throw new Fault("agent.not-found", `${name} was never allowed to run. \`mh agent list\` shows which there are.`);
}

const unknownAgent = (name: string): Fault =>
  new Fault("agent.not-found", `There is no agent ${name}. \`mh agent list\` shows which there are.`);

const headOf = (db: Database): number =>
  (JSON.parse(meta(db, "journal") ?? '{"head":{"size":0}}') as { head: { size: number } }).head.size;
