// The judge, the shipped rules and what an owner adopts.
import { core, policy, type Sabotage, system, threeApprovals } from "./sabotage.ts";

const judge = core("policy/judge.ts");
const shipped = core("policy/shipped.ts");
const recoveryTest =
  "S6 under a rule that forbids everything the owner at the machine goes the whole recovery path, and nobody else a step of it";

export const policySabotages: readonly Sabotage[] = [
  {
    name: "an offered rule holds wherever it goes",
    file: core("policy/loosen.ts"),
    find: ", ...places, ...some].join(and);",
    replace: "].join(and);",
    test: system("rule-offers", threeApprovals),
  },
  {
    name: "ask me instead lifts the rule for everybody",
    file: core("policy/loosen.ts"),
    find: 'if (how === "ask") return [...parts, "context.approved"].join(and);',
    replace: 'if (how === "ask") return "context.approved";',
    test: system(
      "rule-offers",
      "K16 ask me instead changes the one rule for the one who was denied; everybody else is denied as before",
    ),
  },
  {
    name: "folders that no rule looks at are worked out",
    file: judge,
    find: "(isSeen(name) ? lists() : [])",
    replace: "(isSeen(name) || true ? lists() : [])",
    test: policy("judge", "S5 of a path a thousand folders deep nothing is worked out that no rule looks at"),
  },
  {
    name: "a rule that looks at no argument bars nobody before they are parsed",
    file: judge,
    find: "if (rules.some((id) => set.standing.rules.has(id))) return true;",
    replace: "",
    test: system("rights-first", "S5 who is refused whatever the arguments are costs no work on them: a rule"),
  },
  {
    name: "forbids are skipped where the table allows",
    file: judge,
    find: "if (table.isAllowed && forbids.isAllowed)",
    replace: "if (table.isAllowed)",
    test: policy("lattice", "H7 no combination of grants, trust, plans and rules of the owner loosens an invariant"),
  },
  {
    name: "every ask is taken for one that an approval lifts",
    file: core("policy/policy-set.ts"),
    find: "if (!uses.every((use) => use === approved)) return undefined;",
    replace: "",
    test: policy(
      "lattice",
      "H10 what is worked out from an answer of Cedar's, or remembered of one, is what Cedar says",
    ),
  },
  {
    name: "what the table looks at is not looked at",
    file: core("policy/seen.ts"),
    find: "?? (seesAll || text.includes(attribute))",
    replace: "?? seesAll",
    test: policy(
      "lattice",
      "H10 what is worked out from an answer of Cedar's, or remembered of one, is what Cedar says",
    ),
  },
  {
    name: "an error counts as an allow",
    file: judge,
    find: `decision === "allow" && errors.length === 0`,
    replace: `decision === "allow"`,
    test: policy("lattice", "H10 a forbid that fails while it is judged denies, with an approval or without one"),
  },
  {
    name: "of several verdicts the first stands",
    file: judge,
    find: "const verdict = strongest(verdicts.map((v) => v.verdict));",
    replace: "const verdict = verdicts[0].verdict;",
    test: policy("lattice", "P11 along a chain of causes nobody gains: the strongest verdict of all stands"),
  },
  {
    name: "an agent that was granted it sets trust",
    file: shipped,
    find: `forbid (principal, action == mh::Action::"admin", resource) unless { principal.owner };`,
    replace: `forbid (principal, action == mh::Action::"admin", resource) unless { principal.owner || context.granted };`,
    test: system("rules", "H9 nobody but the owner sets trust"),
  },
  {
    name: "the first use of a skill does not ask",
    file: shipped,
    find: "unless { principal.owner || context.granted || context.approved };",
    replace: "unless { principal.owner || context.may || context.approved };",
    test: policy("judge", "H10 capability asks"),
  },
  {
    name: "tainted values control what was granted",
    file: shipped,
    find: "when { !context.unvouched.isEmpty() } unless { principal.owner || context.approved };",
    replace: "when { !context.unvouched.isEmpty() } unless { principal.owner || context.granted };",
    test: policy("judge", "H10 provenance asks"),
  },
  {
    name: "code, log and rules are open to agents",
    file: shipped,
    find: "when { context.protectedArea } unless { principal.owner };",
    replace: "when { context.protectedArea } unless { context.granted };",
    test: system(
      "rule-attacks",
      "P20 no path of an agent's leads to the rules, the log or the settings: named, dotted, in capitals, by an absolute path",
    ),
  },
  {
    name: "a looser rule on disk is in force at once",
    file: core("policy/adoption.ts"),
    find: `const permits = onDisk.filter((rule) => rule.effect === "permit" && hasText(before, rule));`,
    replace: `const permits = onDisk.filter((rule) => rule.effect === "permit");`,
    test: system("rules", "H7 a looser rule on disk waits until the owner adopts it"),
  },
  {
    name: "a forbid that was removed from its file is gone at once",
    file: core("policy/adoption.ts"),
    find: "uniqueByText([...onDisk, ...before]",
    replace: "uniqueByText([...onDisk]",
    test: system("rules", "H7 an adopted forbid stays in force when its file is emptied, until the owner adopts that"),
  },
  {
    name: "approval requests are not counted",
    file: judge,
    find: "return (request.questionsLeft ?? 1) > 0 ? verdict : withoutApproval(set, request, verdict);",
    replace: "return (request.questionsLeft ?? 1) > -9e9 ? verdict : withoutApproval(set, request, verdict);",
    test: system(
      "limits",
      "P12 an agent that floods its owner with approval requests is denied the rest, and nobody else's are crowded out",
    ),
  },
  {
    name: "a plan lets foreign values pass",
    file: judge,
    find: `layer === "provenance" && verdict === "ask"`,
    replace: `layer === "provenance" && verdict === "deny"`,
    test: system(
      "plans",
      "K11 outside a plan it asks as ever: a recipient in the text of the arguments that is not in the scope",
    ),
  },
  {
    name: "a device that only looks may act",
    file: shipped,
    find: `unless { action == mh::Action::"read" && ![`,
    replace: `unless { action != mh::Action::"admin" || ![`,
    test: system("device-roles", "a device acts within its role, whatever the channel says of it"),
  },
  {
    name: "a device that only looks sets an agent to work",
    file: shipped,
    find: `["decision.make", "agent.delegate", "agent.run", "chat.say", "standing.look"]`,
    replace: `["decision.make"]`,
    test: system(
      "device-roles",
      "P20 a device that only looks sets nobody to work: no agent, no chat, and nothing outside but what is read",
    ),
  },
  {
    name: "a rule of the owner's closes the recovery path",
    file: judge,
    find: "judgeBy(isRecovery ? set.shipped : set, request, approved)",
    replace: "judgeBy(set, request, approved)",
    test: system("recovery", recoveryTest),
  },
  {
    name: "a trap while a command is judged is nobody's answer",
    file: judge,
    find: `return settled(set, "deny", [policyFailed({ rule: "", error: error.message })], []);`,
    replace: "throw error;",
    test: policy("engine", "S17 a trap while a command is judged is a deny of that command, and of no other"),
  },
  {
    name: "brackets of a rule may stand in each other without end",
    file: core("policy/bounds.ts"),
    find: "if (nesting > ruleBounds.nesting)",
    replace: "if (nesting < 0)",
    test: policy(
      "engine",
      "S17 the largest rule by its brackets that is taken is judged, and what is larger Cedar never sees",
    ),
  },
  {
    name: "after a trap the engine believes that it holds what the other one held",
    file: core("policy/engine.ts"),
    find: "this.#held = new Set(cedar.prepared.policySets);",
    replace: "",
    test: policy("engine", "S17 after a trap the engine is another one, which knows all that it knew"),
  },
];
