/** There is room for a detail beside a list, as in narrow.css. */
export const isWide = (): boolean => matchMedia("(min-width: 1241px)").matches;
