/** The argument that a path begins with: `to` of `to[0].address`. */
export const argumentOf = (path: string): string => path.split(/[.[]/, 1)[0] ?? "";
