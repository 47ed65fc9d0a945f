import { once } from "../once.ts";

/**
 * A pattern that is made when it is first used: Unicode's sets are built with the pattern, which costs a short command up
 * to 13 ms. A literal would not do, not even in a function: V8 builds the sets to see whether it is one.
 */
export const latePattern = (source: string, flags: string): (() => RegExp) => once(() => new RegExp(source, flags));
