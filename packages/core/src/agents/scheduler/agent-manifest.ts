import { once } from "@mh/contract/once.ts";
import { agentNameSchema } from "@mh/contract/values/agent.ts";
import { z } from "zod";
import type { AgentDefinition, Trigger } from "../../agent.ts";
import { cronFault } from "./cron.ts";

/** What an agent declares, whole: what its file leaves out stands here as its default. */
export type AgentManifest = Required<Omit<AgentDefinition, "run" | "limits" | "triggers">> & {
  triggers: Trigger[];
  limits: Required<NonNullable<AgentDefinition["limits"]>>;
};

const durationSchema = once(() =>
  z.string().refine((text) => msOf(text) !== undefined, "a duration is written 90s, 30m, 2h or 1d"),
);
const cronSchema = once(() =>
  z
    .string()
    .max(100)
    .superRefine((text, context) => {
      const fault = cronFault(text);
      if (fault !== undefined) context.addIssue({ code: "custom", message: fault });
    }),
);
const pattern = once(() =>
  z
    .string()
    .max(100)
    .regex(/^(\*\*|[\w-]+|\*)(\.(\*\*|[\w-]+|\*))*$/, "an event is written memory.captured or mail.**"),
);

const triggerSchema = once(() =>
  z.union([
    z.strictObject({ cron: cronSchema() }),
    z.strictObject({ every: durationSchema().refine((text) => (msOf(text) ?? 0) >= 60_000, "at most once a minute") }),
    z.strictObject({ event: pattern(), settle: durationSchema().exactOptional() }),
    z.strictObject({ idle: durationSchema() }),
  ]),
);

const skillSchema = once(() =>
  z.string().regex(/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/, "a skill is written memory.capture"),
);
const ensuredSchema = once(() =>
  z.string().regex(/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*\??$/, "written notify.send, or mail.draft?"),
);

/** Reads what an agent's file declares. Anything it does not know is refused: a misspelled limit is no limit. */
export const agentManifestSchema: () => z.ZodType<AgentManifest> = once(() =>
  z
    .strictObject({
      name: agentNameSchema(),
      title: z.string().min(1).max(200),
      triggers: z.array(triggerSchema()).max(20),
      may: z.array(skillSchema()).max(100),
      ensures: z.tuple([ensuredSchema()], ensuredSchema()),
      missed: z.enum(["skip", "latest", "all"]).default("latest"),
      quietHours: z.enum(["wait", "skip", "run"]).default("wait"),
      priority: z.enum(["low", "normal", "high"]).default("normal"),
      retries: z.number().int().min(0).max(10).default(2),
      limits: z
        .strictObject({
          timeMs: z.number().int().min(100).max(3_600_000).default(60_000),
          cpuMs: z.number().int().min(100).max(3_600_000).default(30_000),
          memoryBytes: z
            .number()
            .int()
            .min(64 * 2 ** 20)
            .max(4 * 2 ** 30)
            .default(256 * 2 ** 20),
        })
        .prefault({}),
    })
    .superRefine(({ may, ensures }, context) => {
      for (const wanted of ensures) {
        if (may.includes(wanted.replace(/\?$/, ""))) continue;
        context.addIssue({ code: "custom", path: ["ensures"], message: `${wanted} is not in its \`may\`` });
      }
    }),
);

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function msOf(text: string): number | undefined {
  const [, count, unit = ""] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (units[unit] ?? 0);
}

/** `90s`, `30m`, `2h`, `1d` in milliseconds. Throws where it is none. */
export function durationMs(text: string): number {
  const ms = msOf(text);
  if (ms === undefined) throw new TypeError(`${text} is no duration; 90s, 30m, 2h and 1d are`);
  return ms;
}
