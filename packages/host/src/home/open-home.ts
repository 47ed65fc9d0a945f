import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import type { JournalRecord } from "@mh/contract/values/record.ts";
import { adoptionRow, rulesName } from "@mh/core/adoption/adoptions-table.ts";
import { agentMay } from "@mh/core/agents/agents-table.ts";
import { isOurButton } from "@mh/core/channels/press.ts";
import { chatMay } from "@mh/core/chat/rights.ts";
import { callerByToken, clientMay, deviceById, deviceOf, roleOf } from "@mh/core/devices/devices-table.ts";
import { deviceWith } from "@mh/core/devices/passkey.ts";
import { skillMay } from "@mh/core/extensions/extensions-table.ts";
import type { Feature } from "@mh/core/feature.ts";
import type { ChainHead } from "@mh/core/journal/chain.ts";
import { originOf, signCheckpoint } from "@mh/core/journal/checkpoint.ts";
import { ClockWatch } from "@mh/core/journal/clock-watch.ts";
import { Journal } from "@mh/core/journal/journal.ts";
import { type First, Ledger } from "@mh/core/journal/ledger.ts";
import { intentOf } from "@mh/core/journal/record-places.ts";
import { allowance } from "@mh/core/kernel/allowance.ts";
import { Bus, eventOf } from "@mh/core/kernel/bus.ts";
import { reasonOf } from "@mh/core/kernel/fault-of.ts";
import { Kernel } from "@mh/core/kernel/kernel.ts";
import { Registry, skillName } from "@mh/core/kernel/registry.ts";
import type { Declarations } from "@mh/core/kernel/situation.ts";
import type { Skill } from "@mh/core/kernel/skill.ts";
import { commandRow, meta } from "@mh/core/kernel/state.ts";
import { stopPath } from "@mh/core/kernel/stop-path.ts";
import { ownAddresses } from "@mh/core/mail/own-addresses.ts";
import { unknownRecipientsAmong } from "@mh/core/memory/contacts.ts";
import { isHomeFile } from "@mh/core/model/home-files.ts";
import { isInside } from "@mh/core/model/scope.ts";
import type { PolicySet } from "@mh/core/policy/policy-set.ts";
import type { Clock } from "@mh/core/ports/clock.ts";
import { isDamage } from "@mh/core/ports/database.ts";
import { fullFault } from "@mh/core/ports/disk-fault.ts";
import type { Http } from "@mh/core/ports/http.ts";
import { secretSettings } from "@mh/core/secrets/settings.ts";
import { removeKept, sweepCutOff, sweepCutOffBelow, sweepTemporaries } from "../adapters/cut-off-writes.ts";
import { nodeFiles, nodeGzip } from "../adapters/node-files.ts";
import { readPlainText } from "../adapters/plain-file.ts";
import { openProjection } from "../adapters/sqlite.ts";
import { systemClock } from "../adapters/system-clock.ts";
import { systemTimers } from "../adapters/system-timers.ts";
import { oneTurnEach } from "../adapters/turns.ts";
import { AgentFiles } from "../agents/agent-files.ts";
import { Scheduler } from "../agents/scheduler.ts";
import { inspectorOf } from "../audit/inspector.ts";
import { latestRequests } from "../audit/latest-requests.ts";
import { writeWitness } from "../audit/witness.ts";
import { Challenges } from "../passkeys/challenges.ts";
import { passkeysBy } from "../passkeys/passkeys.ts";
import { agentFolders, approvedCopies, indexFile, keyFolder, readerIn, stagedArchives } from "../places.ts";
import { sandboxExecutor } from "../sandbox/executor.ts";
import { newSecretMemory, type SecretMemory, Vault } from "../secrets/vault.ts";
import { shippedFeatures } from "../wiring/features.ts";
import { installFeatures, withFeatures } from "../wiring/install-features.ts";
import { lateHttp } from "../wiring/late-http.ts";
import { closedPlaces } from "./closed-places.ts";
import { Cursors } from "./cursors.ts";
import { createHome, type HomeFile, type NewHome, readHome } from "./home-file.ts";
import { type Host, type HostParts, hostOf } from "./host.ts";
import { wasLeftOpen } from "./index-left.ts";
import { noteHome } from "./known-homes.ts";
import { countsOf, leaveSummary } from "./leave-summary.ts";
import { type LookOnly, lookOnly, whyLookOnly } from "./look-only.ts";
import { noteAtClosing } from "./note-at-closing.ts";
import { openData } from "./open-data.ts";
import { keepPolicy, PolicyFiles, policyFolder } from "./policy-files.ts";
import { clockReadOf, IndexProjection, removeIndex } from "./projection.ts";
import { adoptHandEdits, recover } from "./recover.ts";
import { noteRulesTrouble } from "./rules-trouble.ts";
import { SettingsFile } from "./settings-file.ts";
import { upgradeHome } from "./upgrade/upgrade.ts";
import { vectorFile } from "./vector-file.ts";
import { watchStop } from "./watch-stop.ts";
import { takeLock, type WriterLock } from "./writer-lock.ts";

export interface OpenOptions {
  /** Where the disk takes nothing, opens the home to read it. What writes is refused with the disk's reason. */
  mayLookOnly?: boolean;
  /** Makes the home first, where there is none. */
  create?: NewHome;
  environment?: Record<string, string | undefined>;
  clock?: Clock;
  /** Instead of this machine's own. */
  http?: Http;
  /** Where agents' files lie, instead of in the package and in the home. */
  agentFolders?: readonly string[];
  /** Which agents came with mh, by the hash of their text, instead of those of this release. */
  isShippedAgent?: (hash: string) => boolean;
  /** What this process knows of secrets already; what it learns is added. */
  secretMemory?: SecretMemory;
  /** Features beside the shipped ones. */
  features?: readonly Feature[];
  /** Skills beside those of features. */
  skills?: readonly Skill[];
  /** What principals declare they may use. */
  declared?: ReadonlyMap<Principal, readonly string[]>;
  onProgress?: (what: string, done: number) => void;
  /** Called with the journal's records once they are on disk: for counting, not for control. */
  onRecords?: (records: readonly JournalRecord[]) => void;
}

/** Opens a home for writing; undefined while another process holds it. */
export async function openHome(root: string, options: OpenOptions = {}): Promise<Host | undefined> {
  const { create, environment = process.env } = options;
  if (create) createHome(root, environment, create);
  else readHome(nodeFiles(root), root);
  try {
    return await openToWrite(root, options);
  } catch (error) {
    const reason = options.mayLookOnly ? whyLookOnly(root, error) : undefined;
    if (!reason) throw error;
    return await openToLook(root, reason, options);
  }
}

async function openToLook(root: string, reason: Fault, options: OpenOptions): Promise<Host | undefined> {
  const look = lookOnly(root, reason);
  if (!look) return undefined;
  try {
    return await openLocked(root, readHome(nodeFiles(root), root), look.lock, options, look);
  } catch (error) {
    look.lock[Symbol.dispose]();
    throw error;
  }
}

async function openToWrite(root: string, options: OpenOptions): Promise<Host | undefined> {
  const { environment = process.env, clock = systemClock } = options;
  const lock = takeLock(root);
  if (!lock) return undefined;
  const open = async () => {
    const features = withFeatures(shippedFeatures, options.features);
    const home = await upgradeHome(root, { environment, features, clock, onProgress: options.onProgress });
    return openLocked(root, home, lock, options);
  };
  try {
    return await open().catch((error: unknown) => {
      if (!isDamage(error)) throw error;
      removeIndex(indexFile(root), (error as Error).message);
      return open();
    });
  } catch (error) {
    lock[Symbol.dispose]();
    throw fullFault(error) ?? error;
  }
}

/** The one wiring place: every port that the rest is given comes from here. */
async function openLocked(
  root: string,
  home: HomeFile,
  lock: WriterLock,
  options: OpenOptions,
  look?: LookOnly,
): Promise<Host> {
  const { environment = process.env, clock = systemClock, declared = new Map() } = options;
  const keyPlace = keyFolder(home.id, environment);
  await using cleanup = new AsyncDisposableStack();
  const features = withFeatures(shippedFeatures, options.features);
  if (look) cleanup.use(look);
  else makeReady(root, home.id, keyPlace);
  const data = cleanup.use(
    openData(root, home, { keyFolder: keyPlace, environment, isHeld: lock.isHeld, look }, features, options.onProgress),
  );
  const { reader, keys, objectBytes, readObject, projection, db } = data;
  const { files, crypto, disk } = reader;
  const key = disk.cipher?.databaseKey;
  const { kinds, hmacKey, lineKey } = projection;
  const marks = { crypto, lineKey };

  const journal = cleanup.use(
    Journal.open({ files, clock, crypto, sealer: disk.cipher, boot: crypto.id(), macKey: keys.macKey }, data.head),
  );
  let committedRecords = data.head.size;
  const committed = openProjection(look?.index ?? indexFile(root), { readonly: true, key });
  cleanup.defer(() => void committed.close());
  const settings = new SettingsFile({ files, form: data.form, reader: committed, readObject });
  const config = () => settings.current();
  const timeZone = () => config().timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

  const registry = new Registry(crypto);
  const eventName = (pinned: string) => registry.find(skillName(pinned))?.contract.event;
  const bus = new Bus((error) => process.emitWarning(`A listener failed: ${error}`));
  const signer = (at: ChainHead) => signCheckpoint(crypto, keys.signingSeed, originOf(home.id), at);
  const index = new IndexProjection({ ...projection, db, reader: committed, newId: crypto.id });
  const clockWatch = new ClockWatch(clock, crypto.id, clockReadOf(db));
  // On disk before what could take their files away: a rule whose file goes stays in force by it.
  let unkept: PolicySet | undefined;
  let warned: PolicySet | undefined;
  const guards = (path: string) => isInside(policyFolder, path);
  const keepRules = (set: PolicySet): First => ({
    guards,
    work: (tx) => keepPolicy(tx, crypto.id(), set),
    ended: (failed) => {
      if (!failed && unkept === set) unkept = undefined;
      if (!failed || warned === set) return;
      warned = set;
      process.emitWarning(`The text of the rules in force could not be kept: ${reasonOf(failed.error)}`);
    },
  });
  const ledger = new Ledger({
    ...{ journal, files, db, crypto, clock: clockWatch, hmacKey, lineKey, signer },
    projection: index,
    isHeld: lock.isHeld,
    lastCheckpoint: Number(meta(db, "checkpoint.size") ?? 0),
    first: () => {
      try {
        policy.current();
      } catch (error) {
        // Rules that cannot be looked at are left alone.
        const work = () => {
          throw error;
        };
        return { guards, work, ended: () => undefined };
      }
      return unkept && keepRules(unkept);
    },
    onCommitted: (records) => {
      committedRecords = (records.at(-1)?.seq ?? committedRecords - 1) + 1;
      options.onRecords?.(records);
      for (const record of records) {
        const event = eventOf(record, eventName);
        if (event) bus.publish(event);
      }
    },
  });
  // The next that writes tries it again, and is refused where the disk refuses.
  const noteClock = () =>
    clockWatch.jump() &&
    ledger
      .transact(() => undefined)
      .catch((error: unknown) => {
        if (!(error instanceof Fault))
          process.emitWarning(`A jump of the clock could not be noted: ${reasonOf(error)}`);
      });
  // What was begun while the home was opened is over before its files and its index are closed.
  cleanup.use(ledger);
  const adoptedRules = () => adoptionRow(committed, "rules", rulesName)?.object;
  const policy = new PolicyFiles({
    ...{ files, crypto, readObject, clock },
    adopted: adoptedRules,
    onTrouble: (troubles) => {
      if (!look) noteRulesTrouble(root, key && troubles.length > 0 ? [hiddenTrouble] : troubles);
    },
    isJudging: () => ledger.isJudging,
    onChange: (set) => {
      unkept = adoptionRow(committed, "rules", rulesName)?.hash === set.hash ? undefined : set;
      if (unkept) ledger.transact(() => undefined).catch(() => undefined);
    },
  });
  const declarations: Declarations = (principal, at) =>
    declared.get(principal) ??
    agentMay(at, principal) ??
    skillMay(at, principal) ??
    clientMay(at, principal) ??
    chatMay(principal, registry);
  const secretMemory = options.secretMemory ?? newSecretMemory();
  const secrets = new Vault({
    ...{ keyFolder: keyPlace, homeId: home.id, environment, memory: secretMemory },
    settings: () => secretSettings.of(config()),
  });
  const redact = (text: string) => secretMemory.known.redact(text);
  const loading: { done?: Promise<unknown> } = {};
  const kernel = new Kernel({
    ...{ ledger, reader: committed, registry, files, crypto, clock, hmacKey, config },
    policy: () => policy.current(),
    declared: declarations,
    roleOf: (principal, at) => roleOf(at, principal),
    unknownRecipients: (at, settings, addresses) => unknownRecipientsAmong(at, marks, settings, addresses),
    ownAddresses: () => ownAddresses(config()),
    onStop: (listener) => watchStop(root, listener),
    noteClock,
    knownSecrets: secretMemory.known,
    secretsLoaded: async () => {
      loading.done ??= secrets.load();
      await loading.done;
    },
    readObject,
    turn: oneTurnEach(),
    announce: (progress) => bus.report(progress),
    isProtected: (touched) => protectedFolders.some((folder) => isInside(path.join(root, folder), touched)),
  });
  const invalidFiles = () => [settings.state().broken, ...policy.troubles()].filter((each) => each !== undefined);
  const executor = sandboxExecutor({ stopFile: path.join(root, stopPath) });
  const agentFiles = new AgentFiles({
    ...{ folders: options.agentFolders ?? agentFolders(root), crypto, executor, isShipped: options.isShippedAgent },
    read: readerIn(root, files),
  });
  const ca = () => certificatesIn(config().network.caFile, root);
  const challenges = new Challenges(() => clock.steady());
  const { maintenance, services } = installFeatures(
    features,
    {
      ...{
        root,
        home,
        environment,
        files,
        crypto,
        clock,
        gzip: nodeGzip,
        hmacKey,
        lineKey,
        config,
        timeZone,
      },
      ...{ reader: committed, objectBytes, readObject, registry, tables: projection.tables, kinds, form: data.form },
      ...{
        approvals: kernel.approvals,
        plans: kernel.plans,
        delegations: kernel.delegations,
        check: kernel.check.bind(kernel),
        isRefused: kernel.isRefused.bind(kernel),
        isStopped: () => kernel.isStopped,
      },
      runs: () => kernel.runs(),
      ...{ rulesInForce: () => policy.current(), declared, declarations, secrets, redact, executor, agentFiles, ca },
      shippedSkills: new Set(),
      rules: {
        folder: policyFolder,
        state: () => policy.state(),
        reset: () => policy.reset(),
        reload: () => policy.reload(),
        recorded: () => latestRequests(reader),
      },
      settings: { state: () => settings.state(), reset: () => settings.reset() },
      waiting: [],
      inspector: inspectorOf({
        ...{ root, environment, home, keyFolder: keyPlace, reader, size: () => committedRecords },
        status: () => ({
          ...{ home: root, stopped: kernel.isStopped, records: committedRecords, running: kernel.runs().length - 1 },
          ...countsOf(committed, clock.now()),
          ...allowance(committed, config(), clock.now()),
          currency: config().spend.currency,
          pendingRules: policy.state().pending.length + settings.state().pending.length,
          invalidFiles: invalidFiles(),
        }),
      }),
      passkeys: passkeysBy(challenges),
      closed: closedPlaces(root, keyPlace, environment),
      signed: (message) => crypto.sign(keys.signingSeed, message),
      http: options.http ?? lateHttp(ca),
      bus,
      replay: (from) => host.replay({ from }),
      committed: () => committedRecords,
      act: (command) => host.act(command),
      begin: (command) => host.begin(command),
      wait: (id) => host.wait(id),
      ...{ timers: systemTimers, vectorFile: vectorFile(root, key), sealer: disk.cipher, onForgotten: new Set() },
      wordVectors: async () => (await import("./word-vectors.ts")).wordVectors(),
      pause: () => new Promise((next) => void setImmediate(next)),
      use: (resource) => cleanup.use(resource),
    },
    options.skills ?? [],
    shippedFeatures,
  );

  policy.current();
  config();
  const fileOf = (path: string) => crypto.hmacHex(hmacKey, path);
  const nameOf = (bytes: Uint8Array | undefined) => (bytes ? crypto.hmacHex(hmacKey, bytes) : null);
  const rulesBefore = adoptedRules();
  const interrupted = await recover(
    {
      ...{ ledger, db: committed, files, registry, kinds, newId: crypto.id, now: clock.now(), nameOf, fileOf },
      takeBack: { ...marks, hmacKey, kinds, readObject: objectBytes },
      pathOf: readObject,
      intentOf: (id) => intentOf(committed, reader, id),
    },
    data.torn,
    data.memories,
    data.restored,
  );
  // A command that a crash cut off took rules into force, or out of it.
  if (adoptedRules() !== rulesBefore) policy.reload();
  await settings.adoptFirst(ledger, crypto.id);
  await noteClock();
  look?.opened();

  const isHeld = () => lock.isHeld() && journal.isOwn;
  const closing = cleanup.move();
  const close = async (why: string | undefined) => {
    let damage = why;
    try {
      // Rules that were edited just now are kept while the log can still be written: later, nobody looks at them again.
      let pendingRules = 0;
      noteAtClosing("count of what waits", () => {
        pendingRules = policy.state().pending.length + settings.state().pending.length;
      });
      await kernel.endOutside("The home was closed while it ran");
      await loading.done;
      await ledger[Symbol.asyncDispose]();
      removeKept();
      // What nobody was told is done must not be asked for by a witness: it may be gone after a power cut.
      const isOurs = isHeld() && !ledger.isOwing && !look;
      if (isOurs) noteAtClosing("witness", () => writeWitness(keyPlace, signer(journal.head)));
      if (damage === undefined && isOurs) {
        const seen = { records: journal.head.size, interrupted: interrupted.length, now: clock.now() };
        const isEncrypted = key !== undefined;
        noteAtClosing("summary", () =>
          leaveSummary(root, db, { ...seen, pendingRules, config: config(), isEncrypted }),
        );
      }
    } catch (error) {
      if (!isDamage(error)) throw error;
      damage = (error as Error).message;
    } finally {
      try {
        await closing.disposeAsync();
        if (damage !== undefined && lock.isHeld() && !look) removeIndex(indexFile(root), damage);
      } finally {
        lock[Symbol.dispose]();
      }
    }
  };
  const schedule: HostParts["schedule"] = (host, listener) =>
    new Scheduler({
      ...{ reader: committed, crypto, clock, bus, timeZone, config, noteClock, ...listener },
      replay: (from) => host.replay({ from }),
      isStopped: () => kernel.isStopped,
      act: (command) => host.act(command),
      files: () => agentFiles.all(),
      hashes: () => agentFiles.hashes(),
      maintenance,
    });
  const host: Host = hostOf({
    ...{
      root,
      home,
      keyFolder: keyPlace,
      bus,
      registry,
      kernel,
      reader,
      eventName,
      schedule,
      services,
      close,
      isHeld,
      config,
      redact,
    },
    cursors: new Cursors(files),
    roleOf: (principal) => roleOf(committed, principal),
    principalOf: (id) => commandRow(committed, id)?.principal,
    report: { torn: data.torn, interrupted, memories: data.memories, rebuilt: data.rebuilt },
    looksOnly: look?.reason,
    committed: () => committedRecords,
    openSecrets: () => secrets.load({ byCredential: true }),
    pendingSettings: () => settings.state().pending.map(({ name }) => name),
    invalidFiles,
    rulesTroubles: () => policy.troubles(),
    callerByToken: (token) => callerByToken(committed, crypto, token),
    deviceById: (id) => {
      const device = deviceById(committed, id);
      return device && { kind: "device", ...device };
    },
    isButton: (device, press) => isOurButton({ reader: committed, readObject, crypto, hmacKey }, device, press),
    hasPasskey: (id) => deviceWith(committed, id) !== undefined,
    challenges,
    deviceOf: (principal) => deviceOf(committed, principal),
    takeHandEdits: async () => {
      const { memories: edits } = await ledger.between(() => index.catchUp());
      return adoptHandEdits({ ledger, newId: crypto.id, fileOf, nameOf }, edits);
    },
  });
  return host;
}

/** What stands around a home that is written to. */
function makeReady(root: string, id: string, keyPlace: string): void {
  noteHome(root, id, keyPlace);
  fs.mkdirSync(path.dirname(indexFile(root)), { recursive: true, mode: 0o700 });
  // No program of an earlier process runs any more: what a crash left is nobody's.
  for (const left of [approvedCopies(root), stagedArchives(root)]) fs.rmSync(left, { recursive: true, force: true });
  sweepAfterCrash(root, keyPlace);
}

/** What was being written when a process was killed: nobody reads it. The folders of a home are looked through only then. */
function sweepAfterCrash(root: string, keyPlace: string): void {
  try {
    sweepTemporaries(keyPlace);
    if (!wasLeftOpen(indexFile(root))) return;
    sweepCutOff(root, isHomeFile);
    for (const folder of ["memory", "persona", "logs", "run"]) sweepCutOffBelow(path.join(root, folder));
  } catch (error) {
    // It is in nobody's way.
    process.emitWarning(`What a killed process left could not be looked for: ${reasonOf(error)}`);
  }
}

/** Certificates that the settings add to the public ones. Read each time: there are few such requests. */
function certificatesIn(caFile: string | undefined, root: string): string | undefined {
  if (!caFile) return undefined;
  try {
    return readPlainText(path.resolve(root, caFile));
  } catch (cause) {
    const what = `network.caFile in config.yaml names ${caFile}, which cannot be read`;
    throw new Fault("config.invalid", `${what}. Correct the path.`, { cause });
  }
}

/** The trouble itself is said in the words of a rule. */
const hiddenTrouble = "A rule is not as it should be; `mh doctor` says which.";

/** Closed to everyone but the owner (DESIGN §2). */
const protectedFolders = [
  ...["brain", "bin", "packages", "apps", ".git", "run", "logs", "persona/policy", "node_modules", "dist"],
  ...["config.yaml", "home.json"],
];
