import type { ShownMessage } from "@mh/contract/chat.ts";
import { worstOrigin } from "../data/origin.ts";

/** A memory that a message rests on, by the number that its sentences bear. */
export interface NumberedSource {
  id: string;
  number: number;
  at: string;
  text: string;
  origin: NonNullable<ReturnType<typeof worstOrigin>>;
}

/** The memories that sentences of a message rest on, numbered in the order of its sentences. */
export function numberedSources({ citations, sources }: Pick<ShownMessage, "citations" | "sources">): NumberedSource[] {
  const ids = [...new Set(citations.flatMap((citation) => citation.sources))];
  return ids
    .flatMap((id) => sources.find((source) => source.id === id) ?? [])
    .map(({ id, at, text, origins }, n) => ({
      ...{ id, at, text, number: n + 1 },
      origin: worstOrigin(origins) ?? { mark: "outside", from: "" },
    }));
}
