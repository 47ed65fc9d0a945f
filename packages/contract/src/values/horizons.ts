/** How far ahead a goal lies, the nearest first. */
export const horizons = ["short", "medium", "long"] as const;
export type Horizon = (typeof horizons)[number];
