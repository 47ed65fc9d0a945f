import type { ProvenanceFacts } from "@mh/contract/contract.ts";
import type { z } from "zod";

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

/** The manifest of a query: it reads the owner's data and does nothing else. */
export function readManifest<In, Out>(
  name: string,
  title: string,
  input: z.ZodType<In>,
  output: z.ZodType<Out>,
  provenance?: ProvenanceFacts,
) {
  const fixed = {
    version: "1.0.0",
    effects: ["read"] as const,
    permissions: {},
    control: [],
    undo: null,
    retry: "safe" as const,
  };
  return { name, title, input, output, ...fixed, ...(provenance && { provenance }) };
}
