import type { OutputOf } from "@mh/contract/contract.ts";
import type { llmEmbed } from "@mh/contract/models.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import { floatsOf } from "../../models/float-bytes.ts";
import { fromBase64 } from "../../ports/bytes.ts";

/** Has vectors made of texts, as a command that the caller causes. Throws why it was not done. */
export type AskEmbedder = (texts: readonly string[], model: string) => Promise<Float32Array[]>;

export function asksEmbedder(
  act: (command: Command) => Promise<Outcome>,
  by: Pick<Command, "principal" | "cause" | "task">,
): AskEmbedder {
  return async (texts, model) => {
    const outcome = await act({ ...by, skill: "llm.embed", args: { model, texts } });
    if (outcome.status === "done")
      return (outcome.value as OutputOf<typeof llmEmbed>).vectors.map((vector) => floatsOf(fromBase64(vector)));
    if (outcome.status === "failed") throw new Fault(outcome.fault.code, outcome.fault.message);
    const why = "reason" in outcome ? outcome.reason : "it was cut off";
    throw new Fault("model.failed", `${model} made no vectors: ${why}. \`mh why ${outcome.id}\``);
  };
}
