import type { ProvenanceFacts } from "@mh/contract/contract.ts";
import type { z } from "zod";

export { memoryFacts } from "@mh/contract/values/memory-facts.ts";

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
