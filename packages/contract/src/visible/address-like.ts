import { latePattern } from "./late-pattern.ts";

/** Dots, as hosts are written with: the last three mean the first. */
const dots = ".\u3002\uff0e\uff61";
const hostLike = latePattern(`[\\p{L}\\p{N}\\p{M}][${dots}][\\p{L}\\p{N}]`, "u");

/** Whether a word reads as an address, a host or a URL. */
export const isAddressLike = (word: string): boolean => /[@\uff20]|:\/\//.test(word) || hostLike().test(word);

/** The host in such a word as it is looked up, where that is not how it is written; undefined where it is. */
export function hostInPunycode(word: string): string | undefined {
  const address = word
    .replace(/^.*?:\/\//, "")
    .replace(/[/?#\\].*$/u, "")
    .replace(/^.*[@\uff20]/u, "")
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
  if (/^[\0-\x7f]*$/.test(address)) return undefined;
  const url = URL.canParse(`http://${address}`) ? new URL(`http://${address}`).hostname : undefined;
  return url === undefined ? "no valid host" : url;
}
