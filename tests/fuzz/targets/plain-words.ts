import { boundedRules } from "@mh/core/policy/bounds.ts";
import { examples } from "@mh/core/policy/plain-words/nearest.ts";
import { parsePolicyFile } from "@mh/core/policy/policy-set.ts";
import { fuzzedHome } from "../fuzzed-home.ts";
import { mutatedText } from "../mutate.ts";
import { checkFault, Finding, type Target } from "../target.ts";

const words = [
  ..."agents agent clients peers me nobody everyone send mail delete anything spend money fetch write read files run programs notify change calendar forget memories do use to anyone but at outside inside my contacts in from anywhere between and after before night mondays weekdays weekends quiet hours more than EUR high medium risk or without asking first , per day".split(
    " ",
  ),
  ...[
    "22:00",
    "7:00",
    "24:00",
    "-1:99",
    "8pm",
    "ada@example.org",
    "@",
    "a@b@c",
    "/home/ada",
    "/",
    "//",
    "~",
    "example.org",
    "50",
    "1e9",
    "€",
    "memory.search",
    'x"]; permit(principal,action,resource); //',
    "\\",
    '"',
    "`",
    "“",
  ],
];

/** A sentence becomes a rule that Cedar takes, or is refused; never anything between. */
export async function open(): Promise<Target> {
  const fuzzed = await fuzzedHome();
  return {
    renewAfter: 5_000,
    make(dice) {
      const kind = dice.pick(["forbid", "ask", "allow"]);
      // What is longer is refused before it is read.
      return Buffer.from(`${kind} ${mutatedText(dice, examples, words).slice(0, dice.chance(0.9) ? 499 : 2_000)}`);
    },
    async feed(input) {
      const [, kind, sentence] = /^(\w+) (.*)$/s.exec(input.toString("utf8")) ?? [];
      const outcome = await fuzzed.home.act("owner", "policy.draft", { kind, sentence });
      if (outcome.status === "failed") return checkFault(outcome.fault);
      if (outcome.status !== "done") throw new Finding(outcome.status);
      const { text } = outcome.value as { text: string };
      boundedRules("drafted.cedar", text);
      const rules = parsePolicyFile("drafted.cedar", text);
      if (rules.length !== 1) throw new Finding(`One sentence makes ${rules.length} rules: ${text}`);
    },
    [Symbol.asyncDispose]: () => fuzzed[Symbol.asyncDispose](),
  };
}
