import { memoryEmbed } from "@mh/contract/memory.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import { defineOutside } from "../../kernel/skill.ts";
import type { Database } from "../../ports/database.ts";
import { asksEmbedder } from "../vectors/ask-embedder.ts";
import type { BackOff } from "../vectors/back-off.ts";
import { backfill } from "../vectors/backfill.ts";
import { type Embedder, embedderOf } from "../vectors/embedder.ts";
import type { Vectors } from "../vectors/vectors.ts";

export interface EmbedMemoriesDeps {
  vectors: Vectors;
  act: (command: Command) => Promise<Outcome>;
  /** Sees committed state only. */
  reader: Database;
  backOff: BackOff;
}

/** Makes the vectors that are missing, and drops those of memories that are gone, and of embedders that are no longer used. */
export function embedMemoriesSkill({ vectors, act, reader, backOff }: EmbedMemoriesDeps) {
  return defineOutside(memoryEmbed, {
    stored: "kept",
    classify: () => ({ effect: "admin", risk: "low", scope: {} }),
    async run(_args, { config, principal, commandId, task, signal, progress }) {
      const embedder = embedderOf(config);
      if (!embedder) {
        vectors.reset();
        return { embedder: null, made: 0, refused: 0, vectors: 0 };
      }
      const by = { principal, cause: commandId, ...(task && { task: { id: task, words: "" } }) };
      let isDone = false;
      try {
        const onProgress = (made: number, left: number) =>
          progress({ done: made, total: made + left, unit: "memories", note: embedder.name });
        const ask = asksEmbedder(act, by);
        const { made, refused } = await backfill({ vectors, reader, embedder, signal, ask, onProgress });
        isDone = true;
        return { embedder: embedder.name, made, refused, vectors: countOf(vectors, embedder) };
      } finally {
        backOff.ended(isDone);
      }
    },
  });
}

function countOf(vectors: Vectors, { model: wanted }: Embedder): number {
  return vectors.with((store) => {
    const space = store.spaces().find(({ model }) => model === wanted);
    return space ? store.count(space).vectors : 0;
  });
}
