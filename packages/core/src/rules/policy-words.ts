import { policyDraft, policyWrite } from "@mh/contract/policy.ts";
import type { Decision } from "@mh/contract/values/effect.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { PolicyRequest } from "@mh/contract/values/record.ts";
import type { Registry } from "../kernel/registry.ts";
import { defineAdmin, defineQuery } from "../kernel/skill.ts";
import { judge } from "../policy/judge.ts";
import { readSentence } from "../policy/plain-words/read-sentence.ts";
import type { SkillName } from "../policy/plain-words/sentence.ts";
import { type DraftedRule, toRule } from "../policy/plain-words/to-rule.ts";
import { loadPolicySet, parsePolicyFile } from "../policy/policy-set.ts";
import { unobjectionable, withParts } from "../policy/probe.ts";
import { utf8 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { PolicyState } from "./policy.ts";

/** Makes a rule of a sentence; nothing is written. What is not understood is refused, with the nearest that is. */
export function draftPolicySkill(deps: { registry: Registry; crypto: Crypto; state: () => PolicyState }) {
  return defineQuery(policyDraft, {
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

/** Writes a file of rules: a new one, or in the place of just the text that was looked at. A forbid bites at once; a permit waits for `policy.adopt`, as if written by hand. */
export function writePolicySkill(deps: { folder: string; changed: () => void; crypto: Crypto }) {
  return defineAdmin(policyWrite, {
    stored: "kept",
    apply({ name, text, replaces }, { tx }) {
      const rules = parsePolicyFile(name, text).map(({ id }) => id);
      if (rules.length === 0) throw new Fault("policy.invalid", `There is no rule in ${name}.`);
      const path = `${deps.folder}/${name}`;
      const known = tx.read(path);
      if (replaces === undefined && known)
        throw new Fault("policy.invalid", `${path} is there already. Change it with your editor.`);
      if (replaces !== undefined && (!known || deps.crypto.sha256Hex(known) !== replaces))
        throw new Fault("policy.invalid", `${path} was changed since it was looked at. Look at it again.`);
      tx.write(path, utf8.encode(text));
      tx.afterCommit(deps.changed);
      return { path, rules };
    },
  });
}
