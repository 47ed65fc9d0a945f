// The one way to Cedar. The bundle puts another module in this one's place, which begins with the shipped rules parsed
// (tools/prepared-rules.ts): to compile Cedar's parsers and to read those rules is a seventh of a short command.
export * from "@cedar-policy/cedar-wasm/nodejs";

/** What Cedar holds from its beginning: from sources nothing. */
export const prepared: { schema?: string; policySets: ReadonlySet<string> } = { policySets: new Set() };
