/** The parts of the page, the first of them without a name in its address. */
export const taskTabs = ["tasks", "when"] as const;
