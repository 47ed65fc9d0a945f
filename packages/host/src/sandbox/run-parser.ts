import { Fault } from "@mh/contract/values/fault.ts";
import type { ParsedDocument } from "@mh/core/memory/import/document.ts";
import { LineSplitter } from "@mh/core/model/lines.ts";
import { decodeLossy } from "@mh/core/ports/bytes.ts";
import type { Executor, Run, RunEnd, RunReason } from "@mh/core/ports/executor.ts";
import type { Timers } from "@mh/core/ports/timers.ts";
import { z } from "zod";
import { isOutOfMemory } from "./out-of-memory.ts";
import type { ParsedKind } from "./parsed-kinds.ts";
import { pieceBytes } from "./parser/file-stream.ts";
import {
  type ParserLimits,
  type ParserProgram,
  parserJob,
  parserLimits,
  parserProgram,
  renewShare,
} from "./parser-job.ts";

/** A file that is handed to the parser: its bytes, and no name of it. */
export interface ParserFile {
  kind: ParsedKind;
  sizeBytes: number;
  /** The next bytes, so many, or as many as are left. */
  read(from: number, to: number): Uint8Array;
}

export type ParserAnswer =
  | { document: ParsedDocument }
  /** Why the file cannot be read. */
  | { refused: string };

export interface ParserDeps {
  executor: Executor;
  timers: Timers;
  /** STOP does not end what the owner imports. */
  isOwners: boolean;
  signal?: AbortSignal | undefined;
  limits?: ParserLimits;
  program?: ParserProgram;
}

const documentSchema: z.ZodType<ParsedDocument> = z.object({
  title: z.string().optional(),
  properties: z.array(z.tuple([z.string(), z.string()])).max(100),
  blocks: z.array(
    z.object({
      text: z.string(),
      depth: z.int().min(0).max(9),
      page: z.int().min(1).optional(),
    }),
  ),
  notes: z.array(z.string().max(1_000)).max(100),
});

const used = z.strictObject({ cpuMs: z.number(), memoryBytes: z.number() });
const messageSchema = z.union([
  z.strictObject({ more: z.literal(true) }),
  z.strictObject({ refused: z.string().max(1_000), used }),
  z.strictObject({ document: documentSchema, used }),
]);
type Message = z.infer<typeof messageSchema>;
type Answer = ParserAnswer | { ended: RunEnd };

/**
 * Reads files whose format asks for a library, in one sandboxed process for all of them. A file that goes over a limit ends
 * that process; the next one begins another. Whatever such a process sends is bounded and believed in nothing but text.
 */
export class Parser implements Disposable {
  readonly #deps: ParserDeps;
  readonly #limits: ParserLimits;
  #process: ParserProcess | undefined;

  constructor(deps: ParserDeps) {
    this.#deps = deps;
    this.#limits = deps.limits ?? parserLimits;
  }

  /**
   * Reads one file; files are read one after another. Throws the signal's reason where that is aborted, `stopped` where STOP
   * ended it, and what reading the file throws.
   */
  async parse(file: ParserFile): Promise<ParserAnswer> {
    const answer = await this.#parse(file);
    // It may have been ended from outside, by somebody or for want of memory elsewhere: what ends it twice is the file.
    return this.#told("ended" in answer && this.#isNobodysFault(answer.ended) ? await this.#parse(file) : answer);
  }

  /** Ends the process; the next file would begin another. */
  [Symbol.dispose](): void {
    this.#process?.run.kill("Its import is over.");
    this.#process = undefined;
  }

  async #parse(file: ParserFile): Promise<Answer> {
    this.#process ??= this.#begin();
    const process = this.#process;
    let isGood = false;
    try {
      const answer = await process.parse(file);
      isGood = !("ended" in answer) && !process.isUsedUp;
      return answer;
    } finally {
      if (!isGood) this[Symbol.dispose]();
    }
  }

  #begin(): ParserProcess {
    const { executor, timers, isOwners, signal, program = parserProgram() } = this.#deps;
    const job = parserJob(program, this.#limits, { ...(isOwners && { isOwners }), ...(signal && { signal }) });
    return new ParserProcess(executor.run(job), timers, this.#limits);
  }

  /** A start that was refused is refused the next time, too. */
  #isNobodysFault(end: RunEnd): boolean {
    return end.status === "exited" && !isOutOfMemory(end, this.#limits.memoryBytes);
  }

  #told(answer: Answer): ParserAnswer {
    if (!("ended" in answer)) return answer;
    const { ended } = answer;
    this.#deps.signal?.throwIfAborted();
    if (ended.reason === "stopped") throw new Fault("stopped", ended.message);
    if (ended.status === "refused") return { refused: `Its parser could not be started. ${ended.message}` };
    const over = overOf(isOutOfMemory(ended, this.#limits.memoryBytes) ? "memory" : ended.reason, this.#limits);
    return { refused: over ? `Reading it took more than ${over}.` : "Its parser crashed on it." };
  }
}

/** What a file took too much of. */
function overOf(reason: RunReason | undefined, limits: ParserLimits): string | undefined {
  const { cpuMs, timeMs, memoryBytes, answerBytesMax } = limits;
  if (reason === "cpu") return `${cpuMs / 1_000} s of the processor`;
  if (reason === "time") return `${timeMs / 1_000} s`;
  if (reason === "memory") return `${Math.floor(memoryBytes / 2 ** 20)} MB of memory`;
  if (reason === "output") return `${Math.floor(answerBytesMax / 2 ** 20)} MB for its text`;
  return undefined;
}

/** One process, from its start to its end. */
class ParserProcess {
  readonly run: Run;
  readonly #timers: Timers;
  readonly #limits: ParserLimits;
  #isUsedUp = false;
  #waiting: { more(): void; answered(answer: Answer): void } | undefined;

  constructor(run: Run, timers: Timers, limits: ParserLimits) {
    this.run = run;
    this.#timers = timers;
    this.#limits = limits;
    const lines = new LineSplitter(limits.answerBytesMax);
    run.channel.listen((chunk) => {
      for (const { bytes, isTooLong } of lines.push(chunk)) {
        if (isTooLong) run.kill("It answers more than it may.", "output");
        else this.#said(decodeLossy(bytes));
      }
    });
  }

  /** It has used so much that a next file would begin with too little. */
  get isUsedUp(): boolean {
    return this.#isUsedUp;
  }

  async parse(file: ParserFile): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    let sent = 0;
    // It asks for a piece at a time, so that no more than that waits here.
    const more = () => {
      const piece = readOr(() => file.read(sent, Math.min(sent + pieceBytes, file.sizeBytes)), reject);
      if (piece === undefined) return;
      const isWhole = piece.length === Math.min(pieceBytes, file.sizeBytes - sent) && piece.length > 0;
      sent += piece.length;
      if (isWhole) this.run.channel.write(piece);
      else reject(new Fault("import.unreadable", "It became shorter while it was read."));
    };
    this.#waiting = { more, answered: resolve };
    using _limit = this.#timers.after(this.#limits.timeMs, () => this.run.kill("It took too long.", "time"));
    this.run.channel.write(`${JSON.stringify({ kind: file.kind, sizeBytes: file.sizeBytes })}\n`);
    try {
      return await Promise.race([promise, this.run.end.then((ended) => ({ ended }))]);
    } catch (error) {
      // It still waits for bytes that do not come.
      this.run.kill("Its file went away.");
      throw error;
    } finally {
      this.#waiting = undefined;
    }
  }

  #said(line: string): void {
    const waiting = this.#waiting;
    // Unasked, it says nothing that anybody heeds.
    if (!waiting) return;
    const message = messageOf(line);
    if (message && "more" in message) return waiting.more();
    const { cpuMs, memoryBytes } = this.#limits;
    this.#isUsedUp =
      !message ||
      message.used.cpuMs > cpuMs * renewShare.cpu ||
      message.used.memoryBytes > memoryBytes * renewShare.memory;
    waiting.answered(message ?? { refused: "Its parser crashed on it." });
  }
}

function messageOf(line: string): Message | undefined {
  try {
    return messageSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function readOr<T>(read: () => T, failed: (error: unknown) => void): T | undefined {
  try {
    return read();
  } catch (error) {
    failed(error);
    return undefined;
  }
}
