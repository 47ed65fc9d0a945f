import * as fs from "node:fs";
import * as path from "node:path";
import { nodeCrypto } from "@mh/core/adapters/node-crypto.ts";
import { nodeFiles, nodeGzip } from "@mh/core/adapters/node-files.ts";
import { isCorrupt, lockFile, openProjection } from "@mh/core/adapters/sqlite.ts";
import { systemClock } from "@mh/core/adapters/system-clock.ts";
import { guardedValues } from "@mh/core/identity/guarded-settings.ts";
import { adoptSettings } from "@mh/core/identity/settings-document.ts";
import { openCheckpoint, originOf, signCheckpoint } from "@mh/core/journal/checkpoint.ts";
import { Journal } from "@mh/core/journal/journal.ts";
import { Ledger, objectsFolder } from "@mh/core/journal/ledger.ts";
import { type JournalReaderDeps, readRecords } from "@mh/core/journal/walk.ts";
import { strangersAmong } from "@mh/core/memory/contacts.ts";
import { damageOf } from "@mh/core/memory/damage.ts";
import { canonical } from "@mh/core/model/canonical.ts";
import type { Command, Outcome } from "@mh/core/model/command.ts";
import type { Config } from "@mh/core/model/config.ts";
import { Fault } from "@mh/core/model/fault.ts";
import type { Principal } from "@mh/core/model/principal.ts";
import type { JournalRecord } from "@mh/core/model/record.ts";
import { fromBase64, utf8 } from "@mh/core/ports/bytes.ts";
import type { Clock } from "@mh/core/ports/clock.ts";
import type { Database } from "@mh/core/ports/database.ts";
import type { Http } from "@mh/core/ports/http.ts";
import { plainLines } from "@mh/core/ports/line-codec.ts";
import { quietUntil } from "@mh/core/scheduler/quiet-hours.ts";
import { agentMay } from "@mh/core/spine/agents.ts";
import { Bus, type Event, eventOf, replay } from "@mh/core/spine/bus.ts";
import { deviceByToken } from "@mh/core/spine/devices.ts";
import { skillMay } from "@mh/core/spine/extensions.ts";
import { Kernel, objectBytes, readObject as readText } from "@mh/core/spine/kernel.ts";
import { heldNotices } from "@mh/core/spine/notices.ts";
import { outlivedObjects } from "@mh/core/spine/outlived.ts";
import { Registry, skillName } from "@mh/core/spine/registry.ts";
import { isInside } from "@mh/core/spine/scope.ts";
import type { Declarations } from "@mh/core/spine/situation.ts";
import type { Skill } from "@mh/core/spine/skill.ts";
import { type CommandRow, meta } from "@mh/core/spine/state.ts";
import { AgentFiles, type AgentFolder } from "./agents/agent-files.ts";
import { agentSkills } from "./agents/agent-skills.ts";
import { AgentRuntime } from "./agents/runtime.ts";
import { type Chore, Scheduler, type SchedulerDeps } from "./agents/scheduler.ts";
import { desktopOf } from "./desktop.ts";
import { documentKinds } from "./document-kinds.ts";
import { mcpSkills } from "./extensions/mcp-skills.ts";
import { packageSkills } from "./extensions/package-skills.ts";
import { type HomeFile, readHome } from "./home-file.ts";
import { loadKeys } from "./keys.ts";
import { lateDisk } from "./late-disk.ts";
import { lateHttp } from "./late-http.ts";
import { latePrograms } from "./late-programs.ts";
import { mendJournal, mendMemories, type TornTail } from "./mend.ts";
import { outsideSkills } from "./outside-skills.ts";
import { agentFolders, codeFolder, keyFolder } from "./places.ts";
import { PolicyFiles } from "./policy-files.ts";
import { type CaughtUp, catchUp, openIndex, type ProjectionDeps, projectionOf, removeIndex } from "./projection.ts";
import { newSecretMemory, type SecretMemory, Vault } from "./secrets/vault.ts";
import { SettingsFile } from "./settings-file.ts";
import { adoptHandEdits, settle } from "./settle.ts";
import { shippedSkills } from "./shipped-skills.ts";
import { type Summary, writeSummary } from "./summary.ts";
import { watchStop } from "./watch-stop.ts";
import { readWitness, writeWitness } from "./witness.ts";

export interface OpenOptions {
  environment?: Record<string, string | undefined>;
  clock?: Clock;
  /** Instead of this machine's own. */
  http?: Http;
  /** Where agents' files lie, instead of in the package and in the home. */
  agentFolders?: readonly AgentFolder[];
  /** What this process knows of secrets already; what it learns is added. */
  secretMemory?: SecretMemory;
  /** Skills beside the shipped ones. */
  skills?: readonly Skill[];
  /** What principals declare they may use. */
  declared?: ReadonlyMap<Principal, readonly string[]>;
  onProgress?: (what: string, done: number) => void;
  /** Called with the journal's records once they are on disk: for counting, not for steering. */
  onRecords?: (records: readonly JournalRecord[]) => void;
}

type SchedulerListener = Pick<SchedulerDeps, "onRun" | "onTrouble">;

/** What was found and mended at opening, for the person to know. */
export interface OpeningReport {
  torn: TornTail[];
  interrupted: CommandRow[];
  memories: CaughtUp["memories"];
  rebuilt: string | undefined;
}

export const indexFile = (root: string): string => path.join(root, "memory", "index", "index.db");

/** What reads a home's journal without opening the home. */
export function journalReader(root: string): JournalReaderDeps {
  return { files: nodeFiles(root), gzip: nodeGzip, crypto: nodeCrypto, codec: plainLines };
}

/** An open home: the one writer of its journal and memory, for as long as it is not disposed. */
export class Host implements AsyncDisposable {
  readonly root: string;
  readonly home: HomeFile;
  readonly bus: Bus;
  readonly registry: Registry;
  readonly report: OpeningReport;
  /** The settings as they are in force now. */
  readonly config: () => Config;
  /** Takes in what was changed on disk by hand while the home is open; true where there was something. */
  readonly takeHandEdits: () => Promise<boolean>;
  /** Whose token it is; undefined where nobody's, or where it was revoked. */
  readonly deviceByToken: (token: string) => { id: string; name: string } | undefined;
  /** Told once. The index is a cache: closing the home and opening it again makes it anew. */
  onIndexDamaged: (() => void) | undefined;
  /** A text without the value of any secret that this process knows. */
  readonly redact: (text: string) => string;
  /** Opens the secrets as far as that needs nobody. Gives why they stay locked. */
  readonly openSecrets: () => Promise<string | undefined>;
  /** Settings that were written by hand and wait for the owner. */
  readonly waitingSettings: () => string[];
  /** Files of the owner's that cannot be read, each in a sentence: what was good last is in force instead. */
  readonly notTaken: () => string[];
  readonly #kernel: Kernel;
  readonly #reader: JournalReaderDeps;
  readonly #schedule: (listener: SchedulerListener) => Scheduler;
  readonly #close: (isIndexDamaged: boolean) => Promise<void>;
  readonly #committed: () => number;
  /** A query met damage: the index is thrown away at closing, and the next opening makes it anew. */
  #isIndexDamaged = false;

  constructor(parts: {
    root: string;
    home: HomeFile;
    bus: Bus;
    registry: Registry;
    report: OpeningReport;
    kernel: Kernel;
    config: () => Config;
    deviceByToken: Host["deviceByToken"];
    takeHandEdits: () => Promise<boolean>;
    redact: Host["redact"];
    openSecrets: Host["openSecrets"];
    waitingSettings: Host["waitingSettings"];
    notTaken: Host["notTaken"];
    reader: JournalReaderDeps;
    schedule: (host: Host, listener: SchedulerListener) => Scheduler;
    committed: () => number;
    close: (isIndexDamaged: boolean) => Promise<void>;
  }) {
    this.root = parts.root;
    this.home = parts.home;
    this.bus = parts.bus;
    this.registry = parts.registry;
    this.report = parts.report;
    this.config = parts.config;
    this.deviceByToken = parts.deviceByToken;
    this.takeHandEdits = parts.takeHandEdits;
    this.redact = parts.redact;
    this.openSecrets = parts.openSecrets;
    this.waitingSettings = parts.waitingSettings;
    this.notTaken = parts.notTaken;
    this.#kernel = parts.kernel;
    this.#reader = parts.reader;
    this.#schedule = (listener) => parts.schedule(this, listener);
    this.#committed = parts.committed;
    this.#close = parts.close;
  }

  /** The only way to do anything. Who may call as whom is for the channel to decide. */
  async act(command: Command): Promise<Outcome> {
    const outcome = await this.#kernel.act(command);
    if (outcome.status === "failed" && outcome.fault.code === "index.damaged") this.#noticeDamage();
    return outcome;
  }

  #noticeDamage(): void {
    if (this.#isIndexDamaged) return;
    this.#isIndexDamaged = true;
    this.onIndexDamaged?.();
  }

  /** Ends what acts outside, before the home is closed. Each is journaled as interrupted. */
  endOutside(why: string): Promise<void> {
    return this.#kernel.endOutside(why);
  }

  /** What the judge would say; nothing runs and nothing is recorded. */
  check(command: Command): ReturnType<Kernel["check"]> {
    return this.#kernel.check(command);
  }

  /**
   * How many records are on disk for good. What they announced can be replayed; what comes after will be announced: who
   * subscribes and asks for this in one step misses nothing and meets nothing twice.
   */
  get committed(): number {
    return this.#committed();
  }

  /** Events of the past, as they were announced. `to` beyond `committed` may tell of what is taken back again. */
  replay(range: { from?: number; to?: number; pattern?: string }): Iterable<Event> {
    const records = readRecords(this.#reader, range.from);
    return replay(
      map(records, ({ record }) => record),
      (skill) => this.eventName(skill),
      range,
    );
  }

  /** What starts agents. It is to be disposed before the home is. */
  schedule(listener: SchedulerListener): Scheduler {
    const onTrouble: SchedulerListener["onTrouble"] = (why, agent) => {
      if (isCorrupt(why)) this.#noticeDamage();
      listener.onTrouble(why, agent);
    };
    return this.#schedule({ ...listener, onTrouble });
  }

  newId(): string {
    return nodeCrypto.id();
  }

  eventName(pinned: string): string | undefined {
    return this.registry.find(skillName(pinned))?.manifest.event;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close(this.#isIndexDamaged);
  }
}

/** Opens a home for writing; undefined while another process holds it. */
export async function openHome(root: string, options: OpenOptions = {}): Promise<Host | undefined> {
  const home = readHome(nodeFiles(root), root);
  const lock = takeLock(root);
  if (!lock) return undefined;
  try {
    return await openLocked(root, home, lock, options);
  } catch (error) {
    if (!isCorrupt(error)) {
      lock[Symbol.dispose]();
      throw error;
    }
    removeIndex(indexFile(root));
    return openLocked(root, home, lock, options).catch((again: unknown) => {
      lock[Symbol.dispose]();
      throw again;
    });
  }
}

async function openLocked(root: string, home: HomeFile, lock: Disposable, options: OpenOptions): Promise<Host> {
  const { environment = process.env, clock = systemClock, declared = new Map(), onProgress } = options;
  const reader = journalReader(root);
  const { files, crypto } = reader;
  const keys = loadKeys(keyFolder(home.id, environment));
  const readObject = (name: string) => objectBytes({ files, crypto, hmacKey: keys.hmacKey }, name);
  const textOf = (name: string) => readText({ files, crypto, hmacKey: keys.hmacKey }, name);
  const kinds = documentKinds(crypto, textOf);
  const deps = { ...reader, kinds, hmacKey: keys.hmacKey, pathOf: textOf };

  await using cleanup = new AsyncDisposableStack();
  let rebuilt: string | undefined;
  const db = openIndex(indexFile(root), (why) => {
    rebuilt = why;
  });
  cleanup.defer(() => void db.close());
  const torn = mendMemories(files, (file, size) => sizeKnown(db, file) === size);
  const { head, memories, tornJournal } = bringUp(root, db, deps, keysWitness(home, environment), onProgress);
  if (tornJournal) torn.push(tornJournal);

  const boot = crypto.id();
  const journal = cleanup.use(Journal.open({ files, clock, crypto, codec: plainLines, boot }, head));
  let committedRecords = head.size;
  const committed = openProjection(indexFile(root), { readonly: true });
  cleanup.defer(() => void committed.close());
  const settings = new SettingsFile({ files, reader: committed, readObject: textOf });
  const timeZone = () => settings.current().timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

  const registry = new Registry(crypto);
  const bus = new Bus((error) => process.emitWarning(`A listener failed: ${error}`));
  const signer = (at: typeof head) => signCheckpoint(crypto, keys.signingSeed, originOf(home.id), at);
  const ledger = new Ledger({
    journal,
    files,
    db,
    crypto,
    clock,
    hmacKey: keys.hmacKey,
    projection: projectionOf(deps),
    signer,
    lastCheckpoint: Number(meta(db, "checkpoint.size") ?? 0),
    onCommitted: (records) => {
      committedRecords = (records.at(-1)?.seq ?? committedRecords - 1) + 1;
      options.onRecords?.(records);
      for (const record of records) {
        const event = eventOf(record, (skill) => registry.find(skillName(skill))?.manifest.event);
        if (event) bus.publish(event);
      }
    },
  });
  const nameOf = (path: string) => {
    const bytes = files.read(path);
    return bytes ? crypto.hmacHex(keys.hmacKey, bytes) : null;
  };
  const policy: PolicyFiles = new PolicyFiles({
    files,
    crypto,
    reader: committed,
    readObject: textOf,
    clock,
    onChange: (set) => {
      keepPolicy(ledger, committed, crypto.id(), set).catch((error: unknown) => {
        process.emitWarning(`The text of the rules in force could not be kept: ${error}`);
      });
    },
  });
  const declarations: Declarations = (principal, at) =>
    declared.get(principal) ?? agentMay(at, principal) ?? skillMay(at, principal);
  const secretMemory = options.secretMemory ?? newSecretMemory();
  const secrets = new Vault({
    ...{ keyFolder: keyFolder(home.id, environment), homeId: home.id, environment, memory: secretMemory },
    settings: () => settings.current().secrets,
  });
  const redact = (text: string) => secretMemory.known.redact(text);
  const loading: { done?: Promise<unknown> } = {};
  const kernel: Kernel = new Kernel({
    ledger,
    reader: committed,
    registry,
    files,
    crypto,
    clock,
    hmacKey: keys.hmacKey,
    config: () => settings.current(),
    policy: () => policy.current(),
    declared: declarations,
    strangers: strangersAmong,
    onStop: (listener) => watchStop(root, listener),
    knownSecrets: secretMemory.known,
    secretsLoaded: async () => {
      loading.done ??= secrets.load();
      await loading.done;
    },
    isProtected: (touched) => protectedFolders.some((folder) => isInside(path.join(root, folder), touched)),
  });
  const closed = closedFolders(root, keyFolder(home.id, environment));
  const agentFiles = new AgentFiles(options.agentFolders ?? agentFolders(root), crypto);
  const runtime: AgentRuntime = new AgentRuntime({
    ...{ root, crypto, clock, reader: committed, timeZone, redact },
    config: () => settings.current(),
    act: (command) => host.act(command),
    isRead: (skill) => isRead(registry.find(skill)),
    isShipped: (source) => agentFiles.isShipped(crypto.sha256Hex(source)),
  });
  const ca = () => trusted(settings.current().network.caFile, root);
  const http = options.http ?? lateHttp(ca);
  const packages = packageSkills({
    ...{ files, crypto, clock, registry, reader: committed, readObject: textOf, http, environment },
    act: (command) => kernel.act(command),
  });
  const servers = cleanup.use(
    mcpSkills({
      ...{ files, crypto, clock, registry, reader: committed, hmacKey: keys.hmacKey, secrets, closed, environment },
      ...{ redact, config: () => settings.current() },
    }),
  );
  registry.add(
    ...agentSkills({
      ...{ root, crypto, registry, timeZone, runtime, reader: committed, readObject: textOf },
      files: agentFiles,
    }),
    ...shippedSkills({
      ...{
        files,
        gzip: nodeGzip,
        crypto,
        clock,
        keys,
        registry,
        kernel,
        policy,
        settings,
        timeZone,
        declared,
        declarations,
        kinds,
      },
    }),
    ...outsideSkills({
      ...{ root, files, crypto, clock, timeZone, ca },
      ...{ http, secrets, redact },
      chooseStore: async (store, { principal, commandId }) => {
        const args = { name: "secrets.store", value: store };
        const chosen = await kernel.act({ principal, skill: "config.set", args, cause: commandId });
        if (chosen.status === "failed") throw new Fault(chosen.fault.code, chosen.fault.message);
        const next = `\`mh config set secrets.store ${store}\`, then try again`;
        if (chosen.status !== "done")
          throw new Fault("secret.failed", `The setting was not changed (${chosen.status}). ${next}.`);
      },
      ...{ desktop: desktopOf(environment), reader: committed, readObject: textOf },
      disk: lateDisk(closed),
      programs: latePrograms(closed),
    }),
    ...packages.skills,
    ...servers.skills,
    ...(options.skills ?? []),
  );
  packages.register();
  servers.register();
  policy.current();
  settings.current();
  const fileOf = (path: string) => crypto.hmacHex(keys.hmacKey, path);
  const takeBack = { crypto, codec: plainLines, hmacKey: keys.hmacKey, kinds, readObject };
  const interrupted = await settle(
    {
      ledger,
      db: committed,
      files,
      registry,
      kinds,
      newId: crypto.id,
      now: clock.now(),
      nameOf,
      takeBack,
      pathOf: textOf,
      fileOf,
    },
    torn,
    memories,
  );
  await adoptFirst(ledger, committed, settings, crypto.id);
  const closing = cleanup.move();
  const leaveSummary = () => {
    const pending = policy.state().pending.length + settings.state().pending.length;
    const seen = { pending, interrupted, now: clock.now() };
    writeSummary(root, summaryOf(committed, { records: journal.head.size, ...seen }));
  };
  const close = async (isDamaged: boolean) => {
    let isIndexDamaged = isDamaged;
    try {
      // Rules that were edited just now are kept while the log can still be written.
      policy.current();
      await kernel.endOutside("The home was closed while it ran");
      await loading.done;
      await ledger[Symbol.asyncDispose]();
      writeWitness(keyFolder(home.id, environment), signer(journal.head));
      if (!isIndexDamaged) leaveSummary();
    } catch (error) {
      if (!isCorrupt(error)) throw error;
      isIndexDamaged = true;
    } finally {
      await closing.disposeAsync();
      if (isIndexDamaged) removeIndex(indexFile(root));
      lock[Symbol.dispose]();
    }
  };
  const quiet = () => quietUntil(settings.current().quietHours, timeZone(), clock.now()) !== undefined;
  const isThere = (object: string) => files.facts(`${objectsFolder}/${object}`) !== undefined;
  const chores: Chore[] = [
    { skill: "notify.flush", everyMs: 5 * 60_000, isDue: () => heldNotices(committed).length > 0 && !quiet() },
    {
      skill: "object.discard",
      everyMs: 24 * 3_600_000,
      isDue: () => outlivedObjects(committed, clock.now(), isThere).length > 0,
    },
  ];
  const schedule = (host: Host, listener: SchedulerListener) =>
    new Scheduler({
      ...{ reader: committed, crypto, clock, bus, timeZone, ...listener },
      replay: (from) => host.replay({ from }),
      config: () => settings.current(),
      isStopped: () => kernel.isStopped,
      act: (command) => host.act(command),
      files: () => agentFiles.all(),
      hashes: () => agentFiles.hashes(),
      chores,
    });
  const report = { torn, interrupted, memories, rebuilt };
  const more = {
    waitingSettings: () => settings.state().pending.map(({ name }) => name),
    notTaken: () => [settings.state().broken, policy.state().broken].filter((each) => each !== undefined),
    ...{ redact, openSecrets: () => secrets.load({ byCredential: true }) },
    ...{ schedule, close, committed: () => committedRecords, config: () => settings.current() },
    deviceByToken: (token: string) => deviceByToken(committed, crypto, token),
    takeHandEdits: async () => {
      const { memories: edits } = await ledger.between(() => catchUp(db, deps));
      return adoptHandEdits({ ledger, newId: crypto.id, fileOf }, edits);
    },
  };
  const host: Host = new Host({ root, home, bus, registry, report, kernel, reader, ...more });
  return host;
}

/** Closed to everyone but the owner (DESIGN §2). */
const protectedFolders = [
  ...["brain", "bin", "packages", "apps", ".git", "run", "logs", "persona/policy", "node_modules", "dist"],
  ...["config.yaml", "home.json"],
];

/** What no skill for the disk or for programs opens: this and every other home's keys, mh itself, and the system's own. */
function closedFolders(root: string, keys: string): string[] {
  return [root, path.dirname(keys), codeFolder(import.meta.dirname), "/proc", "/sys", "/dev"];
}

/** Certificates that the settings add to the public ones. Read each time: there are few such requests. */
function trusted(caFile: string | undefined, root: string): string | undefined {
  if (!caFile) return undefined;
  try {
    return fs.readFileSync(path.resolve(root, caFile), "utf8");
  } catch (cause) {
    const what = `network.caFile in config.yaml names ${caFile}, which cannot be read`;
    throw new Fault("config.invalid", `${what}. Correct the path.`, { cause });
  }
}

/** A decision is none: it stands in the log, and a second try of a run goes by it. */
const isRead = (skill: Skill | undefined): boolean =>
  skill?.kind !== "own" && (skill?.manifest.effects.every((effect) => effect === "read" || effect === "fetch") ?? true);

function takeLock(root: string): Disposable | undefined {
  try {
    for (const folder of ["run", "memory/index"])
      fs.mkdirSync(path.join(root, folder), { recursive: true, mode: 0o700 });
    fs.accessSync(root, fs.constants.W_OK);
    return lockFile(path.join(root, "run", "writer.db"));
  } catch (cause) {
    throw new Fault(
      "home.read-only",
      `The home at ${root} cannot be written to. Check its owner and mount, or use --home.`,
      { cause },
    );
  }
}

function keysWitness(home: HomeFile, environment: Record<string, string | undefined>) {
  const note = readWitness(keyFolder(home.id, environment));
  const opened = note ? openCheckpoint(nodeCrypto, fromBase64(home.checkpointKey), note) : undefined;
  return opened && !("fault" in opened) ? opened : undefined;
}

/** Catches the index up; refuses a journal that was changed or cut, and sets a torn last line aside. */
function bringUp(
  root: string,
  db: Database,
  reader: ProjectionDeps,
  witness: { size: number } | undefined,
  onProgress?: OpenOptions["onProgress"],
) {
  let tornJournal: TornTail | undefined;
  let state = catchUp(db, reader, onProgress);
  if (state.damage?.kind === "torn") {
    tornJournal = mendJournal(reader.files, state.damage);
    state = catchUp(db, reader, onProgress);
  }
  const { damage, head, memories } = state;
  const advice = "Nothing runs until you look: `mh audit verify`, then put back a copy of logs/audit from a backup.";
  if (damage) {
    const where = `record ${damage.seq} (${damage.path}, line ${damage.line})`;
    throw new Fault("journal.damaged", `The log does not add up at ${where}: ${damage.reason}. ${advice}`);
  }
  if (state.isCut || (witness && witness.size > head.size)) {
    throw new Fault(
      "journal.damaged",
      `The log of ${root} was cut: it had at least ${Math.max(witness?.size ?? 0, head.size)} records. ${advice}`,
    );
  }
  return { head, memories, tornJournal };
}

function sizeKnown(db: Database, file: string): number | undefined {
  return (db.prepare("SELECT size FROM data_files WHERE path = ?").get(file) as { size: number } | undefined)?.size;
}

/** Keeps the text of rules that came into force, so that a verdict can be explained for ever. */
async function keepPolicy(
  ledger: Ledger,
  reader: Database,
  id: string,
  set: ReturnType<PolicyFiles["current"]>,
): Promise<void> {
  if (meta(reader, "policy.last") === set.hash) return;
  await ledger.transact((tx) => {
    const object = tx.object(utf8.encode(canonical([...set.rules.values()])));
    tx.append({ phase: "adopt", id, principal: "file", body: { what: "policy", policyHash: set.hash, object } });
  });
}

/**
 * What the settings of a new home say is in force from its first opening on: whoever made it wrote them, too. A setting
 * that a later mh guards was never in force here, and waits.
 */
async function adoptFirst(
  ledger: Ledger,
  reader: Database,
  settings: SettingsFile,
  newId: () => string,
): Promise<void> {
  if (meta(reader, "config") !== undefined) return;
  const values = guardedValues(settings.current());
  await ledger.transact((tx) => adoptSettings(tx, newId(), "file", values));
  settings.reset();
}

function missingIn(db: Database): number {
  const { lines, unknown, documents } = damageOf(db);
  return lines.length + documents.length + unknown.reduce((sum, each) => sum + each.lines, 0);
}

function summaryOf(
  db: Database,
  seen: { records: number; pending: number; interrupted: readonly CommandRow[]; now: number },
): Summary {
  const count = (sql: string, ...params: unknown[]) => (db.prepare(sql).get(...params) as { n: number }).n;
  return {
    at: new Date(seen.now).toISOString(),
    memories: count("SELECT count(*) AS n FROM memories"),
    records: seen.records,
    questions: count("SELECT count(*) AS n FROM approvals WHERE status = 'open' AND expires_ms > ?", seen.now),
    pendingRules: seen.pending,
    interrupted: seen.interrupted.length,
    missing: missingIn(db),
  };
}

function* map<A, B>(items: Iterable<A>, change: (item: A) => B): Generator<B> {
  for (const item of items) yield change(item);
}
