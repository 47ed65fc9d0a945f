/** How much energy the owner has at some time. */
export const energyLevels = ["low", "medium", "high"] as const;
