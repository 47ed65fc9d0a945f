// More ways to choose than that, nobody has meant.
const triesMax = 10_000;

/** One of each, such that each fits those chosen before it; undefined where there is no such choice, or none was found in time. */
export function choose<T>(
  choices: readonly (readonly T[])[],
  fits: (each: T, chosen: readonly T[]) => boolean,
): T[] | undefined {
  let tries = 0;
  const next = (chosen: T[]): T[] | undefined => {
    const choice = choices[chosen.length];
    if (!choice) return chosen;
    for (const each of choice) {
      tries += 1;
      if (tries > triesMax) return undefined;
      const found = fits(each, chosen) ? next([...chosen, each]) : undefined;
      if (found) return found;
    }
    return undefined;
  };
  return next([]);
}
