import { Worker } from "node:worker_threads";

/**
 * Exchanges the folder `open` in a place for a link to `closed` and back, again and again, from a thread of its own, until
 * it is disposed of.
 */
export async function swapFolder(place: string): Promise<AsyncDisposable> {
  const swapping = `
    const fs = require("node:fs");
    const { at, stop } = require("node:worker_threads").workerData;
    require("node:worker_threads").parentPort.postMessage("swapping");
    while (Atomics.load(stop, 0) === 0) {
      fs.renameSync(at + "/open", at + "/aside"); fs.symlinkSync(at + "/closed", at + "/open");
      Atomics.wait(stop, 0, 0, 3);
      fs.unlinkSync(at + "/open"); fs.renameSync(at + "/aside", at + "/open");
      Atomics.wait(stop, 0, 0, 3);
    }`;
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(swapping, { eval: true, workerData: { at: place, stop } });
  await new Promise((resolve) => worker.once("message", resolve));
  return {
    async [Symbol.asyncDispose]() {
      const exited = new Promise((resolve) => worker.once("exit", resolve));
      Atomics.store(stop, 0, 1);
      Atomics.notify(stop, 0);
      await exited;
    },
  };
}
