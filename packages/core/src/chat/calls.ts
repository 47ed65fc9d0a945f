import type { AnyContract } from "@mh/contract/contract.ts";
import type { ValueFor } from "@mh/contract/contracts.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { canonical } from "../model/canonical.ts";
import { fileOf } from "../policy/rule-file.ts";
import type { CallIds } from "./call-id.ts";
import { chatPrincipal } from "./chats-table.ts";
import { cutAnswer } from "./context.ts";
import { planOf } from "./plan-for.ts";
import { gaveOf, type TurnTrace } from "./turn-trace.ts";

export type Refused = ValueFor<"chat.say">["refusals"][number];

interface CallParts {
  /** Begins a command in the chat's task, caused by the turn, and waits for its end. */
  act: (command: Command) => Promise<Outcome>;
  /** What the gate would say of one. */
  check: (command: Command) => ReturnType<Kernel["check"]>;
  ids: CallIds;
  /** The words of the chat's task. */
  words: () => string;
  /** What a call that was done gave. */
  onValue: (contract: AnyContract, value: unknown) => void;
  trace: TurnTrace;
}

interface Held {
  id: string;
  skill: string;
  args: Record<string, unknown>;
}

/**
 * The planner's calls, each a command of its own. What would ask for approval is held until the turn is over: one request is
 * made for all of it, a plan where there are several, however many answers of the model they came in.
 */
export class Calls {
  readonly refusals: Refused[] = [];
  readonly #parts: CallParts;
  readonly #held: Held[] = [];
  /** The planner made a plan itself; what it holds is called once it is approved. */
  #hasPlan = false;

  constructor(parts: CallParts) {
    this.#parts = parts;
  }

  /** Calls it, or holds it. Gives how that ended, in words for the model, and what it gave where it was done. */
  async call(contract: AnyContract, args: Record<string, unknown>): Promise<{ text: string; value?: unknown }> {
    const { name: skill } = contract;
    if (this.#held.some((held) => held.skill === skill && canonical(held.args) === canonical(args)))
      return { text: heldText };
    const { id, isKnown } = this.#parts.ids.next(skill, args);
    const isPlan = skill === "plan.propose";
    if (!isPlan && !isKnown && this.#wouldAsk(id, skill, args)) {
      if (this.#hasPlan) return { text: "Not called: a plan waits for the owner. Call it once that is approved." };
      this.#held.push({ id, skill, args });
      this.#parts.trace.call(id, skill, args)("");
      return { text: heldText };
    }
    const ended = this.#parts.trace.call(id, skill, args);
    const outcome = await this.#command({ id, skill, args });
    ended(outcome.status === "done" ? gaveOf(outcome.value) : whyNot(outcome));
    if (isPlan && outcome.status === "parked") this.#hasPlan = true;
    if (outcome.status !== "done") return { text: whyNot(outcome) };
    this.#parts.onValue(contract, outcome.value);
    return { text: cutAnswer(canonical(outcome.value)), value: outcome.value };
  }

  /** Puts what is held to the owner, at the end of a turn. */
  async ask(): Promise<void> {
    const held = this.#held.splice(0);
    const plan = held.length > 1 ? planOf(this.#parts.words(), held) : undefined;
    if (plan) {
      const { id } = this.#parts.ids.next("plan.propose", plan);
      const outcome = await this.#command({ id, skill: "plan.propose", args: plan });
      if (outcome.status === "parked" || outcome.status === "done") return;
    }
    for (const each of held) await this.#command(each);
  }

  #wouldAsk(id: string, skill: string, args: unknown): boolean {
    try {
      return this.#parts.check({ id, principal: chatPrincipal, skill, args }).verdict.verdict === "ask";
    } catch {
      // Its arguments are wrong: the call says so.
      return false;
    }
  }

  async #command(call: Held): Promise<Outcome> {
    const outcome = await this.#parts.act({ ...call, principal: chatPrincipal });
    if (outcome.status === "denied" || outcome.status === "parked") this.refusals.push(refusalOf(call, outcome));
    return outcome;
  }
}

const heldText =
  "Not called yet: it needs the owner's approval, which is asked for once you have answered, together with whatever else needs it.";

export function refusalOf(
  { id, skill }: Pick<Held, "id" | "skill">,
  outcome: Outcome & { status: "denied" | "parked" },
): Refused {
  const { layer, reason, rules } = outcome;
  const approval = outcome.status === "parked" ? outcome.approval : null;
  const status = outcome.status === "parked" ? "waiting" : "denied";
  // A rule of the owner's denied it, or none permits it: one more rule of theirs may make it ask.
  const mayAskInstead = status === "denied" && rules.every((rule) => fileOf(rule) !== undefined);
  return { command: id, skill, status, layer, reason, rules, approval, mayAskInstead };
}

/** How a command ended that was not done, for the model and for the owner. */
export function whyNot(outcome: Outcome): string {
  switch (outcome.status) {
    case "done":
      return "Done.";
    case "failed":
      return `It failed: ${outcome.fault.message}`;
    case "denied":
      return `Denied, and not done: ${outcome.reason}.`;
    case "parked":
      return `Not done yet: it waits for the owner's approval (${outcome.reason}) and runs by itself then.`;
    case "repeated":
    case "interrupted":
      return outcome.message;
  }
}
