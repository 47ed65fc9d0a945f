// Approval requests and how they are shown.
import { core, host, type Sabotage, system } from "./sabotage.ts";

const approvals = core("approvals/approvals.ts");

const values = system(
  "approval-values",
  "H12 a request shows each value that decides with its kind and origin, and what is odd about it",
);
const batches = system(
  "approval-values",
  "H12 requests of one kind are one batch; what is of high risk, pays, or holds values of others never is",
);

export const approvalsSabotages: readonly Sabotage[] = [
  {
    name: "what recovery takes back keeps the consent that it used",
    file: host("home/recover.ts"),
    find: "...(waitsAgain && { waitsAgain })",
    replace: "",
    test: system(
      "approval-crash",
      "R-1 R-16 after a crash at whatever record of a yes it ran, or it waits; the same yes again says the same",
    ),
  },
  {
    name: "a word beside a hostile value makes that the owner's",
    file: core("approvals/typed-anew.ts"),
    find: "  if (words.every((word) => !known.has(folded(word)))) return [text];",
    replace: "  if (known.size >= 0) return [text];",
    test: system(
      "approval-again",
      "P14 what somebody wrote into a request does not become the owner's when they change a word beside it",
    ),
  },
  {
    name: "a change to a plan is asked for as anything else",
    file: core("approvals/shown.ts"),
    find: '...(command?.change ? [line("change to", changeText(command.change))] : []),',
    replace: "",
    test: system(
      "plan-card",
      "K16 what a plan does not cover is asked for as a change to it: which plan, which step, and what differs",
    ),
  },
  {
    name: "an approval request is answered twice",
    file: approvals,
    find: `if (row.status !== "open") throw closed(row);\n  if (row.object`,
    replace: `if (row.status === "refused") throw closed(row);\n  if (row.object`,
    test: system("approvals", "H12 two yeses at once run it once"),
  },
  {
    name: "an approval request never lapses",
    file: approvals,
    find: `row.status === "open" && row.expires_ms <= now`,
    replace: `row.status === "open" && row.expires_ms <= 0`,
    test: system("approvals", "H12 an approval request nobody answered in time is denied"),
  },
  {
    name: "an approval of one thing runs another",
    file: approvals,
    find: "if (row.object !== hash) {",
    replace: "if (row.id !== id) {",
    test: system("approvals", "H12 an approval of another payload than the one that waits is refused"),
  },
  {
    name: "an argument's name is shown as if it were a line of mh's own",
    file: core("approvals/shown.ts"),
    find: "line(argumentLabel(name), typeof",
    replace: "line(name, typeof",
    test: {
      file: core("approvals/shown.test.ts"),
      name: "S10 an argument of any name, and of any length, is never taken for a line of mh's own",
    },
  },
  {
    name: "what was denied is granted by now, and the list still says to grant it",
    file: core("approvals/blocked.ts"),
    find: "if (mayUse({ ...wanted, declared }))",
    replace: "if (declared === undefined)",
    test: system(
      "rule-offers",
      "K16 a skill that somebody may not use at all is listed with what would permit it: a grant, its own file, or its adoption",
    ),
  },
  {
    name: "nobody is asked to endorse what others chose",
    file: core("approvals/values.ts"),
    find: "endorse: sourceOf(steered) }",
    replace: "endorse: null }",
    test: values,
  },
  {
    name: "a value that was never approved before looks like any other",
    file: core("approvals/earlier.ts"),
    find: "before.some(({ each }) => spell(each) === spell(value.value))",
    replace: "before.length > 0",
    test: values,
  },
  {
    name: "what vouches for a value is not kept with the request",
    file: core("kernel/park.ts"),
    find: "...(known.length > 0 && { vouched: known }),",
    replace: "",
    test: values,
  },
  {
    name: "what is of high risk is answered with others",
    file: core("approvals/facts.ts"),
    find: 'kind.risk === "high" || ',
    replace: "",
    test: batches,
  },
  {
    name: "requests to different people are one batch",
    file: core("approvals/facts.ts"),
    find: "recipients: [...(kind.scope.recipients ?? [])].sort() },",
    replace: "recipients: [] },",
    test: batches,
  },
  {
    name: "what the owner types into a request counts as an agent's",
    file: core("approvals/again.ts"),
    find: "args === undefined ? [] : typedAnew(before, args)",
    replace: "args === undefined ? typedAnew({}, {}) : typedAnew(args, args)",
    test: system(
      "approval-again",
      "K8 what the owner changes in a request is theirs: it is a new command, and nothing of it is another's",
    ),
  },
  {
    name: "what is asked again is the owner's own command",
    file: core("approvals/again.ts"),
    find: "id: newId(), principal, skill: skillName(skill)",
    replace: 'id: newId(), principal: "owner", skill: skillName(skill)',
    test: system(
      "approval-again",
      "H12 what has expired is asked again as a new command of the same principal, and the old request stays closed",
    ),
  },
  {
    name: "a change of rules is shown on all that ever was",
    file: core("rules/policy-past.ts"),
    find: "firstSince(inspector, now - days * dayMs)",
    replace: "firstSince(inspector, 0 * now * days * dayMs)",
    test: system(
      "approval-again",
      "K3 a change of rules is shown on the past before it is written, and changes nothing",
    ),
  },
];
