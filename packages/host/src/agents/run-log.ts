import * as fs from "node:fs";
import * as path from "node:path";
import type { RunLine, RunText } from "@mh/core/skills/agent-log.ts";

const keptPerAgent = 200;

/** Writes what a run says, as it says it: `logs/run/agents/<agent>/<time>-<run>.ndjson`, for the owner alone. */
export class RunLog implements Disposable {
  readonly path: string;
  readonly #file: number;
  readonly #now: () => number;
  readonly #redact: (text: string) => string;

  constructor(
    root: string,
    run: { agent: string; id: string; attempt: number },
    { now, redact }: { now: () => number; redact: (text: string) => string },
  ) {
    const folder = folderOf(root, run.agent);
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    dropOld(folder);
    const time = new Date(now()).toISOString().replace(/[:.]/g, "-");
    const file = path.join(folder, `${time}-${run.id.slice(0, 8)}.ndjson`);
    this.path = path.relative(root, file);
    this.#now = now;
    this.#redact = redact;
    this.#file = fs.openSync(file, "a", 0o600);
  }

  write(stream: RunLine["stream"], text: string, more: Record<string, unknown> = {}): void {
    const line = { at: new Date(this.#now()).toISOString(), stream, text, ...more };
    fs.writeSync(this.#file, `${this.#redact(JSON.stringify(line))}\n`);
  }

  [Symbol.dispose](): void {
    fs.closeSync(this.#file);
  }
}

/** The last runs of an agent as they were written, the latest last. */
export function readRunLogs(root: string, agent: string, runs: number): RunText[] {
  const folder = folderOf(root, agent);
  if (!fs.existsSync(folder)) return [];
  const files = fs.readdirSync(folder).sort().slice(-runs);
  return files.map((file) => {
    const text = fs.readFileSync(path.join(folder, file), "utf8");
    return { file: path.relative(root, path.join(folder, file)), lines: text.split("\n").flatMap(lineOf) };
  });
}

const folderOf = (root: string, agent: string): string =>
  path.join(root, "logs", "run", "agents", path.basename(agent));

function dropOld(folder: string): void {
  for (const file of fs.readdirSync(folder).sort().slice(0, -keptPerAgent)) fs.rmSync(path.join(folder, file));
}

/** A last line that a crash cut off is left out. */
function lineOf(text: string): RunLine[] {
  try {
    return [JSON.parse(text) as RunLine];
  } catch {
    return [];
  }
}
