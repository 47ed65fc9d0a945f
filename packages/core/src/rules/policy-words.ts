import { type Decision, verdicts } from "@mh/contract/values/effect.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { type PolicyRequest, policyRequestSchema } from "@mh/contract/values/record.ts";
import { z } from "zod";
import { defineAdmin } from "../kernel/define-admin.ts";
import { defineQuery } from "../kernel/legacy.ts";
import { readManifest } from "../kernel/read-manifest.ts";
import type { Registry } from "../kernel/registry.ts";
import { always } from "../kernel/skill.ts";
import { judge } from "../policy/judge.ts";
import { readSentence } from "../policy/plain-words/read-sentence.ts";
import { type SkillName, sentenceKinds } from "../policy/plain-words/sentence.ts";
import { type DraftedRule, toRule } from "../policy/plain-words/to-rule.ts";
import { loadPolicySet, parsePolicyFile } from "../policy/policy-set.ts";
import { unobjectionable, withParts } from "../policy/probe.ts";
import { utf8 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { PolicyState } from "./policy.ts";

const draftInput = z.strictObject({ kind: z.enum(sentenceKinds), sentence: z.string().max(500) });
const decision = z.enum(verdicts);
const exampleSchema = z.strictObject({
  request: policyRequestSchema.partial(),
  before: decision,
  after: decision,
});
const draftOutput = z.strictObject({
  slug: z.string(),
  title: z.string(),
  cedar: z.string(),
  text: z.string(),
  /** What the sentence is about, and what it only just is not: how each is decided now, and how it would be. */
  examples: z.array(exampleSchema),
});
export type PolicyDraft = z.infer<typeof draftOutput>;

/** Makes a rule of a sentence; nothing is written. What is not understood is refused, with the nearest that is. */
export function draftPolicySkill(deps: { registry: Registry; crypto: Crypto; state: () => PolicyState }) {
  return defineQuery<z.infer<typeof draftInput>, PolicyDraft>({
    manifest: readManifest("policy.draft", "Make a rule of a sentence", draftInput, draftOutput),
    classify: always("read"),
    run({ kind, sentence }) {
      const skills: SkillName[] = deps.registry.all().map(({ contract }) => contract);
      const draft = toRule(readSentence(kind, sentence, skills));
      const { slug, title, cedar, text } = draft;
      return { slug, title, cedar, text, examples: examplesOf(deps, draft) };
    },
  });
}

function examplesOf({ crypto, state }: { crypto: Crypto; state: () => PolicyState }, draft: DraftedRule) {
  const { inForce } = state();
  const rules = parsePolicyFile(`${draft.slug}.cedar`, draft.text);
  const others = inForce.filter(({ text }) => !rules.some((rule) => rule.text === text));
  const before = loadPolicySet(crypto, others);
  const after = loadPolicySet(crypto, [...others, ...rules.map((rule) => ({ ...rule, id: `${rule.id} (draft)` }))]);
  const verdict = (set: typeof before, request: PolicyRequest): Decision => judge(set, request).verdict;
  return draft.cases.map(({ request }) => {
    const whole = withParts(unobjectionable, request);
    return { request, before: verdict(before, whole), after: verdict(after, whole) };
  });
}

const writeInput = z.strictObject({
  /** Of the file in `persona/policy`. */
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,90}\.cedar$/, "a rule's file is named in small letters, as in mail.cedar"),
  text: z.string().max(100_000),
});
const written = z.strictObject({ path: z.string(), rules: z.array(z.string()) });

/** Writes a new file of rules. A forbid bites at once; a permit waits for `policy.adopt`, as if written by hand. */
export function writePolicySkill(deps: { folder: string; changed: () => void }) {
  return defineAdmin<z.infer<typeof writeInput>, z.infer<typeof written>>({
    name: "policy.write",
    title: "Write a rule",
    input: writeInput,
    output: written,
    event: "policy.written",
    undo: "mh undo, then mh policy adopt",
    control: ["name"],
    apply({ name, text }, { tx }) {
      const rules = parsePolicyFile(name, text).map(({ id }) => id);
      if (rules.length === 0) throw new Fault("policy.invalid", `There is no rule in ${name}.`);
      const path = `${deps.folder}/${name}`;
      if (tx.read(path)) throw new Fault("policy.invalid", `${path} is there already. Change it with your editor.`);
      tx.write(path, utf8.encode(text));
      tx.afterCommit(deps.changed);
      return { path, rules };
    },
  });
}
