import { nearnessOf } from "../nearness.ts";
import { type Signal, sum } from "./signal.ts";

/** Words that WordNet relates to the question's: another word for the same, a kind of it. */
export const kindred: Signal = {
  scale: "relative",
  of({ concepts }, candidates, vectors) {
    const near = nearnessOf(concepts, vectors);
    return candidates.map(({ text }) => {
      const kin = near.said(text)?.otherKin;
      return kin ? sum(concepts.map(({ weight }, i) => weight * (kin[i] as number))) : 0;
    });
  },
  say: () => "it has a kind of what was asked about",
};
