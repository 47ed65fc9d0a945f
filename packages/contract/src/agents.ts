import { z } from "zod";
import { defineContract } from "./contract.ts";
import { agentNameSchema, agentRunRowSchema, agentViewSchema, runTextSchema } from "./values/agent.ts";
import { instantSchema } from "./values/text.ts";

const agentName = () => agentNameSchema().describe("Name of the agent");
const byName = () => z.strictObject({ name: agentName() });

export const agentList = defineContract({
  name: "agent.list",
  kind: "query",
  recovery: true,
  title: "List your agents",
  input: () => z.strictObject({}),
  output: () => z.strictObject({ agents: z.array(agentViewSchema()).describe("By name") }),
  examples: [{ title: "All agents", args: {} }],
});

export const agentShow = defineContract({
  name: "agent.show",
  kind: "query",
  recovery: true,
  title: "Show an agent and its last runs",
  input: byName,
  output: () =>
    z.strictObject({
      agent: agentViewSchema(),
      runs: z.array(agentRunRowSchema()).describe("The latest first, 20 at most"),
    }),
  examples: [{ title: "One agent", args: { name: "organizer" } }],
});

export const agentLog = defineContract({
  name: "agent.log",
  kind: "query",
  recovery: true,
  title: "Show what an agent's last runs said and did",
  input: () =>
    z.strictObject({
      name: agentName(),
      runs: z.number().int().min(1).max(50).default(1).describe("How many runs; left out, the last one"),
    }),
  output: () => z.strictObject({ runs: z.array(runTextSchema()).describe("The latest last") }),
  examples: [{ title: "The last run", args: { name: "organizer" } }],
});

export const agentAllow = defineContract({
  name: "agent.allow",
  kind: "admin",
  title: "Let an agent run, and use what it asks for",
  input: () =>
    z.strictObject({
      name: agentName(),
      hash: z
        .string()
        .max(64)
        .optional()
        .describe("The file's version that was shown: refused where another lies there; left out, the one that does"),
      may: z
        .array(z.string())
        .max(100)
        .optional()
        .describe(
          "The skills that it was shown to ask for: refused where it asks for others; left out, what it asks for",
        ),
    }),
  output: () =>
    z.strictObject({ name: z.string(), hash: z.string(), may: z.array(z.string()).describe("What it may use now") }),
  examples: [{ title: "Let it run", args: { name: "organizer" } }],
  control: ["name"],
  event: "agent.allowed",
  subjects: { agent: "name" },
  undo: "mh agent pause",
});

export const agentRenew = defineContract({
  name: "agent.renew",
  kind: "admin",
  title: "Take in an agent's file that changed",
  input: byName,
  output: () => z.strictObject({ name: z.string(), hash: z.string() }),
  examples: [{ title: "Take it in", args: { name: "organizer" } }],
  event: "agent.renewed",
  subjects: { agent: "name" },
});

const state = () => z.strictObject({ name: z.string(), state: z.enum(["on", "paused"]) });

export const agentPause = defineContract({
  name: "agent.pause",
  kind: "admin",
  recovery: true,
  title: "Let an agent rest",
  input: byName,
  output: state,
  examples: [{ title: "Let it rest", args: { name: "organizer" } }],
  control: ["name"],
  event: "agent.paused",
  subjects: { agent: "name" },
  undo: "mh agent resume",
});

export const agentResume = defineContract({
  name: "agent.resume",
  kind: "admin",
  title: "Let an agent go on",
  input: byName,
  output: state,
  examples: [{ title: "Let it go on", args: { name: "organizer" } }],
  control: ["name"],
  event: "agent.resumed",
  subjects: { agent: "name" },
  undo: "mh agent pause",
});

export const agentStop = defineContract({
  name: "agent.stop",
  kind: "admin",
  recovery: true,
  title: "End an agent's run",
  input: byName,
  output: () => z.strictObject({ name: z.string(), wasRunning: z.boolean() }),
  examples: [{ title: "End its run", args: { name: "organizer" } }],
  control: ["name"],
  event: "agent.stopped",
  subjects: { agent: "name" },
});

const ranSchema = () => ({
  commands: z.number().int().describe("How many commands it gave"),
  ensures: z.array(z.strictObject({ skill: z.string(), held: z.boolean() })),
  usage: z.strictObject({ ms: z.number(), cpuMs: z.number(), rssBytesMax: z.number() }),
  log: z.string().describe("Path of the run's log, in the home"),
});

export const agentRun = defineContract({
  name: "agent.run",
  kind: "outside",
  title: "Run an agent once",
  input: () =>
    z.strictObject({
      agent: agentName(),
      trigger: z.string().max(300).describe("Names the trigger; `owner` where the owner asked for it"),
      kind: z.enum(["cron", "every", "event", "idle", "owner"]).describe("The kind of trigger"),
      slot: z.string().max(100).describe("What makes it the same run at every attempt"),
      attempt: z.number().int().positive().describe("1 for the first attempt"),
      at: instantSchema.describe("The time that it is meant for, ISO 8601"),
      event: z
        .strictObject({
          name: z.string().max(100).describe("Its name, as memory.captured"),
          command: z.string().max(100).describe("Id of the command that it belongs to"),
        })
        .optional()
        .describe("The event that triggered it; left out, none did"),
    }),
  output: () => z.strictObject(ranSchema()),
  examples: [
    {
      title: "As the owner asks for it",
      args: {
        ...{ agent: "organizer", trigger: "owner", kind: "owner", slot: "1", attempt: 1 },
        at: "2026-03-02T09:00:00Z",
      },
    },
  ],
  effects: ["read"],
  event: "agent.ran",
  subjects: { agent: "agent" },
  retry: "safe",
});

const inputCharsMax = 32_000;

/**
 * One run of an agent for somebody else: of another agent, of a chat, of a program. Each of its commands is judged for both,
 * so that neither may do more than the other, and what it spends counts for both.
 */
export const agentDelegate = defineContract({
  name: "agent.delegate",
  kind: "outside",
  title: "Have an agent do its work, and get what it found",
  input: () =>
    z.strictObject({
      agent: agentName(),
      input: z
        .json()
        .refine((input) => JSON.stringify(input).length <= inputCharsMax, `at most ${inputCharsMax / 1000} kB`)
        .optional()
        .describe("What it is to work on; left out, it does what it does by itself"),
    }),
  output: () =>
    z.strictObject({
      ...ranSchema(),
      result: z.json().describe("What it gave back; null where that is nothing"),
      origins: z
        .array(z.string())
        .describe("Whose words that may be: the agent's, and of the skills whose answers it read before"),
    }),
  examples: [{ title: "Let the organizer work now", args: { agent: "organizer" } }],
  effects: ["read"],
  // Nothing that an agent says of what it read can be relied on, and it may be the owner's business alone.
  provenance: { content: ["input"], origins: "origins", writers: "anyone", private: true },
  event: "agent.delegated",
  subjects: { agent: "agent" },
  retry: "safe",
});
