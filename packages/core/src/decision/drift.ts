/** In so many later answers one counts half. */
const halfLife = 20;

/**
 * How far the owner's choices are from what was predicted: of the answers, oldest first, the share that was otherwise, the
 * latest counting most. Within 0 and 1; null where nothing was answered.
 */
export function driftOf(wasRight: readonly boolean[]): number | null {
  if (wasRight.length === 0) return null;
  let [off, all] = [0, 0];
  for (const isRight of wasRight) {
    const fade = 0.5 ** (1 / halfLife);
    off = off * fade + (isRight ? 0 : 1);
    all = all * fade + 1;
  }
  return off / all;
}
