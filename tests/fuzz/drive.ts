import { type ChildProcess, fork } from "node:child_process";
import * as path from "node:path";
import { seedOf } from "./dice.ts";
import { ownUsage } from "./own-usage.ts";

export type Ask = { seed: number; show?: true } | { bytes: string } | { end: true };
export type Answer =
  | { ready: true; renewAfter: number; cpuMsMax: number }
  | { cpuMs: number; rssBytes: number; sizeBytes: number; wrong?: string; bytes?: string };
type Fed = Exclude<Answer, { ready: true }>;

export interface Found {
  kind: "answer" | "crash" | "hang" | "processor" | "memory";
  /** Repeats it: `npm run fuzz -- TARGET --input SEED`. Undefined for an input that was kept. */
  seed?: number;
  name?: string;
  story: string;
  bytes?: Buffer;
}

export interface Result {
  inputs: number;
  found: Found[];
  /** The most that one input cost, and the seed of it. */
  most: { cpuMs: number; seed: number | undefined };
  rssBytesMax: number;
}

const rssBytesOver = 300 * 2 ** 20;
/** A child that uses so much without an answer, or gives none for so long, is ended: what it hangs in is no cost any more. */
const hang = { cpuMs: 5_000, wallMs: 120_000 };
const lookEveryMs = 100;

/** What is given to a target: inputs kept before, and those of a seed, as many or for as long as is said. */
export interface Plan {
  seed: number;
  inputs?: number;
  untilMs?: number;
  kept?: readonly { name: string; bytes: Buffer }[];
  /** One input alone. */
  only?: number;
  onFound?: (found: Found) => void;
}

/** Asked ahead of the answers, so that neither side waits for the other on a machine that is busy. */
const askedAhead = 16;

/** Feeds a target in processes of its own, and looks at each from outside. */
export async function drive(target: string, plan: Plan): Promise<Result> {
  const result: Result = { inputs: 0, found: [], most: { cpuMs: 0, seed: undefined }, rssBytesMax: 0 };
  const next = asks(plan);
  let open: { asked: Asked; answer?: Promise<Fed | Found> }[] = [];
  let fed: FedChild | undefined;
  for (;;) {
    while (open.length < askedAhead) {
      const { value, done } = next.next();
      if (done) break;
      open.push({ asked: value });
    }
    const [first] = open;
    if (!first) break;
    fed ??= await FedChild.start(target);
    for (const each of open) each.answer ??= fed.feed(each.asked.ask);
    const ended = await (first.answer as Promise<Fed | Found>);
    open.shift();
    result.inputs += 1;
    const found = await judged(target, fed, first.asked, ended, result);
    if (found) {
      result.found.push(found);
      plan.onFound?.(found);
    }
    const isOver = "kind" in ended || wrongIn(ended, fed) !== undefined;
    if (!isOver && fed.count < fed.renewAfter) continue;
    await fed.end();
    fed = undefined;
    // What was asked ahead the next process is asked again.
    open = open.map(({ asked }) => ({ asked }));
  }
  await fed?.end();
  return result;
}

/** Time and memory may be what came before, or a neighbour on this machine: alone, in a new process, it says. */
async function judged(
  target: string,
  fed: FedChild,
  { ask, seed, name }: Asked,
  ended: Fed | Found,
  result: Result,
): Promise<Found | undefined> {
  if (!("kind" in ended)) {
    if (ended.cpuMs > result.most.cpuMs) result.most = { cpuMs: ended.cpuMs, seed };
    result.rssBytesMax = Math.max(result.rssBytesMax, ended.rssBytes - fed.rssBytesFirst);
  }
  const wrong = "kind" in ended ? ended : wrongIn(ended, fed);
  const isSure = wrong === undefined || wrong.kind === "answer" || wrong.kind === "crash";
  const again = isSure ? wrong : await alone(target, ask);
  const bytes =
    "bytes" in ended && typeof ended.bytes === "string" ? { bytes: Buffer.from(ended.bytes, "base64") } : {};
  return again && { ...again, ...bytes, ...(seed !== undefined && { seed }), ...(name !== undefined && { name }) };
}

interface Asked {
  ask: Ask;
  seed: number | undefined;
  name: string | undefined;
}

function* asks({ seed, inputs = Number.POSITIVE_INFINITY, untilMs, kept = [], only }: Plan): Generator<Asked> {
  if (only !== undefined) return yield { ask: { seed: only, show: true } as const, seed: only, name: undefined };
  for (const { name, bytes } of kept) yield { ask: { bytes: bytes.toString("base64") }, seed: undefined, name };
  for (let n = 0; n < inputs && (untilMs === undefined || performance.now() < untilMs); n += 1) {
    const each = seedOf(seed, n);
    yield { ask: { seed: each }, seed: each, name: undefined };
  }
}

function wrongIn({ cpuMs, rssBytes, wrong }: Fed, { cpuMsMax, rssBytesFirst }: FedChild): Found | undefined {
  if (wrong !== undefined) return { kind: "answer", story: wrong };
  if (cpuMs > cpuMsMax) return { kind: "processor", story: `${Math.round(cpuMs)} ms of the processor` };
  const over = rssBytes - rssBytesFirst;
  if (over > rssBytesOver) return { kind: "memory", story: `${Math.round(over / 2 ** 20)} MiB more than at first` };
  return undefined;
}

async function alone(target: string, ask: Ask): Promise<Found | undefined> {
  const child = await FedChild.start(target);
  const ended = await child.feed(ask);
  if ("kind" in ended) return ended;
  await child.end();
  return wrongIn(ended, child);
}

/** A child process with the target in it. */
class FedChild {
  readonly renewAfter: number;
  readonly cpuMsMax: number;
  readonly rssBytesFirst: number;
  count = 0;
  readonly #child: ChildProcess;
  /** Callers that wait for an answer, in the order in which they asked; the first is being answered. */
  readonly #waiting: ((answer: Fed | Found) => void)[] = [];
  #began = { at: 0, cpuMs: 0 };
  #said = "";

  static async start(target: string): Promise<FedChild> {
    // Small enough that a heap that only grows is seen, and large enough for what is in bounds.
    const execArgv = ["--conditions=mh-source", "--max-old-space-size=512", "--disable-warning=ExperimentalWarning"];
    const child = fork(path.join(import.meta.dirname, "child.ts"), [target], {
      execArgv,
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let said = "";
    child.stderr?.on("data", (chunk) => {
      said = (said + chunk).slice(-4_000);
    });
    const ready = await new Promise<Answer>((resolve, reject) => {
      child.once("message", (answer) => resolve(answer as Answer));
      child.once("exit", (code) => reject(new Error(`${target} cannot be opened (${code}): ${said}`)));
    });
    if (!("ready" in ready)) throw new Error("The child began with an answer.");
    return new FedChild(child, ready);
  }

  private constructor(child: ChildProcess, { renewAfter, cpuMsMax }: { renewAfter: number; cpuMsMax: number }) {
    this.#child = child;
    this.renewAfter = renewAfter;
    this.cpuMsMax = cpuMsMax;
    this.rssBytesFirst = ownUsage(child.pid ?? 0)?.rssBytes ?? 0;
    child.stderr?.on("data", (chunk) => {
      this.#said = (this.#said + chunk).slice(-4_000);
    });
    child.on("message", (answer) => this.#answered(answer as Fed));
    const looking = setInterval(() => this.#look(), lookEveryMs);
    child.on("exit", (code, signal) => {
      clearInterval(looking);
      this.#answered({ kind: "crash", story: `It ended (${signal ?? code}): ${this.#said}` });
    });
  }

  feed(ask: Ask): Promise<Fed | Found> {
    const { promise, resolve } = Promise.withResolvers<Fed | Found>();
    this.#waiting.push(resolve);
    if (this.#waiting.length === 1) this.#begin();
    this.#child.send(ask);
    return promise;
  }

  #begin(): void {
    this.#began = { at: performance.now(), cpuMs: ownUsage(this.#child.pid ?? 0)?.cpuMs ?? 0 };
  }

  #answered(answer: Fed | Found): void {
    this.count += 1;
    this.#waiting.shift()?.(answer);
    if (this.#waiting.length > 0) this.#begin();
  }

  #look(): void {
    const usage = this.#waiting.length > 0 ? ownUsage(this.#child.pid ?? 0) : undefined;
    if (!usage) return;
    const [cpuMs, over] = [usage.cpuMs - this.#began.cpuMs, usage.rssBytes - this.rssBytesFirst];
    const isLate = performance.now() - this.#began.at > hang.wallMs;
    if (cpuMs > hang.cpuMs)
      this.#kill({ kind: "hang", story: `${Math.round(cpuMs)} ms of the processor, and no answer` });
    else if (isLate) this.#kill({ kind: "hang", story: "no answer" });
    else if (over > rssBytesOver)
      this.#kill({ kind: "memory", story: `${Math.round(over / 2 ** 20)} MiB more than at first` });
  }

  async end(): Promise<void> {
    this.#waiting.length = 0;
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 30_000);
    this.#child.send({ end: true } satisfies Ask);
    await gone;
    clearTimeout(timer);
  }

  #kill(found: Found): void {
    this.#child.kill("SIGKILL");
    this.#answered(found);
  }
}
