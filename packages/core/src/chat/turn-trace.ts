import type { ChatMade, ChatSaw, ChatStep } from "@mh/contract/values/chat-turn.ts";
import { canonical } from "../model/canonical.ts";
import { spentOn } from "../models/cost.ts";
import type { Candidate } from "../models/settings.ts";
import type { Clock } from "../ports/clock.ts";
import type { ModelUsage } from "../ports/model.ts";

/** Longer arguments are not kept beside an answer. */
const argsMax = 20_000;
const gaveMax = 300;

/** How one turn goes: what is written and called, what it comes to. It is shown while the turn works, and kept with its answer. */
export class TurnTrace {
  readonly turn: string;
  readonly begunMs: number;
  /** The skill that it uses now; empty while the model writes. */
  doing = "";
  saw: ChatSaw[] = [];
  contextTokens: number | null = null;
  readonly #clock: Clock;
  readonly #steps: ChatStep[] = [];
  #spent = { input: 0, output: 0, minor: 0, currency: null as string | null };

  constructor(turn: string, clock: Clock) {
    this.turn = turn;
    this.#clock = clock;
    this.begunMs = clock.now();
  }

  /** The model wrote this, and calls something next. */
  step(text: string): void {
    this.#steps.push({ text: text.trim(), calls: [] });
  }

  /** A call of the last step is begun; how it ended is said to what this gives. */
  call(command: string, skill: string, args: unknown): (gave: string) => void {
    const isShort = canonical(args).length <= argsMax;
    const call = {
      command,
      skill,
      args: isShort ? (args as ChatStep["calls"][number]["args"]) : null,
      gave: "",
      ms: null as number | null,
    };
    const begunMs = this.#clock.now();
    this.#steps.at(-1)?.calls.push(call);
    this.doing = skill;
    return (gave) => {
      call.gave = gave.length > gaveMax ? `${gave.slice(0, gaveMax - 1)}…` : gave;
      call.ms = this.#clock.now() - begunMs;
      this.doing = "";
    };
  }

  /** A call that was none: of no tool that there is, or with no arguments that can be read. */
  refused(command: string, skill: string, args: unknown, why: string): void {
    this.call(command, skill, args)(why);
  }

  spend(candidate: Candidate, usage: ModelUsage): void {
    this.#spent.input += usage.input;
    this.#spent.output += usage.output;
    this.#spent.minor += spentOn(candidate, usage).minor;
    this.#spent.currency ??= candidate.price?.currency ?? null;
  }

  get steps(): ChatStep[] {
    return structuredClone(this.#steps);
  }
  get spent(): ChatMade["spent"] {
    return { ...this.#spent };
  }
  get made(): ChatMade {
    const { steps, saw, contextTokens, spent } = this;
    return { steps, saw, contextTokens, spent, ms: this.#clock.now() - this.begunMs };
  }
}

/** What a call gave, in a few words: how much of what. */
export function gaveOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return "";
  const [name, list] = Object.entries(value).find(([, each]) => Array.isArray(each)) ?? [];
  return Array.isArray(list) ? `${list.length} ${name}` : "";
}
