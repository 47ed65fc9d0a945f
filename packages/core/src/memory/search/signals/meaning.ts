import { each, type Signal } from "./signal.ts";

/** Cosine of the vectors that an embedder made; 0 without one. */
export const meaning: Signal = {
  scale: "relative",
  of: each(({ meaning }) => Math.max(0, meaning)),
  say: () => "its meaning is close",
};
