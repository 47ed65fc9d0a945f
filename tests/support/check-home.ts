import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import * as path from "node:path";
import { createInterface } from "node:readline";

/** What a home must hold: commands by their ids, and texts. */
export interface Expected {
  done?: readonly string[];
  refused?: readonly string[];
  there?: readonly string[];
  gone?: readonly string[];
}

const program = path.join(import.meta.dirname, "..", "check_home.py");

/** The checker that shares nothing with mh, as a process that answers one home after the other. */
export class HomeChecker implements Disposable {
  readonly #child: ChildProcessWithoutNullStreams = spawn("python3", ["-P", program]);
  readonly #answers = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  #complaint = "";

  constructor() {
    this.#child.stderr.on("data", (chunk: Buffer) => {
      this.#complaint += chunk;
    });
    // It does not keep its caller alive.
    this.#child.unref();
  }

  /** What is wrong, in sentences. */
  async check(home: string, expected: Expected): Promise<string[]> {
    this.#child.stdin.write(`${JSON.stringify({ home, ...expected })}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`The checker ended: ${this.#complaint}`);
    return JSON.parse(value) as string[];
  }

  [Symbol.dispose](): void {
    this.#child.kill();
  }
}
