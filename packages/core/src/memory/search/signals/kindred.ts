import { nearnessOf } from "../nearness.ts";
import { type Signal, sum } from "./signal.ts";

/** Words that WordNet relates to the question's: another word for the same, a kind of it. */
export const kindred: Signal = {
  scale: "relative",
  of({ concepts }, candidates, vectors) {
    const near = nearnessOf(concepts, vectors);
    return candidates.map(({ text }) => {
      const best = new Float32Array(concepts.length);
      for (const term of text) {
        const kin = near.kin(term);
        if (!kin) continue;
        for (let i = 0; i < best.length; i++)
          if ((kin[i] as number) < 1 && (kin[i] as number) > (best[i] as number)) best[i] = kin[i] as number;
      }
      return sum(concepts.map(({ weight }, i) => weight * (best[i] as number)));
    });
  },
  say: () => "it has a kind of what was asked about",
};
