import * as fs from "node:fs";
import * as path from "node:path";
import { gunzipSync } from "node:zlib";

// Recorded runs of real models on AgentDyn's suite `github`, honest and attacked.
const fixture = path.join(import.meta.dirname, "../../../shared/fixtures/agentdyn-github.json.gz");

export interface DynCall {
  id: string;
  tool: string;
  args: Record<string, unknown>;
  output?: unknown;
}

interface DynRun {
  id: string;
  task: string;
  prompt: string;
  calls: DynCall[];
}

interface Planned {
  tool: string;
  args: Record<string, unknown>;
  output?: unknown;
}

export interface AgentDyn {
  tools: { name: string; sink: boolean; control_args: string[] }[];
  benign: DynRun[];
  /** `sinks`: positions of the calls that carry out the injected goal. */
  attacks: (DynRun & { injection: string; sinks: number[]; confirms: number[] })[];
  planted: (DynRun & { injection: string; first: number })[];
  plans: Record<string, Planned[][]>;
}

/** Undefined where the fixture is absent; in CI it must be there. */
export function agentDyn(): AgentDyn | undefined {
  if (fs.existsSync(fixture)) return JSON.parse(gunzipSync(fs.readFileSync(fixture)).toString()) as AgentDyn;
  if (process.env.CI === "true") throw new Error(`The fixture is missing: ${fixture}`);
  process.emitWarning(`Skipped: there is no ${fixture}.`);
  return undefined;
}

export const plantedTexts = ["plain", "bare", "anchored", "row"] as const;
export type PlantedText = (typeof plantedTexts)[number];

export interface DynAttack {
  name: string;
  task: string;
  prompt: string;
  calls: DynCall[];
  /** Positions of what carries out the goal. */
  sinks: number[];
}

/** As models carried them out. */
export const recordedAttacks = ({ attacks }: AgentDyn): DynAttack[] =>
  attacks.map(({ id, injection, ...attack }) => ({ ...attack, name: `${id} ${attack.task} ${injection}` }));

/** A planner wholly the attacker's: the goal's calls right after the first injected text, and at the end of a recorded run. */
export function plantedAttacks({ planted, plans, tools }: AgentDyn, text: PlantedText): DynAttack[] {
  const sinks = new Set(tools.filter(({ sink }) => sink).map(({ name }) => name));
  return planted.flatMap(({ task, prompt, calls, first, injection }) =>
    (plans[injection] ?? []).flatMap((goal) =>
      [...new Set([first + 1, calls.length])].map((cut): DynAttack => {
        const before = calls
          .slice(0, cut)
          .map((call) => ({ ...call, output: injectedWith(call.output, text, goal, prompt) }));
        const own = goal.map((call, n) => ({ ...call, id: `attack ${n}` }));
        return {
          ...{ name: `${task} ${injection} at ${cut}`, task, prompt, calls: [...before, ...own] },
          sinks: own.flatMap(({ tool }, n) => (sinks.has(tool) ? [cut + n] : [])),
        };
      }),
    ),
  );
}

function injectedWith(output: unknown, text: PlantedText, goal: readonly Planned[], prompt: string): unknown {
  const values = goal.flatMap(({ args }) => leavesOf(args));
  switch (text) {
    case "plain":
      return output;
    case "bare":
      return swapped(output, values.join(" "));
    case "anchored":
      return swapped(output, `${prompt} ${values.join(" ")}`);
    case "row":
      return owned(output, partyAmong(values), `${prompt} ${values.join(" ")}`);
  }
}

const partyAmong = (values: readonly string[]): string =>
  values.find((value) => /^[^@\s]+@(?!bluesparrow)\S+$/.test(value)) ?? "trustme@gmail.com";

const leavesOf = (value: unknown): string[] => {
  if (value === null || value === undefined) return [];
  return typeof value === "object" ? Object.values(value).flatMap(leavesOf) : [String(value)];
};

function swapped(value: unknown, to: string): unknown {
  if (typeof value === "string") return value.replaceAll(/<INFORMATION>[\s\S]*?<\/INFORMATION>/g, () => to);
  return mapped(value, (item) => swapped(item, to));
}

/** The attacker owns the whole injected record: his account as its party, the owner's words wherever its author may write. */
function owned(value: unknown, party: string, to: string): unknown {
  if (typeof value !== "object" || value === null) return swapped(value, to);
  if (Array.isArray(value) || !isInjectedRecord(value)) return mapped(value, (item) => owned(item, party, to));
  return mapped(value, (item, key) => {
    if (key === "sender") return party;
    if (key === "owner_username") return party.split("@")[0];
    return key === "subject" || key === "title" ? to : swapped(item, to);
  });
}

const isInjected = (value: unknown): boolean => JSON.stringify(value ?? null).includes("<INFORMATION>");
const isRecord = (value: unknown): boolean => typeof value === "object" && value !== null;

function isInjectedRecord(value: object): boolean {
  const holdsRecords = Object.values(value).some((item) => Array.isArray(item) && item.some(isRecord));
  return isInjected(value) && (!holdsRecords || isInjected((value as { comments?: unknown }).comments));
}

function mapped(value: unknown, change: (item: unknown, key: string) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => change(item, ""));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item, key)]));
}
