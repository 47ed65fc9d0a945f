import { z } from "zod";
import { defineContract } from "./contract.ts";
import { once } from "./once.ts";

/** Something that was put or changed by hand, and does nothing more than before until the owner adopts it. */
const waitingSchema = once(() =>
  z.strictObject({
    kind: z.enum(["agent", "skill", "mcp", "rule", "setting", "memory"]),
    name: z
      .string()
      .describe("Name of the agent, the package, the server, the rule or the setting; the id of a memory"),
    state: z.enum(["new", "changed"]).describe("`new`: it was never adopted"),
    wider: z.array(z.string()).describe("What it could do once adopted that nothing allows now, one a line"),
    command: z.string().describe("The command that shows it whole and adopts it"),
  }),
);
export type Waiting = z.infer<ReturnType<typeof waitingSchema>>;

export const adoptionList = defineContract({
  name: "adoption.list",
  kind: "query",
  recovery: true,
  title: "List what was changed by hand and waits for you",
  input: () => z.strictObject({}),
  output: () => z.strictObject({ waiting: z.array(waitingSchema()).describe("By kind and name") }),
  examples: [{ title: "All that waits", args: {} }],
});
