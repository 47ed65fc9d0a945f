import { defineContract } from "@mh/contract/contract.ts";
import type { ProgressUpdate } from "@mh/contract/wire/progress.ts";
import { defineOutside } from "@mh/core/kernel/skill.ts";
import { z } from "zod";

const contract = defineContract({
  name: "slow.work",
  kind: "outside",
  title: "Work until a test says that it is done",
  input: () => z.strictObject({ name: z.string().describe("Names the work") }),
  output: () => z.strictObject({ name: z.string().describe("The same") }),
  examples: [{ title: "Some work", args: { name: "dishes" } }],
  effects: ["read"],
  event: "slow.worked",
});

/** Work that goes on for as long as a test wants, and heeds its signal. */
export function slowWork() {
  const going = new Map<
    string,
    { report: (update: ProgressUpdate) => void; finish: () => void; signal: AbortSignal }
  >();
  const begun = new Map<string, PromiseWithResolvers<void>>();
  const beginOf = (name: string) => {
    const known = begun.get(name) ?? Promise.withResolvers<void>();
    begun.set(name, known);
    return known;
  };
  const skill = defineOutside(contract, {
    stored: "kept",
    async run({ name }, { signal, progress }) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      signal.addEventListener("abort", () => reject(new Error("cancelled")), { once: true });
      going.set(name, { report: progress, finish: resolve, signal });
      beginOf(name).resolve();
      await promise;
      return { name };
    },
  });
  const workOf = (name: string) => {
    const work = going.get(name);
    if (!work) throw new Error(`${name} was not begun`);
    return work;
  };
  return {
    skill,
    /** Resolves once it has begun. */
    began: (name: string) => beginOf(name).promise,
    report: (name: string, update: ProgressUpdate) => workOf(name).report(update),
    finish: (name: string) => workOf(name).finish(),
    isCancelled: (name: string) => workOf(name).signal.aborted,
  };
}
