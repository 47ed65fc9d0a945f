import { z } from "zod";
import { defineContract } from "./contract.ts";
import { once } from "./once.ts";
import { layers, verdicts } from "./values/effect.ts";
import { journalRecordSchema, layerReportSchema } from "./values/record.ts";

/** A record of the journal as it is shown; what is particular to its phase is any JSON. */
const recordSchema = once(() =>
  journalRecordSchema().extend({
    body: z.record(z.string(), z.json()).optional().describe("What is particular to the phase"),
  }),
);

const limit = (most: number) =>
  z.number().int().min(1).max(most).default(50).describe(`How many at most; 50 where left out, ${most} at most`);
const before = once(() =>
  z.number().int().nonnegative().optional().describe("Only records before this number: `next` of the page before"),
);
const page = once(() => ({
  records: z.array(recordSchema()).describe("The earliest first"),
  next: z
    .number()
    .int()
    .nonnegative()
    .nullable()
    .describe("`before` of the next, earlier page; null where there is none"),
}));
/** What was asked for stands in the log, also where it was denied, as anybody wrote it: its hosts, paths and names vouch for nothing. */
const logged = { writers: "anyone", private: true } as const;
/** What mh finds of itself. It may be counted and measured by what others did, so that it vouches for nothing either. */
const provenance = { writers: "self", private: true } as const;

export const auditTail = defineContract({
  name: "audit.tail",
  kind: "query",
  recovery: true,
  title: "Show the latest records of the log",
  input: () => z.strictObject({ limit: limit(1000), before: before() }),
  output: () => z.strictObject(page()),
  examples: [{ title: "The latest twenty records", args: { limit: 20 } }],
  provenance: logged,
});

export const auditShow = defineContract({
  name: "audit.show",
  kind: "query",
  recovery: true,
  title: "Show one record of the log, whole",
  input: () => z.strictObject({ seq: z.number().int().nonnegative().describe("The record's number") }),
  output: () => z.strictObject({ record: recordSchema() }),
  examples: [{ title: "The first record", args: { seq: 0 } }],
  provenance: logged,
});

export const logSearch = defineContract({
  name: "log.search",
  kind: "query",
  recovery: true,
  title: "Find records of the log by who, what, when and how it ended",
  input: () =>
    z.strictObject({
      principal: z.string().max(200).optional().describe("Whose, as in `agent:organizer`"),
      skill: z.string().max(200).optional().describe("Which skill, as in `mail.send`, or the noun alone, as in `mail`"),
      phase: journalRecordSchema().shape.phase.optional().describe("What the record is, as in `deny`"),
      outcome: z.enum(["done", "failed", "interrupted"]).optional().describe("How it ended"),
      verdict: z.enum(verdicts).optional().describe("What the judge said"),
      rule: z.string().max(300).optional().describe("Id of a rule that decided"),
      task: z.string().max(200).optional().describe("Id of the task that it belongs to"),
      subject: z.string().max(300).optional().describe("What it was about, as `memory:<id>`"),
      since: z.iso.datetime({ offset: true }).optional().describe("Not before this time, ISO 8601"),
      until: z.iso.datetime({ offset: true }).optional().describe("Before this time, ISO 8601"),
      limit: limit(1000),
      before: before(),
      after: z.number().int().min(-1).optional().describe("Only records after this number, as those that came since"),
      searchMax: z
        .number()
        .int()
        .min(1000)
        .optional()
        .describe("How many records to look at before an answer is given, `next` saying where to go on; else all"),
      withoutReads: z
        .boolean()
        .optional()
        .describe(
          "Leave out what only read, unless it was asked or refused, or failed for somebody other than the owner",
        ),
    }),
  output: () =>
    z.strictObject({
      ...page(),
      searched: z.number().int().describe("How many records were looked at"),
      titles: z
        .record(z.string(), z.string())
        .describe("What the skills of these records do, in words, by name; those that are gone have none"),
    }),
  examples: [{ title: "What was denied to agents that send mail", args: { skill: "mail.send", phase: "deny" } }],
  provenance: logged,
});

export const auditVerify = defineContract({
  name: "audit.verify",
  kind: "query",
  recovery: true,
  title: "Check every line, link, hash and signature of the log",
  input: () =>
    z.strictObject({
      sinceCheckpoint: z
        .boolean()
        .default(false)
        .describe("Trust what the last signed checkpoint covers, and check only what came after"),
      kept: z
        .array(z.string().max(4000))
        .max(5)
        .optional()
        .describe(
          "Checkpoints that were kept elsewhere, each a whole signed note: the log must still begin as they say",
        ),
    }),
  output: () =>
    z.strictObject({
      status: z
        .enum(["ok", "repaired", "changed", "truncated", "torn", "bad-signature", "unreadable"])
        .describe("`ok`; `repaired`, where it adds up since its owner repaired it; or the first thing that is wrong"),
      records: z.number().int().describe("Records that were checked and found whole"),
      from: z.number().int().describe("First record that was checked"),
      root: z.string().describe("Root of the Merkle tree (RFC 6962) over what is whole, hex"),
      checkpoints: z.number().int().describe("Signed checkpoints among them"),
      seq: z.number().int().optional().describe("Number of the first wrong record"),
      path: z.string().optional().describe("The file that it is in"),
      line: z.number().int().optional().describe("Its line there"),
      reason: z.string().optional().describe("What is wrong with it"),
      repairs: z
        .array(
          z.strictObject({
            seq: z
              .number()
              .int()
              .describe("Number of the record that says so; those before it are as they were written"),
            at: z.string().describe("When, ISO 8601 UTC"),
            kept: z.string().describe("The folder of the home in which the log lies as it was"),
            branches: z.number().int().describe("Runs of records that were found behind the good part"),
            carried: z.number().int().describe("Records of these that were taken over"),
            lost: z.number().int().describe("Numbers of which a record is lost"),
            isCompared: z.boolean().describe("What is kept was compared; of an encrypted home that takes its key"),
          }),
        )
        .optional()
        .describe("Where its owner repaired it, the earliest first"),
    }),
  examples: [{ title: "The whole log", args: {} }],
  provenance,
});

const checkedSchema = once(() =>
  z
    .strictObject({
      at: z.string().describe("When, ISO 8601 UTC"),
      status: z.string().describe("`ok`, or what was wrong"),
      records: z.number().int().describe("Records that were checked and found whole"),
    })
    .nullable()
    .describe("The last check of the whole log since this process began; null where there was none"),
);

export const auditProof = defineContract({
  name: "audit.proof",
  kind: "query",
  recovery: true,
  title: "Show to where the log was signed and checked",
  input: () => z.strictObject({}),
  output: () =>
    z.strictObject({
      records: z.number().int().describe("Records of the log"),
      signed: z
        .strictObject({
          at: z.string().describe("When, ISO 8601 UTC"),
          records: z.number().int().describe("How many records it covers"),
          root: z.string().describe("Root of the Merkle tree (RFC 6962) over them, hex"),
          note: z.string().describe("The signed note (C2SP tlog-checkpoint), to keep elsewhere"),
        })
        .nullable()
        .describe("The last signed checkpoint; null where there is none yet"),
      checked: checkedSchema(),
    }),
  examples: [{ title: "How far the log is signed and checked", args: {} }],
  provenance,
});

const verdictSchema = once(() =>
  z.strictObject({
    verdict: z.enum(verdicts),
    layer: z.enum(layers).describe("The first layer that gave the verdict"),
    layers: z.array(layerReportSchema()),
    rules: z.array(z.string()).describe("Ids of the rules that decided"),
    policyHash: z.string(),
  }),
);

export const commandExplain = defineContract({
  name: "command.explain",
  kind: "query",
  recovery: true,
  title: "Explain from the log alone why something was done, asked or denied",
  input: () =>
    z.strictObject({
      which: z.string().min(1).max(200).describe("A command's id, its beginning or end, or a record's number"),
    }),
  output: () =>
    z.strictObject({
      id: z.string().describe("The command's id"),
      records: z.array(recordSchema()).describe("Every record of the command and of the answers to it, in order"),
      decided: recordSchema().nullable().describe("The record that holds the verdict; null where none was given"),
      causes: z.array(recordSchema()).describe("The commands that led here, the nearest first"),
      rejudged: z
        .union([
          z.strictObject({ verdict: verdictSchema(), isSame: z.boolean() }),
          z.strictObject({ impossible: z.string() }),
        ])
        .describe("The verdict worked out again from the recorded request and rules, or why that cannot be done"),
      rules: z.array(z.strictObject({ id: z.string(), title: z.string() })).describe("Titles of the deciding rules"),
      rights: z
        .array(
          z.strictObject({
            right: z.string().describe("In words, as in `grant of mail.send to agent:secretary`"),
            seq: z.number().nullable().describe("Number of the record that gave it; null where none in the log did"),
          }),
        )
        .describe("The rights that the judge was told of"),
      allowedBy: z
        .array(
          z.strictObject({
            kind: z
              .enum(["approval", "plan", "endorsement"])
              .describe("`endorsement`: an approval of another command of its task, which showed a value that it uses"),
            id: z.string().describe("Id of the approval or the plan"),
            step: z
              .string()
              .optional()
              .describe("Of a plan: the number of the step, from 1, the name of a source, or `change`"),
            plan: z.string().optional().describe("Of an approval: the plan that it changed"),
            title: z.string().optional().describe("The plan's title"),
            seq: z.number().nullable().describe("Number of the record that gave it; null where the log holds none"),
            at: z.string().optional().describe("When, ISO 8601 UTC"),
          }),
        )
        .describe("What the owner said that let it happen; empty where standing rules and grants did, or it did not"),
    }),
  examples: [{ title: "Why record 12 is there", args: { which: "12" } }],
  provenance: logged,
});

const spentFields = () => ({
  tokens: z.number().int().describe("Of models"),
  minor: z.number().describe("Money, in the smallest unit of the currency"),
});
const spentSchema = once(() => z.strictObject(spentFields()));

export const homeStatus = defineContract({
  name: "home.status",
  kind: "query",
  recovery: true,
  title: "Show how the home stands",
  input: () => z.strictObject({}),
  output: () =>
    z.strictObject({
      at: z.string().describe("When this was looked at, ISO 8601"),
      owner: z.string().describe("What the owner wants to be called; empty where nothing was said"),
      home: z.string().describe("The folder that holds it, on its machine"),
      stopped: z.boolean().describe("STOP stands: everyone but the owner is denied"),
      memories: z.number().int(),
      records: z.number().int().describe("Records of the log"),
      checked: checkedSchema(),
      approvals: z.number().int().describe("Approval requests that wait for the owner"),
      pendingRules: z.number().int().describe("Changed rules and settings that wait for the owner"),
      running: z.number().int().describe("Commands under way, beside this one"),
      spent: z
        .array(
          z.strictObject({
            principal: z.string(),
            ...spentFields(),
            reserved: spentSchema().describe("Of that, by commands that are under way"),
            left: spentSchema()
              .nullable()
              .describe("What it may still use in this day; null for the owner, who has no limit"),
          }),
        )
        .describe("What each used of models and paid in the last day, who used most first"),
      reserved: spentSchema().describe("By all commands that are under way"),
      shared: z
        .strictObject({
          left: spentSchema().describe("In this day"),
          leftInWeek: z.number().describe("Money, in this week"),
        })
        .describe("What everyone but the owner may still use together"),
      currency: z.string().describe("Of `minor`, ISO 4217"),
      invalidFiles: z.array(z.string()).describe("Files of the owner's that cannot be read, each in a sentence"),
    }),
  examples: [{ title: "How the home stands", args: {} }],
  provenance,
});

export const homeCheck = defineContract({
  name: "home.check",
  kind: "query",
  recovery: true,
  title: "Check every part of the home, and say what to repair",
  input: () => z.strictObject({}),
  output: () =>
    z.strictObject({
      findings: z.array(
        z.strictObject({
          level: z.enum(["ok", "warn", "bad"]),
          what: z.string().describe("The part that was looked at"),
          message: z.string(),
          next: z.string().optional().describe("What to do about it"),
        }),
      ),
    }),
  examples: [{ title: "Everything that `mh doctor` checks", args: {} }],
  provenance,
});

export const configSchema = defineContract({
  name: "config.schema",
  kind: "query",
  recovery: true,
  title: "Describe the settings that there are",
  input: () => z.strictObject({}),
  output: () =>
    z.strictObject({
      schema: z.record(z.string(), z.json()).describe("JSON Schema of config.yaml"),
      names: z.array(z.string()).describe("The settings that a command can change, by their dotted names"),
      guarded: z
        .array(z.string())
        .describe("Sections and keys where a looser value that was written by hand waits for the owner"),
    }),
  examples: [{ title: "What can be set", args: {} }],
  provenance,
});
