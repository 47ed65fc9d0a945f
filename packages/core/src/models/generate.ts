import type { ArgsOf, OutputOf } from "@mh/contract/contract.ts";
import { llmGenerate } from "@mh/contract/models.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Spent } from "../kernel/rates.ts";
import { type Classification, defineOutside, type OutsideContext } from "../kernel/skill.ts";
import { canonical } from "../model/canonical.ts";
import type { Config } from "../model/config.ts";
import { moneyWords } from "../model/money.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { ModelServer, ModelUsage } from "../ports/model.ts";
import { withoutSecretsIn } from "../web/web-secrets.ts";
import { chosenFor, furtherThan } from "./choose.ts";
import { type Collected, collect } from "./collect.ts";
import { atMost, countedAs, reservedFor, spentOn } from "./cost.ts";
import { type Candidate, hostOf, isElsewhere, reachOf } from "./settings.ts";
import { templateAnswer } from "./template.ts";

export interface ModelDeps {
  /** The server of a candidate, with its key. Throws `secret.missing` and `secret.locked`. */
  serverOf: (candidate: Candidate) => Promise<ModelServer>;
}

type Args = ArgsOf<typeof llmGenerate>;
type Answer = OutputOf<typeof llmGenerate>;

/** What of the arguments a model is sent, and has to read. */
const askedOf = ({ messages, tools, schema }: Pick<Args, "messages" | "tools" | "schema">) => [messages, tools, schema];

interface GenerateDeps extends ModelDeps {
  crypto: Pick<Crypto, "sha256Hex">;
  /** A text without the values of secrets. */
  redact: (text: string) => string;
}

export function generateSkill({ serverOf, crypto, redact }: GenerateDeps) {
  return defineOutside(llmGenerate, {
    // What it wrote may say again what is forgotten one day: no copy of it stays, but where an approval had to be waited for.
    stored: "approved",
    classify: (args, config) => classifyFor(chosenFor(config, args.model), askedOf(args), args.tokensMax),
    async pin({ model }, { config }) {
      const pins = chosenFor(config, model).map((candidate) => ({
        ...{ argument: "model", what: `${candidate.name}: ${candidate.model} at ${candidate.url}` },
        hash: crypto.sha256Hex(canonical(candidate)),
      }));
      return { pins };
    },
    async run(args, context): Promise<Answer> {
      const chosen = chosenFor(context.config, args.model);
      if (chosen.length === 0) return templateAnswer(context.config);
      const bill = new Bill(atMost(askedOf(args), args.tokensMax), context.note);
      const tried: Answer["tried"] = [];
      for (const candidate of chosen) {
        bill.begin(candidate);
        const answer = await askOne(serverOf, candidate, args, context, redact);
        const tokens = bill.end(candidate, answer, askedOf(args));
        if (answer.end === "cancelled") break;
        if ("reason" in answer.end) {
          const { text, badCalls, end } = answer;
          // An adapter reads a call from JSON.
          const calls = answer.calls as Answer["calls"];
          return withoutSecretsIn<Answer>(
            { text, calls, badCalls, reason: end.reason, model: candidate.name, isTemplate: false, tokens, tried },
            redact,
          );
        }
        tried.push({ model: candidate.name, reason: answer.end.fault.message });
        // Half an answer is told as what it is, and not begun anew by somebody else.
        if (answer.written !== "") break;
      }
      throw noAnswer(context.config, chosen, tried);
    },
  });
}

/** As what a command counts that asks one of these models. */
export function classifyFor(chosen: readonly Candidate[], asked: unknown, tokensMax: number): Classification {
  const [first] = chosen;
  if (!first) return { effect: "read", risk: "low", scope: {} };
  const effect = reachOf(first);
  const hosts = [...new Set(chosen.map(hostOf))];
  const reserved = reservedFor(chosen, asked, tokensMax);
  const leaves = `what it is told leaves this machine for ${hosts.join(" and ")}`;
  const costs = reserved.amount && `it costs ${moneyWords(reserved.amount.minor, reserved.amount.currency)} at most`;
  const warning = [isElsewhere(first) && leaves, costs].filter(Boolean).join("; ");
  return {
    ...{ effect, risk: effect === "local" ? "low" : "medium", scope: { hosts } },
    ...reserved,
    ...(warning && { warning }),
  };
}

/** A server may send each letter by itself. */
const tellEvery = 8;
/** More than this nobody reads as it is written. */
const textMax = 200_000;

async function askOne(
  serverOf: ModelDeps["serverOf"],
  candidate: Candidate,
  { messages, tools, schema, tokensMax, temperature }: Args,
  { signal, progress }: OutsideContext,
  redact: GenerateDeps["redact"],
): Promise<Collected> {
  try {
    const server = await serverOf(candidate);
    const request = { messages, tools, schema, tokensMax, temperature, signal };
    let told = 0;
    return await collect(server.generate(candidate.model, request), (text) => {
      const { length } = text;
      if (told > 0 && length - told < tellEvery) return;
      told = length;
      progress({ done: length, unit: "letters", note: candidate.name, text: redact(text).slice(0, textMax) });
    });
  } catch (error) {
    // A key that cannot be read: the next may have one.
    if (!(error instanceof Fault) || error.code === "secret.locked") throw error;
    return { text: "", calls: [], badCalls: [], written: "", end: { fault: error } };
  }
}

/** What asking comes to, one model after the other. What is under way counts as the most that it can come to. */
class Bill {
  readonly #most: ModelUsage;
  readonly #note: OutsideContext["note"];
  #spent: Spent = { tokens: 0, minor: 0 };

  constructor(most: ModelUsage, note: OutsideContext["note"]) {
    this.#most = most;
    this.#note = note;
  }

  begin(candidate: Candidate): void {
    this.#note({ spent: this.#with(candidate, this.#most) });
  }

  /** One that failed before a word was written costs nothing; one that broke off, the most that it can. */
  end(candidate: Candidate, { end, written }: Collected, asked: unknown): ModelUsage {
    const isFree = end !== "cancelled" && "fault" in end && written === "";
    const isWhole = end !== "cancelled" && "reason" in end;
    const broken = isFree ? { input: 0, output: 0 } : this.#most;
    const usage = isWhole && end.usage ? countedAs(end.usage, asked, written) : broken;
    this.#spent = this.#with(candidate, usage);
    this.#note({ spent: this.#spent });
    return usage;
  }

  #with(candidate: Candidate, usage: ModelUsage): Spent {
    const { tokens, minor } = spentOn(candidate, usage);
    return { tokens: this.#spent.tokens + tokens, minor: this.#spent.minor + minor };
  }
}

function noAnswer(config: Config, chosen: readonly Candidate[], tried: Answer["tried"]): Fault {
  const why = tried.map(({ model, reason }) => `${model}: ${reason}`).join(" ");
  const [next] = furtherThan(config, chosen);
  const further =
    next &&
    ` ${next.name} is next; asking it ${isElsewhere(next) ? "leaves this machine" : "costs"}, so it is asked by name.`;
  return new Fault("model.failed", `No model answered. ${why}${further ?? " `mh model list` shows them."}`);
}
