import type { ProvenanceFacts } from "../contract.ts";

/**
 * What the rules of provenance know of answers that hold memories: each says itself where it came from. `at` is where in
 * a row the memory stands.
 */
export const memoryFacts = (at = ""): ProvenanceFacts => ({
  fields: { [`${at}id`]: "record", [`${at}at`]: "record" },
  origins: `${at}origins`,
  ids: { [`${at}id`]: "memory" },
  writers: "anyone",
  private: true,
});

/** A skill that makes a memory answers with its id, and one that changes a memory takes it. */
export const makesMemory = { ids: { id: "memory" }, fields: { id: "record" } } as const satisfies ProvenanceFacts;
export const takesMemory = { types: { id: "id" }, takes: { id: "memory" } } as const satisfies ProvenanceFacts;
