import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { verifyJournal } from "@mh/core/journal/verify.ts";
import { readRecords } from "@mh/core/journal/walk.ts";
import { isCutOffWrite } from "@mh/core/model/home-files.ts";
import { isTemporary } from "@mh/host/adapters/cut-off-writes.ts";
import { journalReader } from "@mh/host/audit/journal-reader.ts";
import { createHome } from "@mh/host/home/home-file.ts";
import type { Host } from "@mh/host/home/host.ts";
import { openHome } from "@mh/host/home/open-home.ts";
import { HomeChecker } from "../check-home.ts";
import { filesBelow } from "../files-below.ts";
import { rawWords } from "../raw-words.ts";
import { compare, same } from "./compare.ts";
import { type Ended, nextDaemon, throughDaemon } from "./daemon-session.ts";
import {
  type Call,
  callsIn,
  counting,
  distinct,
  type FaultName,
  faultsAt,
  hit,
  injecting,
  type PlacedCall,
  readTrace,
} from "./strace.ts";
import { fill, type Made, reads, type Swept, stateOf, sweptCommands, writeRule } from "./swept-commands.ts";
import { Wrong } from "./wrong.ts";

const built = path.join(import.meta.dirname, "..", "..", "..", "dist", "mh.js");

/** One command with one call going wrong. */
export interface Case extends Call {
  command: string;
  fault: FaultName;
}

/** One command on a disk with so much room. */
export interface FullCase {
  command: string;
  freeBytes: number;
}

/** What running a command once showed: where its calls are, and what a home says afterwards. */
interface Known {
  calls: PlacedCall[];
  after: string[];
}

/** The built CLI on copies of one prepared home, under strace. */
export class Sweep implements AsyncDisposable {
  readonly #folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "mh-sweep-")));
  readonly #at = path.join(this.#folder, "at");
  readonly #kept = path.join(this.#folder, "kept");
  readonly #trace = path.join(this.#folder, "trace");
  readonly #checker = new HomeChecker();
  readonly #known = new Map<string, Known>();
  #before: string[] = [];
  #adoptedBefore = 0;
  #made: Made | undefined;

  readonly #program: string;

  private constructor(program: string) {
    this.#program = program;
  }

  static async prepare(program = built): Promise<Sweep> {
    const sweep = new Sweep(program);
    fs.mkdirSync(sweep.#at);
    createHome(sweep.#root, sweep.#environment, { owner: "Ada Lovelace", timeZone: "UTC" });
    fs.appendFileSync(path.join(sweep.#root, "config.yaml"), "\ndaemon:\n  port: 0\n");
    writeRule(sweep.#root);
    sweep.#made = await sweep.#open((host) => fill(host, sweep.#at));
    sweep.#before = await sweep.#open(stateOf);
    sweep.#adoptedBefore = sweep.#adopted().length;
    copy(sweep.#at, sweep.#kept);
    return sweep;
  }

  get commands(): string[] {
    return Object.keys(sweptCommands);
  }

  /** Those that are tried on a disk that is full. */
  get fullCommands(): string[] {
    return Object.keys({ ...sweptCommands, ...reads });
  }

  /** Every case of a command: found by running it once. */
  async cases(command: string): Promise<Case[]> {
    const { calls } = await this.#once(command);
    return calls.flatMap(({ name, path, nth, changes }) =>
      faultsAt({ name, changes }).map((fault) => ({ command, name, path, nth, changes, fault })),
    );
  }

  /** Gives what of it went wrong; undefined where it did not come to this call. */
  async run({ command, name, path, nth, fault }: Case): Promise<string | undefined> {
    const { calls, after } = await this.#once(command);
    const call = calls.find((each) => each.name === name && each.path === path && each.nth === nth);
    if (!call) return undefined;
    this.#anew();
    const ended = await this.#mh(command, injecting(this.#trace, call, fault));
    const at = hit(readTrace(this.#trace), fault, this.#at);
    if (at === undefined) return undefined;
    return await this.#told(`${command}: ${fault} at ${name} ${nth} (${at})`, command, ended, after);
  }

  /** The same on a disk that has so much room left. */
  async runFull({ command, freeBytes }: FullCase): Promise<string> {
    const { after } = await this.#once(command);
    return await this.#onFull(command, freeBytes, async (ended) => {
      const told = await this.#told(`${command}: ${freeBytes} bytes free`, command, ended, after);
      if (command in reads && ended.code !== 0) throw new Wrong(`Reading wants room:\n${told}`);
      return told;
    });
  }

  /** Every size from no room at all until the command is done; where it only reads, until something can be written. */
  async fullCases(command: string): Promise<FullCase[]> {
    const until = command in reads ? "capture" : command;
    let most = blockBytes;
    while ((await this.#onFull(until, most, ({ code }) => code)) !== 0) most *= 2;
    return Array.from({ length: most / blockBytes + 1 }, (_, n) => ({ command, freeBytes: n * blockBytes }));
  }

  async #onFull<T>(command: string, freeBytes: number, use: (ended: Ended) => T | Promise<T>): Promise<T> {
    this.#anew();
    const { status, stderr } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=16m", "tmpfs", this.#at], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`mount: ${stderr}`);
    try {
      copy(`${this.#kept}/.`, this.#at);
      const filler = path.join(this.#at, "filler");
      leave(filler, freeBytes);
      const ended = await this.#mh(command, []);
      fs.rmSync(filler);
      return await use(ended);
    } finally {
      spawnSync("umount", ["-l", this.#at]);
    }
  }

  async #told(what: string, command: string, ended: Ended, after: string[]): Promise<string> {
    const story = `${what}\n${ended.served ?? ""}exit ${ended.code ?? "by a kill"}\n${ended.said}`;
    try {
      await this.#judge(command, ended, after);
    } catch (error) {
      throw new Wrong(`${error instanceof Error ? error.message : error}\n${story}`, { cause: error });
    }
    return story;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#checker[Symbol.dispose]();
    fs.rmSync(this.#folder, { recursive: true, force: true });
  }

  get #root(): string {
    return path.join(this.#at, "home");
  }

  get #environment(): Record<string, string> {
    return {
      ...{ HOME: path.join(this.#at, "config"), PATH: process.env.PATH ?? "", NO_COLOR: "1" },
      // As `bin/mh` has it: without it, compiling is a third of what a command costs.
      NODE_COMPILE_CACHE: path.join(this.#folder, "compiled"),
    };
  }

  #anew(): void {
    fs.rmSync(this.#at, { recursive: true, force: true });
    copy(this.#kept, this.#at);
    fs.rmSync(this.#trace, { force: true });
  }

  async #once(command: string): Promise<Known> {
    const known = this.#known.get(command);
    if (known) return known;
    this.#anew();
    const { code, said } = await this.#mh(command, counting(this.#trace));
    if (code !== 0) throw new Error(`${command} ends with ${code}: ${said}`);
    const isKept = (file: string) => fs.existsSync(path.join(this.#kept, file));
    const calls = distinct(callsIn(readTrace(this.#trace), this.#at, isKept));
    const once = { calls, after: await this.#open(stateOf) };
    this.#known.set(command, once);
    return once;
  }

  async #mh(command: string, under: readonly string[]): Promise<Ended> {
    const { args, daemon } = sweptOf(command);
    const given = args(this.#made as Made);
    if (!daemon) return this.#run([...under, ...this.#mhWith(given)]);
    const at = { root: this.#root, environment: this.#environment, endlessMs };
    const use = () => this.#run(this.#mhWith(given));
    const [served, used] = await throughDaemon([...under, ...this.#mhWith(daemon)], at, use);
    return { ...used, served: `${served.said}exit ${served.code ?? "by a kill"}\n` };
  }

  #mhWith = (args: readonly string[]): string[] => [process.execPath, this.#program, "--home", this.#root, ...args];

  #run([program = "", ...args]: readonly string[]): Ended {
    const { status, stdout, stderr, error } = spawnSync(program, args, {
      env: this.#environment,
      encoding: "utf8",
      // One that an error has made go on for ever is no answer.
      ...{ timeout: endlessMs, killSignal: "SIGKILL" },
    });
    if (error) throw new Wrong(`${args.join(" ")}: ${error.message}`);
    return { code: status ?? undefined, said: `${stdout}${stderr}` };
  }

  async #open<T>(use: (host: Host) => Promise<T>): Promise<T> {
    const host = await openHome(this.#root, { environment: this.#environment });
    if (!host) throw new Error("The home is held.");
    await using _host = host;
    return await use(host);
  }

  /** What was acknowledged is there, what was refused is not, and nothing is there twice or in part. */
  async #judge(command: string, { code, said, served = "" }: Ended, after: string[]): Promise<void> {
    const { prints, gone, daemon, isByParts } = sweptOf(command);
    const raw = rawWords.exec(served + said);
    if (raw) throw new Wrong(`It says “${raw[0]}”`);
    if (code === 0 && prints && !prints.test(said)) throw new Wrong("It answers with something else");
    if (code === 0 && !isByParts && /Nothing was written/.test(said))
      throw new Wrong("It is done, and says that it is not");
    if (code === 130 && !/not known|mh why/.test(said)) throw new Wrong("It does not say that it is not known");
    if (code === 130 && /home is only read/.test(said)) throw new Wrong("Nothing can be written, and it is not known");
    const look = () => this.#open((host) => this.#look(host, command, { code, said }, after));
    // Of an unencrypted home SQLite3MultipleCiphers takes a page that could not be read for what its buffer held before. Who asks by
    // the CLI is answered by an index that is made anew for that.
    const isDone = (await look()) ?? (await look());
    if (isDone === undefined) throw new Wrong("The index is damaged, also when it was made anew");
    if (daemon) await nextDaemon(this.#root, this.#environment);
    const { status, reason } = verifyJournal(journalReader(this.#root, this.#environment));
    if (status !== "ok") throw new Wrong(`The chain is ${status}: ${reason}`);
    const adopted = this.#adopted().slice(this.#adoptedBefore);
    if (adopted.length > 0) throw new Wrong(`Nobody wrote by hand: ${JSON.stringify(adopted)}`);
    const wrong = await this.#checker.check(this.#root, {
      there: ["The next one"],
      gone: gone && isDone ? [gone] : [],
    });
    if (wrong.length > 0) throw new Wrong(`The checker: ${wrong.join("; ")}`);
    const left = filesBelow(this.#at).filter((file) => isCutOffWrite(file) || isTemporary(file));
    if (left.length > 0) throw new Wrong(`Left for ever: ${left.join(", ")}`);
  }

  /** Whether the command is done; undefined where the index has to be made anew. */
  async #look(host: Host, command: string, { code, said }: Ended, after: string[]): Promise<boolean | undefined> {
    refuseStrange(host);
    const damage = await host.act({ principal: "owner", skill: "damage.list", args: {} });
    if (damage.status === "failed" && damage.fault.code === "index.damaged") return undefined;
    const found = damage.status === "done" ? Object.values(damage.value as object).flat() : [damage];
    if (found.length > 0) throw new Wrong(`Damage: ${JSON.stringify(damage)}`);
    const state = await stateOf(host);
    compare(sweptOf(command), { code, said }, state, { before: this.#before, after });
    const next = await host.act({ principal: "owner", skill: "memory.capture", args: { text: "The next one" } });
    if (next.status !== "done") throw new Wrong(`Nothing can be written any more: ${JSON.stringify(next)}`);
    return same(state, after);
  }

  /** What the log says that its owner wrote by hand. */
  #adopted(): unknown[] {
    const records = [...readRecords(journalReader(this.#root, this.#environment))].map(({ record }) => record);
    return records.filter(({ phase, body }) => phase === "adopt" && isWritten.test(String(body?.what)));
  }
}

/** What a command wrote and a crash cut off is nobody's edit by hand. */
function refuseStrange(host: Host): void {
  const { torn, memories } = host.report;
  const strange = [...memories.handEdits, ...memories.badLines, ...memories.documents.broken];
  if (strange.length > 0) throw new Wrong(`Nobody wrote by hand: ${JSON.stringify(strange)} ${JSON.stringify(torn)}`);
}

const sweptOf = (command: string): Swept => (sweptCommands[command] ?? reads[command]) as Swept;

const isWritten = /^(?:memory|document)$/;
const endlessMs = 300_000;
const blockBytes = 4096;

/** With times, rights and owners. */
function copy(from: string, to: string): void {
  const { status, stderr } = spawnSync("cp", ["-a", from, to], { encoding: "utf8" });
  if (status !== 0) throw new Error(`cp: ${stderr}`);
}

/** Fills a disk up to so many bytes. */
function leave(filler: string, freeBytes: number): void {
  const fd = fs.openSync(filler, "w");
  const block = Buffer.alloc(blockBytes);
  let size = 0;
  try {
    for (;;) size += fs.writeSync(fd, block);
  } catch (error) {
    if ((error as { code?: string }).code !== "ENOSPC") throw error;
  }
  fs.ftruncateSync(fd, Math.max(0, size - freeBytes));
  fs.closeSync(fd);
}
