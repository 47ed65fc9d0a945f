import { Fault } from "@mh/contract/values/fault.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import type { Kernel } from "../../kernel/kernel.ts";
import type { Run } from "../../kernel/run.ts";
import type { QueryContext } from "../../kernel/skill.ts";
import { refusal } from "../../kernel/verdict.ts";
import type { Config } from "../../model/config.ts";
import type { Crypto } from "../../ports/crypto.ts";
import type { Timers } from "../../ports/timers.ts";
import type { Meaning } from "../search/meaning.ts";
import { asksEmbedder } from "./ask-embedder.ts";
import { type Embedder, embedderOf, questionFor } from "./embedder.ts";
import type { Space } from "./vector-store.ts";
import type { Vectors } from "./vectors.ts";

export interface QuestionDeps {
  vectors: Vectors;
  begin: (command: Command) => Run;
  check: Kernel["check"];
  timers: Timers;
  crypto: Pick<Crypto, "sha256Hex">;
}

/** How close memories are to a question, and what the answer says where that is not known of all: read `note` after the search. */
export interface QuestionMeaning {
  meaning?: Meaning;
  note?: string;
}

/** A model that takes longer is not waited for, and for a while not asked. */
const patienceMs = 10_000;
const restMs = 60_000;
/** Questions come again: the next page, the same agent an hour later. */
const questionsMax = 256;

/**
 * Has a vector made of a question. Whatever stands in the way, search goes on by words and says so: a model that does not
 * answer, vectors that are damaged or of another model, somebody who may not use the embedder.
 */
export class QuestionMeanings {
  readonly #deps: QuestionDeps;
  /** By hash: what was asked does not lie about. */
  readonly #known = new Map<string, Float32Array>();
  #restsUntil = Number.NEGATIVE_INFINITY;

  constructor(deps: QuestionDeps) {
    this.#deps = deps;
  }

  async of(question: string, context: QueryContext): Promise<QuestionMeaning> {
    const { vectors } = this.#deps;
    try {
      const embedder = embedderOf(context.config);
      if (!embedder || question.trim() === "") return {};
      const spaces = vectors.isThere ? vectors.with((store) => store.spaces()) : [];
      const chosen = chosenAmong(spaces, embedder, context.config);
      if (!chosen) return { note: `${byWords} No vectors are made yet; \`mh memory embed\` makes them.` };
      const vector = await this.#vectorOf(question, chosen.embedder, context);
      if (vector.length !== chosen.space.dimension)
        return {
          note: `${byWords} ${chosen.embedder.name} gives vectors of another length now; they are being made anew.`,
        };
      const answer: QuestionMeaning = chosen.space.whole ? {} : { note: partly };
      const onDamage = () => {
        answer.note = `${byWords} The vectors are damaged; they are being made anew.`;
      };
      answer.meaning = await vectors.meaningOf(chosen.space, vector, onDamage);
      return answer;
    } catch (error) {
      context.signal.throwIfAborted();
      return { note: `${byWords} ${reasonOf(error)}` };
    }
  }

  /** Nothing of what was asked is kept. */
  forget(): void {
    this.#known.clear();
  }

  async #vectorOf(question: string, embedder: Embedder, context: QueryContext): Promise<Float32Array> {
    const text = questionFor(embedder, question);
    const key = this.#deps.crypto.sha256Hex(`${embedder.model}\n${text}`);
    const known = this.#known.get(key);
    const vector = known ?? (await this.#asked(text, embedder, context));
    this.#known.delete(key);
    this.#known.set(key, vector);
    if (this.#known.size > questionsMax) this.#known.delete(this.#known.keys().next().value as string);
    return vector;
  }

  async #asked(text: string, { name }: Embedder, { principal, cause, signal }: QueryContext): Promise<Float32Array> {
    const { timers, check } = this.#deps;
    // Caused by what caused the search: the search itself may not stand in the log yet. The chain of principals is the same.
    const by = { principal, ...(cause && { cause }) };
    const judged = check({ ...by, skill: "llm.embed", args: { model: name, texts: [text] } });
    // An approval request for each search is no way to search.
    if (judged.verdict.verdict !== "allow")
      throw new Fault(
        "model.failed",
        `${principal} may not use the embedder: ${refusal(judged).reason}. \`mh grant give ${principal} llm.embed\` lets it, on this machine.`,
      );
    if (timers.now() < this.#restsUntil) throw new Fault("model.failed", slow(name));
    const [vector] = await asksEmbedder((command) => this.#patiently(command, signal), by)([text], name);
    if (!vector) throw new Fault("model.failed", `${name} made no vector.`);
    return vector;
  }

  async #patiently(command: Command, signal: AbortSignal): Promise<Outcome> {
    const { begin, timers } = this.#deps;
    const run = begin(command);
    const stop = () => run.cancel("The search was ended");
    signal.addEventListener("abort", stop, { once: true });
    using _wait = timers.after(patienceMs, () => {
      this.#restsUntil = timers.now() + restMs;
      run.cancel(slow(String((command.args as { model: string }).model)));
    });
    try {
      const outcome = await run.outcome;
      if (outcome.status !== "interrupted" || signal.aborted) return outcome;
      throw new Fault("model.failed", slow(String((command.args as { model: string }).model)));
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }
}

const byWords = "Found by words alone.";
const partly = "Vectors are still being made: some memories were found by words alone.";
const slow = (name: string) => `${name} does not answer in time. \`mh ollama doctor\` looks at it.`;

const reasonOf = (error: unknown): string =>
  error instanceof Fault ? error.message : `The vectors could not be read (${(error as Error).message}).`;

/**
 * The vectors to search by: those of the embedder in the settings once they are whole; until then those of the one before,
 * as long as it can still be asked.
 */
function chosenAmong(
  spaces: readonly Space[],
  embedder: Embedder,
  config: Config,
): { space: Space; embedder: Embedder } | undefined {
  const wanted = spaces.find(({ model }) => model === embedder.model);
  if (wanted?.whole) return { space: wanted, embedder };
  for (const space of spaces) {
    const earlier = space.whole ? usable(config, space) : undefined;
    if (earlier) return { space, embedder: earlier };
  }
  return wanted && { space: wanted, embedder };
}

function usable(config: Config, { name, model }: Space): Embedder | undefined {
  try {
    const embedder = embedderOf(config, name);
    return embedder?.model === model ? embedder : undefined;
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}
