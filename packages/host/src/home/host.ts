import type { Client } from "@mh/contract/client.ts";
import type { Fault } from "@mh/contract/values/fault.ts";
import { owner, type Principal } from "@mh/contract/values/principal.ts";
import type { DeviceRole } from "@mh/contract/values/role.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import type { Event } from "@mh/contract/wire/event.ts";
import type { KnownDevice } from "@mh/core/devices/devices-table.ts";
import type { Service } from "@mh/core/feature.ts";
import { type JournalReaderDeps, readRecords } from "@mh/core/journal/walk.ts";
import { type Bus, replay } from "@mh/core/kernel/bus.ts";
import type { Kernel } from "@mh/core/kernel/kernel.ts";
import type { Registry } from "@mh/core/kernel/registry.ts";
import type { Run } from "@mh/core/kernel/run.ts";
import type { CommandRow } from "@mh/core/kernel/state.ts";
import type { Config } from "@mh/core/model/config.ts";
import { isDamage } from "@mh/core/ports/database.ts";
import { nodeCrypto } from "../adapters/node-crypto.ts";
import type { Scheduler, SchedulerDeps } from "../agents/scheduler.ts";
import { clientOf } from "../connect/client.ts";
import type { Challenges } from "../passkeys/challenges.ts";
import type { TokenHolder } from "../serve/http/authenticate.ts";
import { askLocally } from "../serve/socket/answer.ts";
import type { Cursors } from "./cursors.ts";
import type { HomeFile } from "./home-file.ts";
import type { CaughtUp } from "./projection.ts";
import type { TornTail } from "./repair.ts";

/** What was found and repaired at opening, for the person to know. */
export interface OpeningReport {
  torn: TornTail[];
  interrupted: CommandRow[];
  memories: CaughtUp["memories"];
  rebuilt: string | undefined;
}

/** What a home is opened from, and how it is closed. */
export interface HostParts extends HostFacts {
  kernel: Kernel;
  reader: JournalReaderDeps;
  /** The event that a skill of the journal announces; undefined where it announces none. */
  eventName: (pinned: string) => string | undefined;
  committed: () => number;
  schedule: (host: Host, listener: SchedulerListener) => Scheduler;
  /** `damage`: what failed on the index, where that is to be made anew. */
  close: (damage: string | undefined) => Promise<void>;
}

type SchedulerListener = Pick<SchedulerDeps, "onRun" | "onTrouble">;

interface HostFacts {
  readonly root: string;
  readonly home: HomeFile;
  /** Where its keys lie. */
  readonly keyFolder: string;
  /** Whether it is still this process's own: false once its lock or its log was removed or replaced. Nothing is written then. */
  readonly isHeld: () => boolean;
  readonly bus: Bus;
  readonly registry: Registry;
  readonly report: OpeningReport;
  /** Why it is only read; undefined where it is written to as well. */
  readonly looksOnly: Fault | undefined;
  /** What lives as long as a daemon holds the home; the daemon starts them. */
  readonly services: readonly Service[];
  /** What a device may, by its role; undefined for everyone else. */
  readonly roleOf: (principal: Principal) => DeviceRole | undefined;
  /** Whose command it was; undefined where there was none of that id. */
  readonly principalOf: (id: string) => Principal | undefined;
  /** Up to where followers of events have seen to them. */
  readonly cursors: Cursors;
  /** The settings as they are in force now. */
  readonly config: () => Config;
  /** Takes in what was changed on disk by hand while the home is open; true where there was something. */
  readonly takeHandEdits: () => Promise<boolean>;
  /** Whose token it is; undefined where nobody's, or where it was revoked. */
  readonly callerByToken: (token: string) => TokenHolder | undefined;
  readonly deviceById: (id: string) => TokenHolder | undefined;
  /** Whether a device that may come in has the passkey of an id. */
  readonly hasPasskey: (id: string) => boolean;
  /** Whether a button of a notification was made here, for that device. */
  readonly isButton: (device: string, press: string) => boolean;
  /** Challenges to the browsers of devices, for their passkeys. */
  readonly challenges: Challenges;
  /** The device that acts under a name; undefined where none that may come in does. By its id, too. */
  readonly deviceOf: (principal: Principal) => KnownDevice | undefined;
  /** A text without the value of any secret that this process knows. */
  readonly redact: (text: string) => string;
  /** Opens the secrets as far as that needs nobody. Gives why they stay locked. */
  readonly openSecrets: () => Promise<string | undefined>;
  /** Settings that were written by hand and wait for the owner. */
  readonly pendingSettings: () => string[];
  /** Files of the owner's that cannot be read, each in a sentence: what was good last is in force instead. */
  readonly invalidFiles: () => string[];
  /** What is wrong with the rules, each in a sentence. */
  readonly rulesTroubles: () => string[];
}

/** An open home: the one writer of its journal and memory, for as long as it is not disposed. */
export interface Host extends HostFacts, AsyncDisposable {
  /** Told once. The index is a cache: closing the home and opening it again makes it anew. */
  onIndexDamaged: (() => void) | undefined;
  /** The only way to do anything. Who may call as whom is for the channel to decide. */
  act(command: Command): Promise<Outcome>;
  /** The same as a run, which can be watched and cancelled. */
  begin(command: Command): Run;
  /** A command that is under way; undefined for any other. */
  running(id: string): Run | undefined;
  /** What is under way, in the order it began. */
  runs(): Run[];
  /** How a command ends or ended, for `asker`, the owner without it; undefined where there was none of that id. */
  wait(id: string, asker?: Principal): Promise<Outcome | undefined>;
  /** The owner's way in, as `connectHome` gives it to another process. What is done through it is undone together. */
  client(task?: string): Client;
  /** The id of the command that a call repeats which waited, or waits, for an approval; undefined where it is a new one. */
  askedBefore(command: Command): string | undefined;
  /** Ends what acts outside, before the home is closed. Each is journaled as interrupted. */
  endOutside(why: string): Promise<void>;
  /** What the judge would say; nothing runs and nothing is recorded. */
  check(command: Command): ReturnType<Kernel["check"]>;
  /**
   * How many records are on disk for good. What they announced can be replayed; what comes after will be announced: who
   * subscribes and asks for this in one step misses nothing and meets nothing twice.
   */
  readonly committed: number;
  /** Events of the past, as they were announced. `to` beyond `committed` may tell of what is taken back again. */
  replay(range: { from?: number; to?: number; pattern?: string }): Iterable<Event>;
  /** What starts agents. It is to be disposed before the home is. */
  schedule(listener: SchedulerListener): Scheduler;
  newId(): string;
}

export function hostOf(parts: HostParts): Host {
  const { kernel, reader, eventName, committed, schedule, close, ...facts } = parts;
  // Once it is known as damaged, the index is thrown away at closing, and the next opening makes it anew.
  let damage: string | undefined;
  const closing = new AbortController();
  const noticeDamage = (why: string) => {
    if (damage !== undefined) return;
    damage = why;
    host.onIndexDamaged?.();
  };
  const host: Host = {
    ...facts,
    onIndexDamaged: undefined,
    act: (command) => host.begin(command).outcome,
    begin(command) {
      const run = kernel.begin(command);
      const outcome = run.outcome.then((ended) => {
        if (ended.status === "failed" && ended.fault.code === "index.damaged") noticeDamage(ended.fault.message);
        return ended;
      });
      return Object.defineProperty(run, "outcome", { value: outcome });
    },
    running: (id) => kernel.running(id),
    runs: () => kernel.runs(),
    wait: (id, asker = owner) => kernel.wait(id, asker),
    client: (task) => clientOf(askLocally(host, closing.signal), task),
    endOutside: (why) => kernel.endOutside(why),
    check: (command) => kernel.check(command),
    askedBefore: (command) => kernel.askedBefore(command),
    get committed() {
      return committed();
    },
    replay(range) {
      const records = readRecords(reader, range.from).map(({ record }) => record);
      return replay(records, eventName, range);
    },
    schedule(listener) {
      const onTrouble: SchedulerListener["onTrouble"] = (why, agent) => {
        if (isDamage(why)) noticeDamage((why as Error).message);
        listener.onTrouble(why, agent);
      };
      return schedule(host, { ...listener, onTrouble });
    },
    newId: nodeCrypto.id,
    [Symbol.asyncDispose]() {
      closing.abort();
      return close(damage);
    },
  };
  return host;
}
