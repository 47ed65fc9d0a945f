import { z } from "zod";
import { once } from "../once.ts";
import { effects, layers, risks, trustLevels, verdicts } from "./effect.ts";
import { principalSchema } from "./principal-schema.ts";
import { deviceRoles } from "./role.ts";

const phases = [
  "intent",
  "outcome",
  "deny",
  "ask",
  "approve",
  "refuse",
  "expire",
  "stop",
  "resume",
  "grant",
  "revoke",
  "trust",
  "device",
  "endorse",
  "adopt",
  "checkpoint",
  "recovered",
  "archive",
  "decide",
  "reason",
  "channel",
  "chat",
  "matched",
  "sealed",
  "covered",
] as const;

export const scopeSchema = once(() =>
  z.strictObject({
    paths: z.array(z.string()).optional().describe("Absolute paths of folders, with all that is in them, and of files"),
    hosts: z.array(z.string()).optional().describe("Hosts, in lower case"),
    recipients: z.array(z.string()).optional().describe("Addresses that something is sent to, in lower case"),
  }),
);

/** What a command uses up of the step of a plan that covers it. Entries, questions and answers are keyed hashes. */
const planUseSchema = once(() =>
  z.strictObject({
    /** Entries that a loop goes through, each once. */
    entries: z.array(z.string()).optional(),
    /** Amounts, by argument. */
    sums: z.array(z.strictObject({ argument: z.string(), sum: z.number() })).optional(),
    /** The answers that its slots were filled from. */
    answers: z.array(z.strictObject({ question: z.string(), answer: z.string() })).optional(),
    /** The plan names every argument of it. */
    isWhole: z.literal(true).optional(),
  }),
);
export type PlanUse = z.infer<ReturnType<typeof planUseSchema>>;

/** Everything the judge looks at but the policies themselves; from it and them the verdict can be worked out again. */
export const policyRequestSchema = once(() =>
  z.strictObject({
    principal: principalSchema,
    trust: z.enum(trustLevels),
    skill: z.string(),
    effect: z.enum(effects),
    risk: z.enum(risks),
    scope: scopeSchema(),
    /** The skill stands in what the principal declared it may use. */
    may: z.boolean(),
    /** The owner granted the skill to the principal. */
    granted: z.boolean(),
    /** Everything in `scope` is covered by a grant. */
    inScope: z.boolean(),
    /** Something in `scope` belongs to the code, the journal, the policy or the settings of this home. */
    protectedArea: z.boolean(),
    stopped: z.boolean(),
    /** Commands left in the window of the rate limit. */
    rateLeft: z.number().int(),
    /** Paths of control arguments whose value does not come from the owner. */
    unvouched: z.array(z.string()),
    /** Hour of the day, 0–23, and day of the week, 1 = Monday, in the owner's time zone. */
    hour: z.number().int(),
    weekday: z.number().int(),
    // What follows is absent where it says nothing, and in records from before there was such a thing.
    /** Minutes since midnight there. */
    minuteOfDay: z.number().int().optional(),
    /** The quiet hours of the settings reign. */
    quietHours: z.boolean().optional(),
    /** Recipients that no fact of the owner's, and no account, makes known. */
    outsiders: z.array(z.string()).optional(),
    /** What the command pays. */
    amount: z.strictObject({ minor: z.number().int().nonnegative(), currency: z.string() }).optional(),
    /** What it uses of a model at most, in tokens. */
    tokens: z.number().int().nonnegative().optional(),
    /** What the allowance would still hold after that, in the amount's unit; below 0 where it, or the one of tokens, does not reach. */
    spendLeft: z.number().int().optional(),
    /** How often the same command may still be run in the window of the settings. */
    repeatsLeft: z.number().int().optional(),
    /** How many more approval requests of this principal may wait for the owner. */
    questionsLeft: z.number().int().optional(),
    /** Where the owner acts by a device: what that may do. */
    role: z.enum(deviceRoles).optional(),
    /** The owner at this machine, and nobody else along the chain, uses a skill of the recovery path. */
    recovery: z.literal(true).optional(),
    /** Approvals that showed values of others by which it is controlled: they hold for its task. */
    endorsed: z.array(z.string()).optional(),
    /** The step of an approved plan that covers the command, as `<plan>/<number>`; for a read, `<plan>/<source>`. */
    plan: z.string().optional(),
    /** What the command uses up of that step. */
    planUse: planUseSchema().optional(),
  }),
);
export type PolicyRequest = z.infer<ReturnType<typeof policyRequestSchema>>;

export const layerReportSchema = once(() =>
  z.strictObject({
    layer: z.enum(layers),
    verdict: z.enum(verdicts),
    reason: z.string(),
  }),
);
export type LayerReport = z.infer<ReturnType<typeof layerReportSchema>>;

const outcomeStatuses = ["done", "failed", "interrupted"] as const;

const outcomeSchema = once(() =>
  z.strictObject({
    status: z.enum(outcomeStatuses),
    fault: z.strictObject({ code: z.string(), message: z.string() }).optional(),
  }),
);

/** One line of the journal (DESIGN §2). Plain text of arguments never enters it. */
export const journalRecordSchema = once(() =>
  z.strictObject({
    v: z.literal(1),
    seq: z.number().int().nonnegative(),
    ts: z.string(),
    hlc: z.string(),
    boot: z.string(),
    phase: z.enum(phases),
    /** The approval, grant or archive that this record opens, answers or closes. */
    ref: z.string().optional(),
    /** The command's id, shared by its intent and its outcome. */
    id: z.string(),
    principal: principalSchema,
    onBehalfOf: principalSchema.optional(),
    task: z.string().optional(),
    cause: z.string().optional(),
    skill: z.string().optional(),
    argsHash: z.string().optional(),
    /** The judge's input, one for each principal along the cause chain; the first is the caller's. */
    request: z.array(policyRequestSchema()).optional(),
    verdict: z.enum(verdicts).optional(),
    layers: z.array(layerReportSchema()).optional(),
    rules: z.array(z.string()).optional(),
    policyHash: z.string().optional(),
    outcome: outcomeSchema().optional(),
    objects: z.array(z.string()).optional(),
    /** How many reads of the owner this one record stands for. */
    count: z.number().int().positive().optional(),
    /** What is particular to the phase. */
    body: z.record(z.string(), z.unknown()).optional(),
    /** Made with a key of the home's over all the rest: who only knows how to count hashes writes no record of it. */
    mac: z.string().optional(),
    prev: z.string(),
    hash: z.string(),
  }),
);
export type JournalRecord = z.infer<ReturnType<typeof journalRecordSchema>>;

/** A record before the journal gives it its place in the chain. */
export type Entry = Omit<JournalRecord, "v" | "seq" | "ts" | "hlc" | "boot" | "mac" | "prev" | "hash">;
