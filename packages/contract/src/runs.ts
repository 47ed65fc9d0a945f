import { z } from "zod";
import { defineContract } from "./contract.ts";
import { runSchema } from "./wire/run.ts";

export const runList = defineContract({
  name: "run.list",
  kind: "query",
  recovery: true,
  title: "List what is under way",
  input: () => z.strictObject({}),
  output: () => z.strictObject({ runs: z.array(runSchema()).describe("In the order they began, but for this query") }),
  examples: [{ title: "What runs now, and how far it is", args: {} }],
  // What a run says of itself may quote anyone.
  provenance: { fields: { run: "record", skill: "record", principal: "record", beganAt: "record" }, private: true },
});
