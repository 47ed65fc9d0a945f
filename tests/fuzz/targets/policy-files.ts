import * as fs from "node:fs";
import { agent } from "@mh/contract/values/principal.ts";
import { engine } from "@mh/core/policy/engine.ts";
import fc from "fast-check";
import { ruleText } from "../../support/rule-texts.ts";
import { fuzzedHome } from "../fuzzed-home.ts";
import { mutatedText } from "../mutate.ts";
import { checkFault, Finding, type Target } from "../target.ts";

const words = [
  ..."permit forbid ( principal action resource ) when unless { } ; , == != < <= > >= && || ! in is has like if then else true false . contains containsAll isEmpty ip decimal datetime duration context.scope context.hour context.paths @id @title // test deny: allow: @ [ ] :: ? + - *".split(
    " ",
  ),
  ...[
    'mh::Principal::"owner"',
    'mh::Principal::"agent:x"',
    'mh::Action::"read"',
    'mh::Skill::"memory.search"',
    "9223372036854775807",
    "-9223372036854775808",
    '"*"',
    '"\\u{10ffff}"',
    '"\\x00"',
    '"\\*"',
    '// test deny: {"scope":{}}\n',
    '@id("a")',
    '@title("b")',
    "?principal",
    "principal.owner",
    "context.approved",
  ],
];

/** Whatever a file of rules holds: the home answers the owner, no verdict errs, and Cedar's engine does not stop. */
export async function open(): Promise<Target> {
  const fuzzed = await fuzzedHome();
  const { home } = fuzzed;
  const house = fs.readFileSync(home.file("persona/policy/house.cedar"), "utf8");
  return {
    renewAfter: 200,
    make(dice) {
      const generated = fc.sample(ruleText, { seed: dice.below(2 ** 31), numRuns: 4 });
      return Buffer.from(mutatedText(dice, [house, ...generated, generated.join("\n")], words));
    },
    async feed(input) {
      fs.writeFileSync(home.file("persona/policy/fuzzed.cedar"), input);
      home.clock.forward(1_000);
      const { stops } = engine;
      for (const principal of ["owner", agent("x")] as const)
        for (const skill of ["policy.list", "memory.search", "memory.capture", "outbox.append"]) {
          const outcome = await home.act(principal, skill, { query: "x", text: "x" });
          if (outcome.status === "failed") checkFault(outcome.fault);
        }
      const listed = await home.act("owner", "policy.list");
      if (listed.status !== "done") throw new Finding(`The owner does not see the rules: ${JSON.stringify(listed)}`);
      if (engine.stops > stops) throw new Finding("Cedar's engine stopped.");
    },
    [Symbol.asyncDispose]: () => fuzzed[Symbol.asyncDispose](),
  };
}
