import type { ChatSaw } from "@mh/contract/values/chat-turn.ts";
import { worstOrigin } from "../data/origin.ts";

interface Bar {
  part: ChatSaw;
  from: number;
  width: number;
  isOutside: boolean;
  shade: number;
}

const shadesMax = 4;
const gap = 0.7;

/** Parts of a bar of 100, the owner's own before others': what comes from outside stands last, and hatched. */
export function barsOf(saw: readonly ChatSaw[]): Bar[] {
  const parts = saw.filter(({ tokens }) => tokens > 0).toSorted((a, b) => Number(isOutside(a)) - Number(isOutside(b)));
  const total = parts.reduce((sum, { tokens }) => sum + tokens, 0);
  let from = 0;
  return parts.map((part, n) => {
    const share = (part.tokens / total) * 100;
    const bar = {
      part,
      from,
      width: Math.max(0.4, share - gap),
      isOutside: isOutside(part),
      shade: Math.min(n, shadesMax),
    };
    from += share;
    return bar;
  });
}

/** What a call gave beside memories may be anybody's. */
const isOutside = ({ what, origins }: ChatSaw): boolean =>
  what === "results" || (origins.length > 0 && worstOrigin(origins)?.mark === "outside" && what === "memories");
