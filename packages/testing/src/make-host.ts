import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type AnyContract, defineContract, type InputOf, type OutputOf } from "@mh/contract/contract.ts";
import type { ArgsFor, Contracts, ValueFor } from "@mh/contract/contracts.ts";
import { effects, risks } from "@mh/contract/values/effect.ts";
import { owner, type Principal } from "@mh/contract/values/principal.ts";
import { scopeSchema } from "@mh/contract/values/record.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import { defineOutside, type Skill } from "@mh/core/kernel/skill.ts";
import type { Host } from "@mh/host/home/host.ts";
import { type OpenOptions, openHome } from "@mh/host/home/open-home.ts";
import { z } from "zod";
import { type TestClock, testClock } from "./test-clock.ts";

export interface HostOptions {
  /** Beside the shipped ones. */
  features?: OpenOptions["features"];
  skills?: readonly Skill[];
  declared?: ReadonlyMap<Principal, readonly string[]>;
  clock?: TestClock;
  http?: OpenOptions["http"];
  root?: string;
  /** Where `outbox.append` writes, instead of a file of this home's own. */
  outbox?: string;
  environment?: Record<string, string | undefined>;
  /** Agents' files, as they came with mh: each name with its text. */
  agents?: Readonly<Record<string, string>>;
  /** Which of these texts came with mh; all of them where it is left out. */
  isShippedAgent?: OpenOptions["isShippedAgent"];
  onRecords?: OpenOptions["onRecords"];
}

/** A real home in a folder of its own, and ways of acting in it. */
export interface TestHost extends AsyncDisposable {
  readonly host: Host;
  readonly root: string;
  readonly environment: Record<string, string | undefined>;
  readonly clock: TestClock;
  act(principal: Principal, skill: string, args?: unknown, more?: Partial<Command>): Promise<Outcome>;
  /** As the owner; anything but `done` throws. */
  own<C extends AnyContract>(contract: C, args: InputOf<C>): Promise<OutputOf<C>>;
  own<Name extends keyof Contracts, Args extends ArgsFor<Name>>(skill: Name, args: Args): Promise<ValueFor<Name>>;
  own<T>(skill: string, args?: unknown): Promise<T>;
  /** Approves what waits under an id, as it was shown, and waits for the run that follows. */
  approve(id: string, hash: string): Promise<Outcome>;
  /** Lines that `outbox.append` wrote: what really happened outside. */
  outbox(): string[];
  file(name: string): string;
  rule(name: string, text: string): void;
  /** Writes an agent's file. */
  agent(name: string, text: string): void;
  close(): Promise<void>;
  reopen(): Promise<void>;
}

export async function makeHost(options: HostOptions = {}): Promise<TestHost> {
  const { clock = testClock(), declared = new Map(), skills = [], agents = {} } = options;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-test-"));
  const root = options.root ?? path.join(folder, "home");
  const environment = options.environment ?? { HOME: folder };
  const { outbox = path.join(folder, "outbox") } = options;
  const shipped = path.join(folder, "agents");
  fs.mkdirSync(shipped);
  for (const [name, text] of Object.entries(agents)) fs.writeFileSync(path.join(shipped, `${name}.ts`), text);
  fs.mkdirSync(root, { recursive: true });
  const open = async () => {
    const opened = await openHome(root, {
      create: { owner: "Ada", timeZone: "Europe/Berlin" },
      ...{ environment, clock, declared, skills: [outboxSkill(outbox), ...skills] },
      ...(options.http && { http: options.http }),
      ...(options.features && { features: options.features }),
      ...(options.onRecords && { onRecords: options.onRecords }),
      ...{ agentFolders: [shipped], isShippedAgent: options.isShippedAgent ?? (() => true) },
    });
    if (!opened) throw new Error(`${root} is held by somebody else`);
    return opened;
  };
  let host: Host | undefined = await open();
  const current = () => {
    if (!host) throw new Error("the home is closed");
    return host;
  };
  const close = async () => {
    const open = host;
    host = undefined;
    await open?.[Symbol.asyncDispose]();
  };
  return {
    get host() {
      return current();
    },
    root,
    environment,
    clock,
    act: (principal, skill, args = {}, more = {}) => current().act({ principal, skill, args, ...more }),
    async own<T>(given: string | AnyContract, args: unknown = {}) {
      const skill = typeof given === "string" ? given : given.name;
      const outcome = await current().act({ principal: owner, skill, args });
      if (outcome.status !== "done") throw new Error(`${skill}: ${JSON.stringify(outcome)}`);
      return outcome.value as T;
    },
    async approve(id, hash) {
      const args = { id, hash };
      const outcome = await current().act({ principal: owner, skill: "approval.approve", args });
      if (outcome.status !== "done") throw new Error(`approval.approve: ${JSON.stringify(outcome)}`);
      return (await current().wait((outcome.value as { run: string }).run)) as Outcome;
    },
    outbox: () => (fs.existsSync(outbox) ? fs.readFileSync(outbox, "utf8").trimEnd().split("\n") : []),
    file: (name) => path.join(root, name),
    rule(name, text) {
      fs.writeFileSync(path.join(root, "persona/policy", name), text);
      // The files are looked at twice a second.
      clock.forward(1000);
    },
    agent: (name, text) => fs.writeFileSync(path.join(shipped, `${name}.ts`), text),
    close,
    async reopen() {
      await close();
      host = await open();
    },
    async [Symbol.asyncDispose]() {
      try {
        await close();
      } finally {
        fs.rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

const outboxAppend = defineContract({
  name: "outbox.append",
  kind: "outside",
  title: "Add a line to the outbox",
  input: () =>
    z.strictObject({
      text: z.string().describe("The line"),
      to: z.string().optional().describe("Whom it is for"),
      effect: z.enum(effects).default("send").describe("What it claims to be"),
      risk: z.enum(risks).default("low").describe("How much it claims to risk"),
      scope: scopeSchema().default({}).describe("What it claims to touch"),
    }),
  output: () => z.strictObject({ appended: z.string().describe("The line") }),
  examples: [{ title: "A line for Sarah", args: { text: "hello", to: "sarah" } }],
  effects,
  permissions: { paths: ["*"], hosts: ["*"] },
  control: ["to"],
  event: "outbox.appended",
});

/** Adds a line to a file outside the home, as whatever effect the arguments claim. */
export function outboxSkill(file: string): Skill {
  return defineOutside(outboxAppend, {
    stored: "kept",
    classify: ({ effect, risk, scope }) => ({ effect, risk, scope }),
    async run({ text }) {
      await fs.promises.appendFile(file, `${text}\n`);
      return { appended: text };
    },
  });
}
