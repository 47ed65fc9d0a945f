// One run looked at: what led to what, along time, and as a file to give away.
import { z } from "zod";
import { defineContract } from "./contract.ts";
import { once } from "./once.ts";
import { effects, layers, verdicts } from "./values/effect.ts";

const which = () =>
  z.strictObject({
    run: z.string().min(1).max(200).describe("Id of the run's command, or a beginning or an end of it"),
  });

const instant = (what: string) =>
  z.string().nullable().describe(`${what}, ISO 8601 UTC; null where the log does not say`);

export const runTraceStepSchema = once(() =>
  z.strictObject({
    id: z.string().describe("Id of the command"),
    parent: z.string().nullable().describe("Id of the command that caused it; null for the run itself"),
    seq: z.number().int().describe("Number of its first record"),
    principal: z.string(),
    skill: z.string().describe("Without its version"),
    status: z.enum(["begun", "done", "failed", "interrupted", "denied", "waiting", "refused", "expired"]),
    effect: z.enum(effects).nullable(),
    verdict: z.enum(verdicts).nullable(),
    layer: z.enum(layers).nullable().describe("The first layer that gave the verdict; null where it was allowed"),
    reason: z.string().describe("What that layer said; empty where it was allowed"),
    fault: z.string().nullable().describe("Code of the fault that ended it"),
    begunAt: instant("When it began to run"),
    endedAt: instant("When it ended"),
    askedAt: instant("When the owner was asked"),
    answeredAt: instant("When the owner answered, or the request expired"),
    isCritical: z
      .boolean()
      .describe("It lies on the critical path: had it been quicker, the run would have ended earlier"),
    touches: z
      .array(z.strictObject({ kind: z.enum(["path", "host", "address"]), value: z.string() }))
      .describe("What outside the home its arguments named; of an address, what the log keeps of it"),
    tokens: z.number().int().nullable().describe("Of models; null where it used none"),
    minor: z.number().nullable().describe("Money, in the smallest unit of the currency; null where it paid nothing"),
  }),
);
export type RunTraceStep = z.infer<ReturnType<typeof runTraceStepSchema>>;

export const runTraceSchema = once(() =>
  z.strictObject({
    id: z.string(),
    agent: z.string().nullable().describe("Name of the agent that ran; null where it was no agent's run"),
    trigger: z.string().nullable().describe("What made it run; `owner` where the owner asked for it"),
    attempt: z.number().int().nullable(),
    task: z.string().nullable().describe("Id of the task of what it did: undoing that takes the run back"),
    begunAt: instant("When it began"),
    endedAt: instant("When it ended"),
    usage: z
      .strictObject({ ms: z.number(), cpuMs: z.number(), rssBytesMax: z.number() })
      .nullable()
      .describe("What its program used; null where nobody measured"),
    ensures: z.array(z.strictObject({ skill: z.string(), held: z.boolean() })).describe("What a good run leaves"),
    steps: z
      .array(runTraceStepSchema())
      .max(500)
      .describe("The run itself first, then what it caused, in the order of the log"),
    left: z.number().int().describe("Steps beyond those, which are not shown"),
  }),
);
export type RunTrace = z.infer<ReturnType<typeof runTraceSchema>>;

export const runShow = defineContract({
  name: "run.show",
  kind: "query",
  recovery: true,
  title: "Show one run: what led to what, when, and what made it take as long",
  input: which,
  output: () => z.strictObject({ run: runTraceSchema() }),
  examples: [{ title: "A run, by the end of its id", args: { run: "7f3a90c1" } }],
  provenance: { writers: "anyone", private: true },
});

/** Kinds of what a file that is given away does not show. */
export const hiddenKinds = ["agent", "program", "skill", "rule", "path", "host", "address", "id", "text"] as const;

export const runExport = defineContract({
  name: "run.export",
  kind: "query",
  title: "Make one file of a run to give away, without anybody's words, names or places",
  input: which,
  output: () =>
    z.strictObject({
      html: z.string().describe("The whole file: no script, and nothing that it loads from elsewhere"),
      run: runTraceSchema().describe(
        "What the file shows: names are placeholders, times count from the run's beginning",
      ),
      hidden: z
        .array(z.strictObject({ kind: z.enum(hiddenKinds), count: z.number().int() }))
        .describe("What was left out or stands as a placeholder, by its kind"),
    }),
  examples: [{ title: "A run, by the end of its id", args: { run: "7f3a90c1" } }],
  provenance: { writers: "anyone", private: true },
});
