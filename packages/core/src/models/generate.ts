import type { OutputOf } from "@mh/contract/contract.ts";
import { llmGenerate } from "@mh/contract/models.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { moneyWords } from "@mh/contract/values/money.ts";
import { type Classification, defineOutside } from "../kernel/skill.ts";
import { canonical } from "../model/canonical.ts";
import type { Config } from "../model/config.ts";
import type { Crypto } from "../ports/crypto.ts";
import { withoutSecretsIn } from "../web/web-secrets.ts";
import { askOne, type ModelDeps } from "./ask-one.ts";
import { Bill } from "./bill.ts";
import { chosenFor, furtherThan } from "./choose.ts";
import { type Asking, reservedFor } from "./cost.ts";
import { type Candidate, hostsOf, isElsewhere, reachOf } from "./settings.ts";
import { templateAnswer } from "./template.ts";

type Answer = OutputOf<typeof llmGenerate>;

interface GenerateDeps extends ModelDeps {
  crypto: Pick<Crypto, "sha256Hex">;
}

export function generateSkill({ serverOf, crypto, redact }: GenerateDeps) {
  return defineOutside(llmGenerate, {
    // What it wrote may say again what is forgotten one day: no copy of it stays, but where an approval had to be waited for.
    stored: "approved",
    classify: (args, config) => classifyFor(chosenFor(config, args.model), args),
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
      const { messages, tools, schema, tokensMax, temperature } = args;
      const request = { messages, tools, schema, tokensMax, temperature };
      const bill = new Bill(request, context.note);
      const tried: Answer["tried"] = [];
      for (const candidate of chosen) {
        const answer = await askOne({ serverOf, bill, redact }, candidate, request, context);
        const { text, badCalls, tokens, end } = answer;
        if (end === "cancelled") break;
        if ("reason" in end) {
          // An adapter reads a call from JSON.
          const calls = answer.calls as Answer["calls"];
          return withoutSecretsIn<Answer>(
            { text, calls, badCalls, reason: end.reason, model: candidate.name, isTemplate: false, tokens, tried },
            redact,
          );
        }
        tried.push({ model: candidate.name, reason: end.fault.message });
        // Half an answer is reported as what it is, and not begun anew by another model.
        if (answer.written !== "") break;
      }
      throw noAnswer(context.config, chosen, tried);
    },
  });
}

/** As what a command counts that asks one of these models. */
export function classifyFor(chosen: readonly Candidate[], asking: Asking): Classification {
  const [first] = chosen;
  if (!first) return { effect: "read", risk: "low", scope: {} };
  const effect = reachOf(first);
  const hosts = [...new Set(chosen.flatMap(hostsOf))];
  const reserved = reservedFor(chosen, asking);
  const leaves = `what it is told leaves this machine for ${hosts.join(" and ")}`;
  const costs = reserved.amount && `it costs ${moneyWords(reserved.amount.minor, reserved.amount.currency)} at most`;
  const warning = [isElsewhere(first) && leaves, costs].filter(Boolean).join("; ");
  return {
    ...{ effect, risk: effect === "local" ? "low" : "medium", scope: { hosts } },
    ...reserved,
    ...(warning && { warning }),
  };
}

function noAnswer(config: Config, chosen: readonly Candidate[], tried: Answer["tried"]): Fault {
  const why = tried.map(({ model, reason }) => `${model}: ${reason}`).join(" ");
  const [next] = furtherThan(config, chosen);
  const further =
    next &&
    ` ${next.name} is next; asking it ${isElsewhere(next) ? "leaves this machine" : "costs"}, so it is asked by name.`;
  return new Fault("model.failed", `No model answered. ${why}${further ?? " `mh model list` shows them."}`);
}
