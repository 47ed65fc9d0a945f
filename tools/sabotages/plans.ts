// Plans, their slots and bounds, and what a plan card says.
import { core, host, policy, type Sabotage, system } from "./sabotage.ts";

const named = "K11 no plan lets through a call with a skill, value, source or bound that it does not name";
const sums = "K16 amounts are bounded one by one and in all, and sums hold over a restart and an index made anew";
const unreliable = "K11 a source that cannot be relied on fills nothing:";

export const plansSabotages: readonly Sabotage[] = [
  {
    name: "the card of a plan leaves out where values come from",
    file: core("grants/plan-words.ts"),
    find: "conditions.length > 0 && ",
    replace: "false && ",
    test: {
      file: core("grants/plan-card.property.test.ts"),
      name: "K16 two plans that let different things through have different cards",
    },
  },
  {
    name: "the card of a plan shows its steps before what cannot be undone",
    file: core("grants/plan-card.ts"),
    find: "(about.undo === null && !onlyReads(about))",
    replace: "false",
    test: {
      file: core("grants/plan-card.test.ts"),
      name: "K16 the card says first what cannot be undone, then what leaves, what is fixed, what is filled and from where",
    },
  },
  {
    name: "a step of a plan is never used up",
    file: core("kernel/plans.ts"),
    find: "SET used = used + 1 WHERE",
    replace: "SET used = used + 0 WHERE",
    test: system("plans", "K11 steps of a plan run without an approval, as often as it says; then they ask again"),
  },
  {
    name: "a plan covers whatever its skill touches",
    file: core("policy/plan/covering-step.ts"),
    find: "return beyond && ",
    replace: "return undefined && ",
    test: system("plans", "K11 outside a plan it asks as ever: another recipient"),
  },
  {
    name: "one command of a plan takes values of several entries",
    file: core("policy/plan/fill.ts"),
    find: "near.filter(({ fields }) => fills(fields, waits))",
    replace: "near.filter(({ fields }) => waits.some((wait) => fills(fields, [wait])))",
    test: policy("plan/covering-step", "K11 what a plan does not name is not in it: values of two entries"),
  },
  {
    name: "values of a plan's slots are mixed from the records below one entry",
    file: core("policy/plan/one-record.ts"),
    find: "if (at === -1 || !isIndex(one[at]) || !isIndex(other[at])) return true;",
    replace: "if (at !== -2) return true;",
    test: policy(
      "plan/plan-attacks",
      "K11 values of one record belong together, however deep it stands: a condition that another record below the entry meets",
    ),
  },
  {
    name: "a list of many takes one entry twice",
    file: core("policy/plan/fill.ts"),
    find: "!taken.has(each.turn ?? each) && ",
    replace: "",
    test: policy("plan/plan-attacks", "K11 what a list of many takes is of an entry of its own each, none twice"),
  },
  {
    name: "a slot of a plan takes an object, whatever its names say",
    file: core("policy/plan/fill.ts"),
    find: "if (shaped) throw",
    replace: "if (shaped?.isEmpty) throw",
    test: policy("plan/plan-attacks", "K11 a slot for a value takes no object: the names in that would be the agent's"),
  },
  {
    name: "what has no room on a plan's screen is called harmless",
    file: core("grants/plan-card.ts"),
    find: "steps.some(isFinal) ?",
    replace: "steps.every((step) => !isFinal(step)) ?",
    test: system("plan-attacks", "K16 skills for which the screen has no room are not called milder than they are"),
  },
  {
    name: "an empty argument is none for a plan",
    file: core("policy/plan/values.ts"),
    find: "[...all, ...empty];",
    replace: "all;",
    test: policy(
      "plan/plan-attacks",
      "K11 an argument without values in it is an argument: a declared read has no other, and a step is not wholly named",
    ),
  },
  {
    name: "any question to its skill answers for a source of a plan",
    file: core("policy/plan/answers.ts"),
    find: "if (!Object.keys(args).every(isFixed)) return undefined;",
    replace: "if (Object.keys(args).every(isFixed)) return [];",
    test: policy("plan/named", named),
  },
  {
    name: "a bound of a plan is not looked at",
    file: core("policy/plan/values.ts"),
    find: "return amount !== undefined && amount > 0 && amount <= atMost;",
    replace: "return amount !== undefined && amount > 0;",
    test: system("plan-slots", sums),
  },
  {
    name: "a source of a plan that changed while its task ran fills slots",
    file: core("policy/plan/answers.ts"),
    find: "if (another !== undefined)",
    replace: `if (another === "")`,
    test: system("plan-slots", `${unreliable} two answers that differ`),
  },
  {
    name: "a plan is not bound to what was read before it",
    file: core("policy/plan/answers.ts"),
    find: "if (bound !== undefined && bound !== answer)",
    replace: `if (bound === "")`,
    test: system("plan-slots", "K11 a plan whose source was read before binds what was read: other letters ask"),
  },
  {
    name: "what a task wrote itself fills slots of its plan",
    file: core("policy/plan/answers.ts"),
    find: "if (bound === undefined && !isClean)",
    replace: `if (bound === "")`,
    test: system("plan-slots", `${unreliable} the task did something of its own before it read`),
  },
  {
    name: "what a task wrote before a restart fills slots of its plan",
    file: core("policy/plan/answers.ts"),
    find: "const isClean = at < this.#firstAct && !this.#isAfterAct(source.skill, step);",
    replace: "const isClean = at < this.#firstAct;",
    test: system("plan-slots", `${unreliable} that before a restart`),
  },
  {
    name: "an answer that was cut fills slots of a plan",
    file: core("policy/plan/answers.ts"),
    find: "looked.some(({ isCut }) => isCut)",
    replace: "looked.every(({ isCut }) => !isCut && isCut)",
    test: system("plan-slots", `${unreliable} an answer that is longer than what is looked at`),
  },
  {
    name: "a plan holds for another version of a skill",
    file: core("policy/plan/answers.ts"),
    find: "if (bound !== undefined && step.pinned !== bound)",
    replace: `if (bound === "")`,
    test: system("plan-slots", "K11 another version of a skill is not what was approved: its step and its answers ask"),
  },
  {
    name: "amounts of a plan are not added up",
    file: core("policy/plan/covering-step.ts"),
    find: "addedUp(before.get(argument), sum) <= inAll",
    replace: "sum <= inAll",
    test: system("plan-slots", sums),
  },
  {
    name: "a loop of a plan uses an entry twice",
    file: core("policy/plan/covering-step.ts"),
    find: "turnsOf(step, entry, answers).filter(isLeft)",
    replace: "turnsOf(step, entry, answers).filter(() => isLeft !== undefined)",
    test: system("plan-slots", "K11 entries that a loop used stay used after a restart and in an index made anew"),
  },
  {
    name: "what was read chooses the step of a plan",
    file: core("policy/plan/covering-step.ts"),
    find: `if (typeof found === "object" || step.slots || step.each)`,
    replace: `if (typeof found === "object")`,
    test: system(
      "plan-slots",
      "K11 values that were read never choose the step: the first with something left is the one",
    ),
  },
  {
    name: "what leaves as a change to a plan leaves as often as one likes",
    file: core("kernel/plans.ts"),
    find: "if (!looks && !repeatable.includes(effect)) return undefined;",
    replace: `if (effect === "admin") return undefined;`,
    test: system("plan-slots", "K11 a command outside the plan asks as a change to it, once"),
  },
  {
    name: "a plan holds for whatever its arguments point to",
    file: core("kernel/plans.ts"),
    find: "return pins === undefined || held.every(isThere);",
    replace: "return pins === undefined || held.some(isThere) || true;",
    test: system("plan-bounds", "K11 what a fixed argument points to is held: a memory that was changed since asks"),
  },
  {
    name: "a slot of a plan is filled by what anybody writes",
    file: core("policy/plan/narrow-slot.ts"),
    find: "return writers === reach.self ? 1 : undefined;",
    replace: "return 1;",
    test: policy("plan/narrow-slot", "K16 a slot is too wide for who wrote a mail"),
  },
  {
    name: "a slot takes names of the group that nobody has seen yet",
    file: core("policy/plan/narrow-slot.ts"),
    find: "writers === reach.members && isListed",
    replace: "writers === reach.members",
    test: policy(
      "plan/narrow-slot",
      "K16 a slot is too wide for a name in a list of the owner's group that is still to be read",
    ),
  },
  {
    name: "a plan says what a later answer is the first to hold",
    file: core("policy/plan/told-by-then.ts"),
    find: "&& isIn(answer) && !isSaid()) return false;",
    replace: "&& isIn(answer) && !isSaid()) return true;",
    test: {
      file: host("audit/simulate-once.test.ts"),
      name: "K16 what a later answer may choose is not in a plan: it asks as a change",
    },
  },
  {
    name: "a plan is given for a skill that its principal may not use",
    file: core("grants/refuse-useless.ts"),
    find: "!plans.mayUse(principal, skill, task)",
    replace: "false",
    test: system(
      "plans",
      "K11 a plan of a skill that its principal may not use is refused with the next step, given, previewed or proposed",
    ),
  },
  {
    name: "a file fills no slot, for its effect is not that of a read",
    file: core("policy/plan/answers.ts"),
    find: "looks === true || isReading(effect)",
    replace: "isReading(effect) && looks !== true",
    test: system(
      "plan-files",
      "K16 a named file is a source of a plan: it is read and sent with no further request, and nothing else is",
    ),
  },
  {
    name: "what writes is a source of a plan",
    file: core("grants/whole-plan.ts"),
    find: "if (!onlyReads(skill.contract))",
    replace: "if (!onlyReads({ ...skill.contract, looks: true }))",
    test: system("plan-files", "K16 what writes is no source, whatever it would answer"),
  },
];
