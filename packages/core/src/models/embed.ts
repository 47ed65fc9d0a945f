import type { OutputOf } from "@mh/contract/contract.ts";
import { llmEmbed } from "@mh/contract/models.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { type Classification, defineOutside, type OutsideContext } from "../kernel/skill.ts";
import { canonical } from "../model/canonical.ts";
import type { Config } from "../model/config.ts";
import { toBase64 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Embedded, ModelServer } from "../ports/model.ts";
import type { ModelDeps } from "./ask-one.ts";
import { Bill } from "./bill.ts";
import { namedIn } from "./choose.ts";
import { type Asking, reservedFor } from "./cost.ts";
import { floatBytes } from "./float-bytes.ts";
import { classifyFor } from "./generate.ts";
import { type Candidate, isElsewhere } from "./settings.ts";

/** What settings call the sentence model that is installed beside mh. */
export const installedName = "use";

export interface EmbedDeps extends ModelDeps {
  /** The sentence model that is installed; throws `model.not-found` with how it is. */
  installed: () => Pick<ModelServer, "embed">;
  crypto: Pick<Crypto, "sha256Hex">;
}

/**
 * Makes vectors of texts. On this machine nothing leaves and nothing is changed: that counts as reading. Elsewhere the
 * texts leave, as with `llm.generate`.
 */
export function embedSkill({ serverOf, installed, crypto }: EmbedDeps) {
  return defineOutside(llmEmbed, {
    // What stands for a text would outlive it.
    stored: "approved",
    classify: ({ model, texts }, config) => classified(model, texts, config),
    async pin({ model }, { config }) {
      if (model === installedName) return { pins: [] };
      const candidate = namedIn(config, model);
      const what = `${candidate.name}: ${candidate.model} at ${candidate.url}`;
      return { pins: [{ argument: "model", what, hash: crypto.sha256Hex(canonical(candidate)) }] };
    },
    async run({ model, texts }, context) {
      if (model !== installedName) return embeddedBy(serverOf, namedIn(context.config, model), texts, context);
      return answerOf(model, await installed().embed(model, texts, context.signal), texts, 0);
    },
  });
}

/** Has a model of the settings make vectors, and puts on the bill what that came to. */
export async function embeddedBy(
  serverOf: ModelDeps["serverOf"],
  candidate: Candidate,
  texts: readonly string[],
  { signal, note }: Pick<OutsideContext, "signal" | "note">,
): Promise<OutputOf<typeof llmEmbed>> {
  const bill = new Bill(askingOf(texts), note);
  const server = await serverOf(candidate);
  bill.begin(candidate);
  const nothing = { text: "", calls: [], badCalls: [], written: "" };
  try {
    const embedded = await server.embed(candidate.model, texts, signal);
    const { input } = bill.end(candidate, { ...nothing, end: { reason: "stop", usage: embedded.usage } });
    return answerOf(candidate.name, embedded, texts, input);
  } catch (error) {
    if (error instanceof Fault) bill.end(candidate, { ...nothing, end: { fault: error } });
    throw error;
  }
}

const askingOf = (texts: readonly string[]): Asking => ({
  messages: texts.map((text) => ({ role: "user", text })),
  tokensMax: 0,
});

function classified(model: string, texts: readonly string[], config: Config): Classification {
  const here: Classification = { effect: "read", risk: "low", scope: {} };
  if (model === installedName) return here;
  const candidate: Candidate = namedIn(config, model);
  if (isElsewhere(candidate) || candidate.price) return classifyFor([candidate], askingOf(texts));
  return { ...here, ...reservedFor([candidate], askingOf(texts)) };
}

/** Throws `model.failed` for what is no vector: of another length than the others, with a part that is no number, or nothing but zeros. */
function answerOf(model: string, { vectors }: Embedded, texts: readonly string[], tokens: number) {
  const dimension = vectors[0]?.length ?? 0;
  const wrong =
    vectors.length !== texts.length
      ? `${vectors.length} vectors for ${texts.length} texts`
      : vectors.map((vector) => wrongIn(vector, dimension)).find((why) => why !== undefined);
  if (wrong !== undefined)
    throw new Fault(
      "model.failed",
      `${model} gave ${wrong}. Choose another embedder: \`mh config set memory.embedder NAME\`.`,
    );
  return { model, dimension, tokens, vectors: vectors.map((vector) => toBase64(floatBytes(vector))) };
}

function wrongIn(vector: readonly number[], dimension: number): string | undefined {
  if (vector.length === 0 || vector.length !== dimension)
    return `vectors of ${vector.length} and of ${dimension} parts`;
  const asFloats = vector.map(Math.fround);
  if (!asFloats.every(Number.isFinite)) return "a vector with a part that is no number";
  return asFloats.every((part) => part === 0) ? "a vector that is nothing but zeros" : undefined;
}
