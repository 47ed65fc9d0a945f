import { z } from "zod";
import { defineContract, undoCommand } from "./contract.ts";
import { once } from "./once.ts";
import { effects, trustLevels, verdicts } from "./values/effect.ts";
import { pendingRuleSchema, policyRuleSchema } from "./values/policy-rule.ts";
import { policyRequestSchema } from "./values/record.ts";

const none = () => z.strictObject({});

/** Rules of the owner's that stand in the owner's way; absent where none does. */
const ruleWarningsSchema = once(() =>
  z
    .array(
      z.strictObject({
        rule: z.string().describe("Its id"),
        kind: z
          .enum(["fails", "recovery", "owner"])
          .describe("It fails while it is judged; it would forbid the recovery path; it forbids you something else"),
        message: z.string().describe("What it does, in a sentence"),
        next: z.string().optional().describe("The command that takes it out of force"),
      }),
    )
    .optional(),
);

export const policyList = defineContract({
  name: "policy.list",
  kind: "query",
  recovery: true,
  title: "List the rules",
  input: none,
  output: () =>
    z.strictObject({
      hash: z.string().describe("Names the rules in force"),
      inForce: z.array(policyRuleSchema()),
      pending: z.array(pendingRuleSchema()).describe("Changes on disk that widen what may be done, and wait for you"),
      onDisk: z.array(policyRuleSchema()).describe("The owner's rules as the files hold them"),
      broken: z.string().optional().describe("Why the files cannot be taken; the last good rules stay in force"),
      warnings: ruleWarningsSchema().describe("What is amiss with rules of yours, in force or waiting"),
      trouble: z.string().optional().describe("What is wrong with the rules in force; adopting those on disk ends it"),
    }),
  examples: [{ title: "All rules", args: {} }],
});

export const policyAdopt = defineContract({
  name: "policy.adopt",
  kind: "admin",
  recovery: true,
  title: "Put changed rules in force",
  input: () =>
    z.strictObject({
      shown: z
        .array(pendingRuleSchema())
        .optional()
        .describe("The changes that were shown: refused where others wait by now; left out, all that wait are meant"),
    }),
  output: () =>
    z.strictObject({
      adopted: z.number().int().describe("How many changes"),
      warnings: ruleWarningsSchema().describe("What is amiss with the rules that are in force now"),
    }),
  examples: [{ title: "All that waits", args: {} }],
  event: "policy.adopted",
});

export const policyDisable = defineContract({
  name: "policy.disable",
  kind: "admin",
  recovery: true,
  title: "Take a file of rules out of force",
  input: () =>
    z.strictObject({
      file: z.string().min(1).max(300).describe("Its name in persona/policy, as in house.cedar"),
    }),
  output: () =>
    z.strictObject({
      path: z
        .string()
        .nullable()
        .describe("Where its text lies now, in the home; null where the file was gone already"),
      rules: z.array(z.string()).describe("Ids of the rules that are no longer in force"),
    }),
  examples: [{ title: "Rules that lock too much", args: { file: "house.cedar" } }],
  control: ["file"],
  event: "policy.disabled",
  subjects: { file: "path" },
  undo: undoCommand,
});

export const policyDraft = defineContract({
  name: "policy.draft",
  kind: "query",
  recovery: true,
  title: "Make a rule of a sentence",
  input: () =>
    z.strictObject({
      kind: z.enum(["forbid", "ask", "allow"]).describe("What the rule does"),
      sentence: z.string().max(500).describe("What it is about, in English, as in: send mail after ten at night"),
    }),
  output: () =>
    z.strictObject({
      slug: z.string().describe("A name for its file"),
      title: z.string(),
      cedar: z.string().describe("The rule alone"),
      text: z.string().describe("A whole file with it, for `policy.write`"),
      examples: z
        .array(
          z.strictObject({
            request: policyRequestSchema().partial(),
            before: z.enum(verdicts),
            after: z.enum(verdicts),
          }),
        )
        .describe("What it is about, and what it only just is not: how each is decided now, and how it would be"),
    }),
  examples: [{ title: "No mail at all", args: { kind: "forbid", sentence: "send mail" } }],
});

export const policyWrite = defineContract({
  name: "policy.write",
  kind: "admin",
  title: "Write a rule",
  input: () =>
    z.strictObject({
      name: z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]{0,90}\.cedar$/, "a rule's file is named in small letters, as in mail.cedar")
        .describe("Of a new file in persona/policy, as in mail.cedar"),
      text: z.string().max(100_000).describe("The whole file, in Cedar"),
      replaces: z
        .string()
        .max(100)
        .optional()
        .describe("SHA-256 of the text that is there: it is replaced; left out, the file must be new"),
    }),
  output: () =>
    z.strictObject({
      path: z.string().describe("Of the file, in the home"),
      rules: z.array(z.string()).describe("Ids"),
    }),
  examples: [
    {
      title: "Nothing for one agent",
      args: {
        name: "quiet.cedar",
        text: `forbid (principal == mh::Principal::"agent:x", action, resource);`,
      },
    },
  ],
  control: ["name"],
  event: "policy.written",
  subjects: { file: "path" },
  undo: "mh undo, then mh policy adopt",
});

export const policyPast = defineContract({
  name: "policy.past",
  kind: "query",
  recovery: true,
  title: "Show what a change of rules would have decided differently",
  input: () =>
    z.strictObject({
      days: z.number().int().min(1).max(3_660).default(30).describe("How far back"),
      files: z
        .array(
          z.strictObject({
            name: z.string().max(100).describe("Its name in persona/policy, as in house.cedar"),
            text: z.string().max(100_000).describe("Its rules, in Cedar"),
          }),
        )
        .max(20)
        .default([])
        .describe("Files of rules that come, or take the place of those of the same names"),
      gone: z.array(z.string()).max(100).default([]).describe("Ids of rules that go"),
    }),
  output: () =>
    z.strictObject({
      days: z.number().int(),
      judged: z.number().int().describe("How many verdicts of the log were worked out again"),
      unknown: z.number().int().describe("Of these, those of which the log does not keep what the rules look at"),
      different: z.array(
        z.strictObject({
          principal: z.string(),
          skill: z.string(),
          before: z.enum(verdicts),
          after: z.enum(verdicts),
          rules: z.array(z.string()).describe("Ids of those that decide"),
          count: z.number().int(),
          last: z.string().describe("When the last was, ISO 8601 UTC"),
          commands: z.array(z.string()).describe("Ids of the last ones, the latest first"),
        }),
      ),
      more: z.boolean().describe("There are more kinds than these"),
    }),
  examples: [
    {
      title: "A rule that is not written yet",
      args: {
        files: [{ name: "quiet.cedar", text: `forbid (principal == mh::Principal::"agent:x", action, resource);` }],
      },
    },
  ],
  // Names of skills stand in it as those who were denied wrote them.
  provenance: { writers: "anyone", private: true },
});

export const policyMatrix = defineContract({
  name: "policy.matrix",
  kind: "query",
  recovery: true,
  title: "Show who may do what",
  input: () =>
    z.strictObject({
      principal: z.string().optional().describe("Only theirs; left out, everyone's"),
      skills: z.boolean().optional().describe("A row a skill; left out, one an effect"),
    }),
  output: () =>
    z.strictObject({
      cells: z.array(
        z.strictObject({
          principal: z.string(),
          trust: z.enum(trustLevels),
          skill: z.string().optional().describe("Where the skills were asked for"),
          effect: z.enum(effects),
          best: z.enum(verdicts).describe("Where everything speaks for it: low risk, in scope, nothing untrusted"),
          worst: z.enum(verdicts).describe("At high risk and out of scope"),
        }),
      ),
    }),
  examples: [
    { title: "Everyone, by effect", args: {} },
    { title: "One agent, by skill", args: { principal: "agent:mail", skills: true } },
  ],
});
