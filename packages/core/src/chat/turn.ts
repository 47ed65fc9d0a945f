import type { AnyContract } from "@mh/contract/contract.ts";
import type { ValueFor } from "@mh/contract/contracts.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import type { Command, Outcome, Task } from "@mh/contract/wire/command.ts";
import type { ProgressUpdate } from "@mh/contract/wire/progress.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Run } from "../kernel/run.ts";
import { canonical } from "../model/canonical.ts";
import type { ModelCall, ModelMessage } from "../ports/model.ts";
import { answerForm, readForm, withoutTools } from "./by-form.ts";
import type { CallIds } from "./call-id.ts";
import { chatPrincipal } from "./chats-table.ts";
import { cutAnswer } from "./context.ts";
import { planOf } from "./plan-for.ts";
import type { TurnTools } from "./tools.ts";

export interface TurnParts {
  begin: (command: Command) => Run;
  check: Kernel["check"];
  progress: (update: ProgressUpdate) => void;
  tools: TurnTools;
  ids: CallIds;
  /** The chat's: its words are all that the owner wrote there. */
  task: Task;
  /** What the owner said since this was last asked, and the words of the task with it. */
  more: () => { texts: readonly string[]; words: string };
  /** The turn's own command. */
  cause: string;
  /** Who said something: the model is asked as them. */
  asker: Principal;
  /** Aborted when the turn is cancelled, and by STOP. */
  signal: AbortSignal;
  /** Just this model; left out, the first of the settings. */
  model: string | undefined;
}

export type Refused = ValueFor<"chat.say">["refusals"][number];

export interface TurnEnd {
  end: ValueFor<"chat.say">["end"];
  text: string;
  model: string | null;
  refusals: Refused[];
}

type Generated = ValueFor<"llm.generate">;

/** A planner that has not come to an end by then does not. */
const roundsMax = 12;
const callsMax = 40;
const sameCallsMax = 3;
export const answerTokensMax = 1_500;

/** One turn: the model is asked, what it wants called goes through the gate, and it reads how that ended, until it answers. */
export class Turn {
  readonly #parts: TurnParts;
  readonly #messages: ModelMessage[];
  #task: Task;
  readonly #refusals: Refused[] = [];
  readonly #seen = new Map<string, number>();
  #calls = 0;
  #written = "";
  #hasProposed = false;
  /** The model takes no tools: it says in a form what it wants called. */
  #isByForm = false;

  constructor(parts: TurnParts, messages: readonly ModelMessage[]) {
    this.#parts = parts;
    this.#messages = [...messages];
    this.#task = parts.task;
  }

  async run(): Promise<TurnEnd> {
    for (let round = 0; round < roundsMax; round += 1) {
      if (round > 0) this.#hear();
      const asked = await this.#ask();
      if (!this.#isByForm && takesNoTools(asked)) {
        this.#isByForm = true;
        continue;
      }
      if (asked.status !== "done") return this.#ended("failed", whyNot(asked), null);
      const answer = this.#read(asked.value as Generated);
      if (answer.isTemplate) return this.#ended("no-model", answer.text, null);
      const { text, calls, badCalls, model } = answer;
      if (calls.length === 0 && badCalls.length === 0) return this.#ended("answered", text, model);
      this.#messages.push({ role: "assistant", text, calls });
      if (text !== "") this.#written += `${text}\n`;
      for (const bad of badCalls) this.#note(`${bad.name}: its arguments were no JSON object. Nothing was called.`);
      if (!(await this.#callAll(calls)))
        return this.#ended("guard", "I stopped: the same was wanted again and again, and came to no end.", model);
    }
    return this.#ended("guard", `I stopped: after ${roundsMax} steps this had come to no end.`, null);
  }

  /** What the owner says while this is under way counts from the next call on. */
  #hear(): void {
    const { texts, words } = this.#parts.more();
    if (texts.length === 0) return;
    this.#task = { ...this.#task, words };
    for (const text of texts) this.#messages.push({ role: "user", text });
  }

  #ended(end: TurnEnd["end"], text: string, model: string | null): TurnEnd {
    return { end, text, model, refusals: this.#refusals };
  }

  /** Asks the model, and reports what it has written so far. */
  async #ask(): Promise<Outcome> {
    const { tools, model, asker, progress } = this.#parts;
    const { shown } = tools;
    const wanted = this.#isByForm
      ? { messages: withoutTools(this.#messages, shown), schema: answerForm(shown) }
      : { messages: this.#messages, tools: shown };
    const args = { ...wanted, tokensMax: answerTokensMax, ...(model !== undefined && { model }) };
    // A form is not pleasant to read while it is written.
    const report = (text: string) =>
      progress({ done: text.length, unit: "letters", ...(!this.#isByForm && { text: this.#written + text }) });
    return this.#begin({ principal: asker, skill: "llm.generate", args }, report);
  }

  #read(answer: Generated): Generated {
    return this.#isByForm && !answer.isTemplate ? ({ ...answer, ...readForm(answer.text) } as Generated) : answer;
  }

  /** False where the planner would go on for ever. */
  async #callAll(calls: readonly ModelCall[]): Promise<boolean> {
    const meant = calls.map((call) => ({ call, contract: this.#parts.tools.skillOf(call.name) }));
    if (await this.#propose(meant)) return true;
    for (const { call, contract } of meant) {
      const what = canonical([call.name, call.args]);
      const times = (this.#seen.get(what) ?? 0) + 1;
      this.#seen.set(what, times);
      this.#calls += 1;
      if (times > sameCallsMax || this.#calls > callsMax) return false;
      this.#answer(call, contract ? await this.#call(contract, call.args) : `There is no tool ${call.name}.`);
    }
    return true;
  }

  /** Where several calls of one answer would ask, they are proposed as one plan instead, once a turn. */
  async #propose(meant: readonly { call: ModelCall; contract: AnyContract | undefined }[]): Promise<boolean> {
    if (this.#hasProposed || meant.some(({ contract }) => contract?.name === "plan.propose")) return false;
    const asking = meant.filter(({ call, contract }) => contract && this.#wouldAsk(contract.name, call.args));
    if (asking.length < 2) return false;
    this.#hasProposed = true;
    const steps = asking.map(({ call, contract }) => ({ skill: contract?.name ?? "", args: call.args }));
    const plan = planOf(this.#task.words, steps);
    if (!plan) return false;
    const result = await this.#command("plan.propose", plan);
    for (const { call } of meant) this.#answer(call, `Not called yet. A plan with these steps was proposed: ${result}`);
    return true;
  }

  #wouldAsk(skill: string, args: unknown): boolean {
    const { check, cause } = this.#parts;
    try {
      return check({ principal: chatPrincipal, skill, args, task: this.#task, cause }).verdict.verdict === "ask";
    } catch {
      // Its arguments are wrong: the call says so.
      return false;
    }
  }

  async #call({ name }: AnyContract, args: unknown): Promise<string> {
    const result = await this.#command(name, args);
    // Names of skills and nothing else: what else a text says is not looked at.
    if (name === "chat.tools")
      this.#parts.tools.offerFound([...result.matchAll(/"name":"([^"]+)"/g)].map(([, each = ""]) => each));
    return result;
  }

  /** A command of the planner's, and how it ended in words for the model. */
  async #command(skill: string, args: unknown): Promise<string> {
    const id = this.#parts.ids.next(skill, args);
    const outcome = await this.#begin({ id, principal: chatPrincipal, skill, args });
    if (outcome.status === "denied" || outcome.status === "parked") {
      const { layer, reason, rules } = outcome;
      const approval = outcome.status === "parked" ? outcome.approval : null;
      const status = outcome.status === "parked" ? "waiting" : "denied";
      this.#refusals.push({ command: id, skill, status, layer, reason, rules, approval });
    }
    return outcome.status === "done" ? cutAnswer(canonical(outcome.value)) : whyNot(outcome);
  }

  async #begin(command: Command, onText?: (text: string) => void): Promise<Outcome> {
    const { begin, cause, signal } = this.#parts;
    const run = begin({ ...command, task: this.#task, cause });
    using cleanup = new DisposableStack();
    if (onText) cleanup.use(run.watch(({ text }) => text !== undefined && onText(text)));
    const cancel = () => run.cancel(String(signal.reason));
    signal.addEventListener("abort", cancel, { once: true });
    cleanup.defer(() => signal.removeEventListener("abort", cancel));
    if (signal.aborted) cancel();
    const outcome = await run.outcome;
    signal.throwIfAborted();
    return outcome;
  }

  #answer({ id, name }: ModelCall, text: string): void {
    this.#messages.push({ role: "tool", call: id, name, text });
  }

  #note(text: string): void {
    this.#messages.push({ role: "user", text: `[mh] ${text}` });
  }
}

/** As servers say that a model cannot call tools. */
const takesNoTools = (outcome: Outcome): boolean =>
  outcome.status === "failed" &&
  /\bnot support (?:\w+ )?tool|tool\w* (?:is|are) not supported/i.test(outcome.fault.message);

/** How a command ended that was not done, for the model and for the owner. */
function whyNot(outcome: Outcome): string {
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
