/** The same as in package.json; `tools/package.ts` refuses to pack anything else. */
export const version = "0.1.0";
