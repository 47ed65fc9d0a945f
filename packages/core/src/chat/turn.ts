import type { ValueFor } from "@mh/contract/contracts.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import type { Command, Outcome, Task } from "@mh/contract/wire/command.ts";
import type { ProgressUpdate } from "@mh/contract/wire/progress.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Run } from "../kernel/run.ts";
import { canonical } from "../model/canonical.ts";
import type { Config } from "../model/config.ts";
import { chosenFor } from "../models/choose.ts";
import { modelSettings } from "../models/settings.ts";
import type { ModelCall, ModelMessage } from "../ports/model.ts";
import { askModels, takesNoTools, waitsToLeave } from "./ask-model.ts";
import { answerForm, readForm, withoutTools } from "./by-form.ts";
import type { CallIds } from "./call-id.ts";
import { Calls, type Refused, refusalOf, whyNot } from "./calls.ts";
import { type News, newsText } from "./news.ts";
import { Seen } from "./saw.ts";
import { memoriesIn } from "./sources.ts";
import type { TurnTools } from "./turn-tools.ts";
import type { TurnTrace } from "./turn-trace.ts";

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
  /** What the log knows and no answer does. */
  news: () => Promise<readonly News[]>;
  /** The turn's own command. */
  cause: string;
  /** Who said something. */
  asker: Principal;
  /** Aborted when the turn is cancelled, and by STOP. */
  signal: AbortSignal;
  config: Config;
  /** Hears how it goes. */
  trace: TurnTrace;
}

export interface TurnEnd {
  end: ValueFor<"chat.say">["end"];
  text: string;
  model: string | null;
  refusals: readonly Refused[];
  /** Every memory that its calls gave. */
  read: readonly MemoryRecord[];
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
  readonly #calls: Calls;
  readonly #read: MemoryRecord[] = [];
  readonly #seen = new Map<string, number>();
  readonly #heard = new Set<string>();
  /** What parts the messages have. */
  readonly #shown = new Seen();
  #task: Task;
  #count = 0;
  #written = "";
  /** The model takes no tools: it says in a form what it wants called. */
  #isByForm = false;

  constructor(parts: TurnParts, messages: readonly ModelMessage[]) {
    const { ids } = parts;
    this.#parts = parts;
    this.#messages = [...messages];
    this.#task = parts.task;
    this.#calls = new Calls({
      ids,
      act: (command) => this.#act(command),
      check: (command) => parts.check({ ...command, task: this.#task, cause: parts.cause }),
      words: () => this.#task.words,
      trace: parts.trace,
      onValue: ({ name }, value) => {
        this.#read.push(...memoriesIn(value));
        if (name === "chat.tools") parts.tools.offerFound(value);
      },
    });
  }

  async run(): Promise<TurnEnd> {
    for (let round = 0; round < roundsMax; round += 1) {
      await this.#hear(round === 0);
      const asked = await this.#ask();
      if (!this.#isByForm && takesNoTools(asked)) {
        this.#isByForm = true;
        continue;
      }
      if (asked.status !== "done") return this.#failed(asked);
      const answer = this.#readForm(asked.value as Generated);
      if (answer.isTemplate) return this.#ended("no-model", answer.text, null);
      const { text, calls, badCalls, model, reason } = answer;
      if (calls.length === 0 && badCalls.length === 0) {
        await this.#calls.ask();
        return this.#ended(reason === "length" ? "cut" : "answered", text, model);
      }
      if (text !== "" || calls.length > 0) this.#messages.push({ role: "assistant", text, calls });
      if (text !== "") this.#written += `${text}\n`;
      this.#parts.trace.step(text);
      if (!(await this.#callAll(calls)))
        return this.#ended("guard", "I stopped: the same was wanted again and again, and came to no end.", model);
      for (const { name, text } of badCalls)
        this.#note(`${name}: ${this.#refuse(name, text, "its arguments were no JSON object. Nothing was called.")}`);
    }
    return this.#ended("guard", `I stopped: after ${roundsMax} steps this had come to no end.`, null);
  }

  /** What the owner says while this is under way, and what was approved by then, counts from the next step on. */
  async #hear(isFirst: boolean): Promise<void> {
    const news = (await this.#parts.news()).filter(({ command }) => !this.#heard.has(command));
    for (const { command } of news) this.#heard.add(command);
    if (news.length > 0) this.#note(newsText(news));
    if (isFirst) return;
    const { texts, words } = this.#parts.more();
    if (texts.length === 0) return;
    this.#task = { ...this.#task, words };
    for (const text of texts) this.#messages.push({ role: "user", text });
  }

  #failed(asked: Outcome): TurnEnd {
    const { config } = this.#parts;
    if (asked.status === "parked" || asked.status === "denied")
      this.#calls.refusals.push(refusalOf({ id: asked.id, skill: "llm.generate" }, asked));
    return this.#ended("failed", waitsToLeave(asked, config) ?? whyNot(asked), null);
  }

  #ended(end: TurnEnd["end"], text: string, model: string | null): TurnEnd {
    return { end, text, model, refusals: this.#calls.refusals, read: this.#read };
  }

  /** Asks the model, and reports what it has written so far. */
  async #ask(): Promise<Outcome> {
    const { tools, asker, progress, ids, config } = this.#parts;
    const { shown } = tools;
    const wanted = this.#isByForm
      ? { messages: withoutTools(this.#messages, shown), schema: answerForm(shown) }
      : { messages: this.#messages, tools: shown };
    const args = { ...wanted, tokensMax: answerTokensMax };
    // A form is not pleasant to read while it is written.
    const onText = (text: string) =>
      progress({ done: text.length, unit: "letters", ...(!this.#isByForm && { text: this.#written + text }) });
    const act = (command: Command, heard: (text: string) => void) => this.#act(command, heard);
    const asked = await askModels({ act, ids, config, asker, onText }, args);
    this.#account(asked);
    return asked;
  }

  /** What the model was shown, and what it came to. */
  #account(asked: Outcome): void {
    const { trace, config, tools } = this.#parts;
    const answer = asked.status === "done" ? (asked.value as Generated) : undefined;
    const candidate = modelSettings.of(config).use.find(({ name }) => name === answer?.model);
    if (answer && candidate) trace.spend(candidate, answer.tokens);
    trace.contextTokens = (candidate ?? chosenFor(config, undefined)[0])?.contextTokens ?? null;
    trace.saw = this.#shown.sum(this.#messages, tools.shown, answer?.tokens.input);
  }

  #readForm(answer: Generated): Generated {
    return this.#isByForm && !answer.isTemplate ? ({ ...answer, ...readForm(answer.text) } as Generated) : answer;
  }

  /** False where the planner would go on for ever. */
  async #callAll(calls: readonly ModelCall[]): Promise<boolean> {
    for (const { id, name, args } of calls) {
      const what = canonical([name, args]);
      const times = (this.#seen.get(what) ?? 0) + 1;
      this.#seen.set(what, times);
      this.#count += 1;
      if (times > sameCallsMax || this.#count > callsMax) return false;
      const contract = this.#parts.tools.skillOf(name);
      if (contract) this.#report(contract.name);
      const gave = contract
        ? await this.#calls.call(contract, args)
        : { text: this.#refuse(name, args, `There is no tool ${name}.`) };
      const message: ModelMessage = { role: "tool", call: id, name, text: gave.text };
      this.#messages.push(message);
      this.#report("");
      if ("value" in gave) this.#shown.result(message, gave.value);
    }
    return true;
  }

  /** A call that never becomes a command is shown all the same. Gives why, for the model. */
  #refuse(name: string, args: unknown, why: string): string {
    const { ids, trace } = this.#parts;
    trace.refused(ids.next(name, args).id, name, args, why);
    return why;
  }

  /** Says what is being used now, beside what was written by then. */
  #report(note: string): void {
    const text = this.#written;
    this.#parts.progress({ done: text.length, unit: "letters", note, ...(text !== "" && { text }) });
  }

  async #act(command: Command, onText?: (text: string) => void): Promise<Outcome> {
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

  /** Says something to the model beside the owner's words, and in one message with them: some models want each role by turns. */
  #note(what: string): void {
    const text = `[mh] ${what}`;
    const last = this.#messages.at(-1);
    const before = last?.role === "user" ? last : undefined;
    if (before) this.#messages.pop();
    const message: ModelMessage = { role: "user", text: before ? `${before.text}\n\n${text}` : text };
    this.#messages.push(message);
    this.#shown.grown(before, message, { what: "results", origins: [], chars: text.length });
  }
}
