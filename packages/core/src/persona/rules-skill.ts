import { personaRules } from "@mh/contract/persona.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Registry } from "../kernel/registry.ts";
import { defineQuery } from "../kernel/skill.ts";
import { withoutEnd } from "../model/plain-sentence.ts";
import { readSentence } from "../policy/plain-words/read-sentence.ts";
import type { SkillName } from "../policy/plain-words/sentence.ts";
import { toRule } from "../policy/plain-words/to-rule.ts";
import { parsePolicyFile } from "../policy/policy-set.ts";
import type { PolicyState } from "../rules/policy.ts";
import { decisionRulesOf } from "./decision-rules.ts";

interface RulesDeps {
  registry: Registry;
  rules: { state: () => PolicyState };
}

/** The rules by which the owner decides. Of a hard one: the rule of the policy that it is, or the sentence that would make it one. */
export function personaRulesSkill({ registry, rules }: RulesDeps) {
  return defineQuery(personaRules, {
    run(_args, { db }) {
      const skills: SkillName[] = registry.all().map(({ contract }) => contract);
      const inForce = rules.state().inForce;
      return {
        rules: decisionRulesOf(db).map((rule) => {
          const { key, line, text, isHard, weight } = rule;
          const said = isHard ? policyFor(text, skills) : undefined;
          const same = inForce.find((each) => said?.texts.includes(each.text));
          return {
            ...{ key, line, text, isHard, weight, when: rule.when?.text ?? null, with: rule.with ?? null },
            ...{ policy: said?.policy ?? null, inForce: same?.id ?? null, why: said?.why ?? null },
          };
        }),
      };
    },
  });
}

const forbidding = /^(?:never|do not|don['’]t|no one may|nobody may|must not)\s+/i;
const asking = /^(?:always )?(?:ask me|ask|check with me)(?: first)? before (?:you )?/i;

const neither = "a policy forbids or asks first: “Never …” and “Ask me before …” can be rules of it";

interface Said {
  policy: { kind: "forbid" | "ask"; sentence: string; cedar: string } | null;
  /** The rules of the policy that it makes, as their files have them. */
  texts: readonly string[];
  why: string | null;
}

/** A hard rule in the words that the policy understands; or why there is none. */
function policyFor(text: string, skills: readonly SkillName[]): Said {
  const kind = asking.test(text) ? "ask" : forbidding.test(text) ? "forbid" : undefined;
  if (!kind) return { policy: null, texts: [], why: neither };
  const sentence = withoutEnd(text.replace(asking, "").replace(forbidding, ""));
  try {
    const { slug, cedar, text: file } = toRule(readSentence(kind, sentence, skills));
    const texts = parsePolicyFile(`${slug}.cedar`, file).map((rule) => rule.text);
    return { policy: { kind, sentence, cedar }, texts, why: null };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { policy: null, texts: [], why: firstSentences(error.message) };
  }
}

/** The first line, without a sentence that only leads on to the lines below. */
function firstSentences(message: string): string {
  const [line = message] = message.split("\n", 1);
  return line.endsWith(":") ? line.slice(0, line.lastIndexOf(". ") + 1) || line : line;
}
