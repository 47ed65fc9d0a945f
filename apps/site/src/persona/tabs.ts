/** The parts of the page, the first of them without a name in its address. */
export const personaTabs = ["words", "goals", "people", "rules", "learned", "observed", "interview"] as const;
