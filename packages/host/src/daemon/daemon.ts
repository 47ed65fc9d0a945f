import { Fault } from "@mh/contract/values/fault.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import type { DueRun } from "@mh/core/agents/scheduler/due.ts";
import { skillName } from "@mh/core/kernel/registry.ts";
import type { Scheduler } from "../agents/scheduler.ts";
import { homeDisk } from "../encryption/home-disk.ts";
import { homeExists } from "../home/home-file.ts";
import type { Host } from "../home/host.ts";
import { type OpenOptions, openHome } from "../home/open-home.ts";
import { beat } from "../sandbox/watchdog.ts";
import { newSecretMemory } from "../secrets/vault.ts";
import { type DaemonLog, daemonLog, daemonLogFile, errorFacts } from "../serve/http/daemon-log.ts";
import { makeMetrics } from "../serve/http/metrics.ts";
import { type HttpService, serveHttp } from "../serve/http/serve-http.ts";
import { serve } from "../serve/socket/serve.ts";
import { type DaemonFile, holdDaemonFile } from "./daemon-file.ts";
import { daemonToken, pageAddress } from "./token.ts";
import { watchFiles } from "./watch-files.ts";

export interface DaemonOptions extends OpenOptions {
  /** The home's own log of its daemon where absent; it is then closed with the daemon. */
  log?: DaemonLog;
  version?: string;
}

type Known = DaemonOptions & { log: DaemonLog };

/** What a person is told when it has started. */
export interface DaemonReport {
  pid: number;
  url: string;
  /** What a browser opens; the token is in its fragment, which no server sees. */
  page: string;
  /** Commands and runs that the last process was cut off in. */
  interrupted: { id: string; skill: string; principal: string }[];
  /** Why passwords and tokens cannot be used yet; null where they can. */
  secretsLocked: string | null;
  /** Settings that were written by hand and are not in force yet: `mh review`. */
  pendingSettings: string[];
  /** Settings and rules that cannot be read: what was good last is in force instead. */
  invalidFiles: string[];
}

const patienceMs = 10_000;
/** How often it looks whether the home is still its own. */
const holdEveryMs = 1_000;
/** From the wish to stop to the end, whatever still runs. */
export const stopWithinMs = 5_000;

/** A home that is open for as long as the machine runs: for all frontends, and for agents by their schedules. */
export class Daemon implements AsyncDisposable {
  readonly root: string;
  readonly report: DaemonReport;
  readonly #options: Known;
  readonly #file: DaemonFile;
  readonly #startedAt = new Date().toISOString();
  readonly #failed = Promise.withResolvers<never>();
  readonly #heart: Disposable;
  /** Undefined once it could not be opened again. */
  #open: Open | undefined;
  #reopening: Promise<void> = Promise.resolve();
  #isEnding = false;
  #watch: NodeJS.Timeout | undefined;
  #ownLog: DaemonLog | undefined;

  private constructor(root: string, options: Known, file: DaemonFile, open: Open) {
    this.root = root;
    this.#options = options;
    this.#file = file;
    this.#open = open;
    this.#heart = beat(daemonLogFile(root));
    const interrupted = open.host.report.interrupted.map(({ id, skill, principal }) => ({
      ...{ id, skill: skillName(skill), principal },
    }));
    const { url, token, secretsLocked } = open;
    const { invalidFiles, pendingSettings } = open.host;
    const wait = { pendingSettings: pendingSettings(), invalidFiles: invalidFiles() };
    this.report = { pid: process.pid, url, page: pageAddress(url, token), interrupted, secretsLocked, ...wait };
    // Who does not wait for it is told by the log.
    this.#failed.promise.catch(() => undefined);
    for (const each of interrupted) options.log.warn(each, "Interrupted when the last process ended");
    this.#begin(open);
    options.log.info({ pid: process.pid, root }, "Up");
  }

  /** Throws `daemon.refused` where one runs already, `home.busy` where another process holds the home. */
  static async start(root: string, given: DaemonOptions = {}): Promise<Daemon> {
    await using cleanup = new AsyncDisposableStack();
    const log = given.log ?? cleanup.use(daemonLog(root, { sealer: sealerOf(root, given) }));
    const options = { secretMemory: newSecretMemory(), ...given, log };
    const file = cleanup.use(await holdDaemonFile(root));
    const open = await openAll(root, options);
    cleanup.defer(() => closeAll(open, "The daemon could not start"));
    const daemon = new Daemon(root, options, file, open);
    cleanup.move();
    if (!given.log) daemon.#ownLog = log;
    return daemon;
  }

  get host(): Host {
    if (!this.#open) throw new Fault("daemon.refused", "The home is closed. `mh daemon logs` says why.");
    return this.#open.host;
  }

  /** Rejects when it cannot go on. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  /** Ends what runs, journals it as interrupted, and closes the home. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnding = true;
    await this.#reopening;
    clearInterval(this.#watch);
    using _log = this.#ownLog;
    using _file = this.#file;
    using _heart = this.#heart;
    if (this.#open) await closeAll(this.#open, "The daemon was stopped");
    this.#options.log.info({}, "Down");
  }

  #begin(open: Open): void {
    this.#file.write({ pid: process.pid, startedAt: this.#startedAt, url: open.url });
    open.host.onIndexDamaged = () => {
      if (!this.#isEnding) this.#reopening = this.#reopen(open);
    };
    open.scheduler.start();
    clearInterval(this.#watch);
    this.#watch = setInterval(() => this.#mustHold(open.host), holdEveryMs);
    this.#watch.unref();
  }

  /** Who removes `run` or puts another folder in the home's place has another process hold it: this one ends. */
  #mustHold(host: Host): void {
    if (this.#isEnding || host.isHeld()) return;
    clearInterval(this.#watch);
    const what = "its lock in run, its log or the whole folder was removed or replaced";
    const fault = new Fault(
      "home.lost",
      `The daemon no longer holds ${this.root}: ${what}. It ends; \`mh up\` starts another.`,
    );
    this.#options.log.fatal({ fault: fault.code }, fault.message);
    this.#failed.reject(fault);
  }

  /** A cache that turns out damaged is made anew from the files, once whoever uses it has been let go. */
  async #reopen(before: Open): Promise<void> {
    const { log } = this.#options;
    log.error({}, "The index is damaged; it is made anew from the files");
    this.#open = undefined;
    clearInterval(this.#watch);
    try {
      await closeAll(before, "The index was made anew");
      const open = await openAll(this.root, this.#options);
      this.#open = open;
      this.#begin(open);
    } catch (error) {
      if (error instanceof Fault) log.fatal({ fault: error.code }, error.message);
      else log.fatal(errorFacts(error), "The home could not be opened again");
      this.#failed.reject(error);
    }
  }
}

/** Throws `home.locked`. */
const sealerOf = (root: string, { environment }: OpenOptions) =>
  homeExists(root) ? homeDisk(root, environment).cipher : undefined;

interface Open {
  host: Host;
  url: string;
  token: string;
  secretsLocked: string | null;
  http: HttpService;
  server: AsyncDisposable;
  scheduler: Scheduler;
  watch: Disposable;
  services: AsyncDisposable;
}

async function openAll(root: string, options: Known): Promise<Open> {
  await using cleanup = new AsyncDisposableStack();
  const { log, version, onRecords, ...openOptions } = options;
  const metrics = makeMetrics();
  const observeAll: OpenOptions["onRecords"] = (records) => {
    metrics.observe(records);
    onRecords?.(records);
  };
  const host = cleanup.use(await takeHome(root, { ...openOptions, onRecords: observeAll }));
  const token = daemonToken(host.home.id, options.environment);
  log.redactWith(host.redact);
  const secretsLocked = (await host.openSecrets()) ?? null;
  if (secretsLocked !== null) log.warn({}, secretsLocked);
  const http = cleanup.use(await serveHttp({ host, token, log, metrics, ...(version && { version }) }));
  const server = cleanup.use(await serve(host, http.take));
  const scheduler = host.schedule({
    onRun: (due, outcome) => tellRun(log, due, outcome),
    onTrouble: (why, agent) => tellTrouble(log, why, agent),
  });
  const services = cleanup.use(new AsyncDisposableStack());
  for (const service of host.services) services.use(await service.start());
  const watch = watchFiles(root, () =>
    host.takeHandEdits().then(
      (isEdited) => void (isEdited && log.info({}, "Taken in: files that were changed by hand")),
      (error: unknown) => log.warn(errorFacts(error), "Files that were changed by hand could not be taken in"),
    ),
  );
  cleanup.move();
  return { host, url: http.url, token, secretsLocked, http, server, scheduler, watch, services };
}

/** Whatever of it fails: the home is closed last, and it is closed. */
async function closeAll({ host, http, server, scheduler, watch, services }: Open, why: string): Promise<void> {
  await using _host = host;
  await using _server = server;
  await using _http = http;
  await using _services = services;
  using _watch = watch;
  const quiet = scheduler[Symbol.asyncDispose]();
  await host.endOutside(why);
  await quiet;
}

/** A command that holds the home right now is soon done. */
async function takeHome(root: string, options: OpenOptions): Promise<Host> {
  const start = performance.now();
  for (let pause = 10; performance.now() - start < patienceMs; pause = Math.min(pause * 2, 200)) {
    const host = await openHome(root, options);
    if (host) return host;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  throw new Fault("home.busy", `Another process holds ${root}. \`mh doctor\` names it.`);
}

function tellTrouble(log: DaemonLog, why: unknown, agent: string | undefined): void {
  const whose = agent === undefined ? {} : { agent };
  if (why instanceof Fault) log.warn(whose, why.message);
  else log.error({ ...whose, ...errorFacts(why) }, "Something went wrong while looking at what is due");
}

function tellRun(log: DaemonLog, { agent, slot, attempt }: DueRun, outcome: Outcome): void {
  const told = { agent, slot, attempt, run: outcome.id, status: outcome.status };
  if (outcome.status === "failed") log.warn({ ...told, fault: outcome.fault.code }, "Run failed");
  else if (outcome.status === "done") log.info(told, "Run done");
  else log.warn(told, "Run not done");
}
