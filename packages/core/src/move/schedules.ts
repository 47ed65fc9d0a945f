import { z } from "zod";
import { cronFault } from "../agents/scheduler/cron.ts";
import { agentText } from "./agent-text.ts";

/** One schedule of another program: as an agent here, or why it is none. */
export interface MovedSchedule {
  title: string;
  /** How what it wants begins. */
  wanted?: string;
  /** The agent, and the text of its file. */
  agent?: { name: string; text: string };
  why?: string;
  notes: string[];
}

const text = z.string().nullish().catch(undefined);
const number = z.coerce.number().positive().nullish().catch(undefined);
const jobSchema = z.looseObject({
  ...{ id: text, name: text, prompt: text, script: text },
  enabled: z.boolean().nullish().catch(undefined),
  schedule: z
    .union([
      z.string().transform((expr) => ({ expr })),
      z.looseObject({
        ...{ expr: text, expression: text, cron: text, tz: text, at: text, run_at: text },
        ...{ everyMs: number, minutes: number, atMs: number },
      }),
    ])
    .nullish()
    .catch(undefined),
  payload: z.looseObject({ kind: text, message: text, text }).nullish().catch(undefined),
});
const schedulesMax = 200;
type Job = z.infer<typeof jobSchema>;

/** Schedules of a file: a list, or one under `jobs`. */
export function schedulesIn(
  program: string,
  settings: Record<string, unknown>,
  timeZone: string,
): { schedules: MovedSchedule[]; more: number } {
  const jobs = Array.isArray(settings.jobs) ? settings.jobs : [];
  const names = new Set<string>();
  const schedules = jobs.slice(0, schedulesMax).map((each): MovedSchedule => {
    const read = jobSchema.safeParse(each);
    if (!read.success) return { title: "a schedule", why: "It is not written as a schedule is", notes: [] };
    return scheduleOf(program, read.data, timeZone, names);
  });
  return { schedules, more: Math.max(0, jobs.length - schedulesMax) };
}

function scheduleOf(program: string, job: Job, timeZone: string, names: Set<string>): MovedSchedule {
  const wanted = (job.payload?.message ?? job.payload?.text ?? job.prompt ?? "").trim();
  const title = (job.name ?? "").trim() || wanted.slice(0, 60) || "a schedule";
  const none = (why: string): MovedSchedule => ({ title, why, notes: [] });
  if (wanted === "")
    return none("It says nothing that an agent could do: a program or a script is not run by a schedule here");
  if (wanted.length > 20_000) return none("Its words are longer than 20,000 characters");
  const trigger = triggerOf(job);
  if ("why" in trigger) return none(trigger.why);
  const name = nameFor(program, title, names);
  if (name === undefined) return none("Its name has nothing in it that an agent's name may have, or is another's");
  const zone = job.schedule && "tz" in job.schedule ? job.schedule.tz : undefined;
  const notes = [
    ...(job.enabled === false ? ["It was switched off there."] : []),
    ...(zone && zone !== timeZone ? [`It meant times of ${zone}; here they are yours, ${timeZone}.`] : []),
  ];
  return {
    title,
    wanted: wanted.length > 200 ? `${wanted.slice(0, 200)}…` : wanted,
    agent: { name, text: agentText({ name, title, trigger, wanted, program }) },
    notes,
  };
}

type Trigger = { cron: string } | { every: string };

function triggerOf({ schedule }: Job): Trigger | { why: string } {
  if (!schedule) return { why: "It has no time that can be read" };
  const given = { everyMs: undefined, minutes: undefined, ...schedule } as NonNullable<
    Exclude<Job["schedule"], { expr: string }>
  >;
  const cron = (given.expr ?? given.expression ?? given.cron)?.trim();
  if (cron) {
    const spoken = /^every\s+(\d{1,6})\s*(m|min|minutes?|h|hours?|d|days?)$/i.exec(cron);
    if (spoken && Number(spoken[1]) === 0) return { why: "It comes more often than every minute" };
    if (spoken) return { every: `${spoken[1]}${(spoken[2] ?? "m")[0]?.toLowerCase()}` };
    const why = cronFault(cron);
    return why === undefined ? { cron } : { why: `Its time cannot be read: ${why}` };
  }
  const minutes = given.minutes ?? (given.everyMs ? given.everyMs / 60_000 : undefined);
  if (minutes !== undefined && minutes !== null)
    return minutes >= 1 ? { every: `${Math.round(minutes)}m` } : { why: "It comes more often than every minute" };
  if (given.at || given.atMs || given.run_at) return { why: "It comes once: `mh task add … --due` keeps it" };
  return { why: "It has no time that can be read" };
}

function nameFor(program: string, title: string, names: Set<string>): string | undefined {
  const slug = title
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-/, "")
    .slice(0, 40)
    .replace(/-$/, "");
  const name = `${program}-${slug}`;
  if (slug === "" || names.has(name)) return undefined;
  names.add(name);
  return name;
}
