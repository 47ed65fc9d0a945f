import { z } from "zod";
import { once } from "../once.ts";

/** It names a file, a folder of logs, and a section of the settings. */
export const agentNameSchema = once(() => z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, "lower case, digits and dashes"));

/** When an agent runs, as its file declares it. */
const triggerSchema = once(() =>
  z.union([
    z.strictObject({ cron: z.string().describe("Five fields, in the owner's time zone") }),
    z.strictObject({ every: z.string().describe("30m, 2h, 1d") }),
    z.strictObject({
      event: z.string().describe("A pattern of event names, as memory.captured or mail.**"),
      settle: z.string().exactOptional().describe("Events within this of each other are one run"),
    }),
    z.strictObject({ idle: z.string().describe("Once the owner has done nothing for so long") }),
  ]),
);

/** One run of an agent. Times are in milliseconds since 1970. */
export const agentRunRowSchema = once(() =>
  z.strictObject({
    id: z.string().describe("The command's id"),
    agent: z.string(),
    trigger: z.string(),
    slot: z.string().describe("What makes it the same run, however often it is tried"),
    attempt: z.number().int(),
    at_ms: z.number().describe("When it was meant to be"),
    begun_ms: z.number(),
    ended_ms: z.number().nullable(),
    status: z.enum(["begun", "done", "failed", "interrupted", "denied", "parked"]),
    fault: z.string().nullable().describe("Code of the fault that ended it"),
    body: z.string().nullable().describe("What its outcome's record says beside, JSON"),
  }),
);
export type AgentRunRow = z.infer<ReturnType<typeof agentRunRowSchema>>;

export const agentViewSchema = once(() =>
  z.strictObject({
    name: z.string(),
    title: z.string(),
    state: z
      .enum(["waiting", "on", "paused", "changed", "broken", "gone"])
      .describe("`waiting` was never allowed, `changed` asks for more than it was allowed, `gone` has no file"),
    path: z.string().nullable(),
    isShipped: z.boolean().describe("It came with mh"),
    isRunning: z.boolean(),
    may: z.array(z.string()).describe("The skills that it may use"),
    ensures: z.array(z.string()).describe("What the log holds after a good run"),
    triggers: z.array(triggerSchema()),
    asksFor: z.array(z.string()).describe("Skills that the file asks for and the owner has not allowed"),
    fault: z.string().nullable().describe("Why its file cannot be read"),
    last: agentRunRowSchema().nullable(),
    nextMs: z.number().nullable().describe("When it is due next, in milliseconds since 1970"),
    hash: z.string().nullable().describe("SHA-256 of its file"),
  }),
);
export type AgentView = z.infer<ReturnType<typeof agentViewSchema>>;

/** One line of a run's log: by the agent, by its console, a command and how it ended, or the last. */
export const runLineSchema = once(() =>
  z
    .object({
      at: z.string().describe("ISO 8601"),
      stream: z.enum(["log", "out", "err", "act", "end"]),
      text: z.string(),
    })
    // Beside, the command that it speaks of, or what the run used.
    .catchall(z.json()),
);
export type RunLine = z.infer<ReturnType<typeof runLineSchema>>;

/** A run as it was written down. */
export const runTextSchema = once(() => z.strictObject({ file: z.string(), lines: z.array(runLineSchema()) }));
export type RunText = z.infer<ReturnType<typeof runTextSchema>>;
