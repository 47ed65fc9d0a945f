import type { ProvenanceFacts } from "../contract.ts";

/**
 * What the rules of provenance know of answers that hold memories: each says itself where it came from. `at` is where in
 * a row the memory stands.
 */
export const memoryFacts = (at = ""): ProvenanceFacts => ({
  fields: { [`${at}id`]: "record", [`${at}at`]: "record" },
  origins: `${at}origins`,
  ids: "memory",
  writers: "anyone",
  private: true,
});
