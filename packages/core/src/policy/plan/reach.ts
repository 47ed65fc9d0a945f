import type { ArgumentLeaf } from "./values.ts";

/**
 * Whether a place that a command touches follows from the values that the plan names: the address itself, the host of a
 * link, a path below a folder that no other argument of the command chooses.
 */
export function followsFrom(place: string, named: readonly ArgumentLeaf[], free: readonly ArgumentLeaf[]): boolean {
  const isFree = (segment: string) => free.some(({ value }) => segmentsOf(String(value)).includes(segment));
  return named.some(({ value }) => {
    const text = String(value).trim();
    if (isAddress(place, text) || hostOf(text) === place.toLowerCase()) return true;
    const [whole, end] = [segmentsOf(place), segmentsOf(text.replace(/^\.\//, ""))];
    if (!place.startsWith("/") || end.length === 0 || end.includes("..") || whole.length < end.length) return false;
    const before = whole.slice(0, whole.length - end.length);
    const isEnd = whole.slice(before.length).every((segment, n) => segment === end[n]);
    return isEnd && (!text.startsWith("/") || before.length === 0) && !before.some(isFree);
  });
}

/** As it is written, or with a name before it. */
function isAddress(place: string, text: string): boolean {
  const [, bracketed] = /^[^<>]*<([^<>]+)>$/u.exec(text) ?? [];
  return (bracketed ?? text).normalize("NFC").toLowerCase() === place.toLowerCase();
}

const hostOf = (text: string): string | undefined => (URL.canParse(text) ? new URL(text).hostname : undefined);

const segmentsOf = (path: string): string[] => path.split("/").filter((segment) => segment !== "" && segment !== ".");
