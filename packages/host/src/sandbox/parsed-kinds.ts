/** Documents whose formats ask for a library. */
export const parsedKinds = ["docx", "odt", "pdf"] as const;
export type ParsedKind = (typeof parsedKinds)[number];
