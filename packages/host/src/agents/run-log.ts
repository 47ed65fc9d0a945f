import * as fs from "node:fs";
import * as path from "node:path";
import type { RunLine, RunText } from "@mh/contract/values/agent.ts";
import type { LineCodec } from "@mh/core/ports/line-codec.ts";
import { readPlainText } from "../adapters/plain-file.ts";
import { openedText } from "../encryption/cipher.ts";

const keptPerAgent = 200;

interface LogParts {
  now: () => number;
  redact: (text: string) => string;
  /** Of an encrypted home. */
  sealer?: LineCodec | undefined;
}

/** Writes what a run says, as it says it: `logs/run/agents/<agent>/<time>-<run>.ndjson`, for the owner alone. */
export class RunLog implements Disposable {
  readonly path: string;
  readonly #now: () => number;
  /** Undefined once it is closed: the number may then be another file's. */
  #file: number | undefined;
  #lost = 0;
  /** The last line ends where the disk was full. */
  #isTorn = false;
  readonly #redact: (text: string) => string;
  readonly #sealer: LineCodec | undefined;

  constructor(root: string, run: { agent: string; id: string; attempt: number }, { now, redact, sealer }: LogParts) {
    const folder = folderOf(root, run.agent);
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    dropOld(folder);
    const time = new Date(now()).toISOString().replace(/[:.]/g, "-");
    const file = path.join(folder, `${time}-${run.id.slice(0, 8)}.ndjson`);
    this.path = path.relative(root, file);
    this.#now = now;
    this.#redact = redact;
    this.#sealer = sealer;
    this.#file = fs.openSync(file, "a", 0o600);
  }

  /** A disk that is full costs lines, not the run; how many, the log says when it goes on. */
  write(stream: RunLine["stream"], text: string, more: Record<string, unknown> = {}): void {
    if (this.#file === undefined) return;
    const at = new Date(this.#now()).toISOString();
    const lost = this.#lost > 0 ? this.#lineOf({ at, stream: "log", text: `Lines lost here: ${this.#lost}` }) : "";
    const bytes = Buffer.from((this.#isTorn ? "\n" : "") + lost + this.#lineOf({ at, stream, text, ...more }));
    try {
      this.#isTorn = fs.writeSync(this.#file, bytes) < bytes.length;
      this.#lost = this.#isTorn ? this.#lost + 1 : 0;
    } catch {
      this.#lost += 1;
    }
  }

  #lineOf(line: RunLine): string {
    const text = this.#redact(JSON.stringify(line));
    return `${this.#sealer?.encode(text) ?? text}\n`;
  }

  [Symbol.dispose](): void {
    if (this.#file !== undefined) fs.closeSync(this.#file);
    this.#file = undefined;
  }
}

/** The last runs of an agent as they were written, the latest last. */
export function readRunLogs(root: string, agent: string, runs: number, sealer?: LineCodec): RunText[] {
  const folder = folderOf(root, agent);
  if (!fs.existsSync(folder)) return [];
  const files = fs.readdirSync(folder).sort().slice(-runs);
  return files.map((file) => {
    const text = readPlainText(path.join(folder, file));
    return {
      file: path.relative(root, path.join(folder, file)),
      lines: text.split("\n").flatMap((line) => lineIn(line, sealer)),
    };
  });
}

const folderOf = (root: string, agent: string): string => path.join(root, "logs", "run", "agents", agent);

function dropOld(folder: string): void {
  for (const file of fs.readdirSync(folder).sort().slice(0, -keptPerAgent)) fs.rmSync(path.join(folder, file));
}

/** A last line that a crash cut off is left out. */
function lineIn(stored: string, sealer: LineCodec | undefined): RunLine[] {
  try {
    return [JSON.parse(openedText(stored, sealer)) as RunLine];
  } catch {
    return [];
  }
}
