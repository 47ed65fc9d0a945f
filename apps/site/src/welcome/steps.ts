/** The steps of the first run, in their order. */
export const steps = ["you", "folder", "import", "trust", "agent", "tour"] as const;
