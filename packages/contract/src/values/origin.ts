/** Where words or a value come from, by the four marks that people see: the owner's words; what vouches for it; others; a model. */
export const marks = ["you", "vouched", "outside", "model"] as const;
export type Mark = (typeof marks)[number];

/** What says most about how far words may be trusted comes first. */
export const worstFirst: readonly Mark[] = ["outside", "model", "vouched", "you"];

/** Which mark an origin has where it is read, and what is said beside it. An agent's words are a model's, or its own. */
export function originOf(origin: string): { mark: Mark; from: string } {
  if (origin === "owner" || origin.startsWith("owner/")) return { mark: "you", from: "" };
  if (origin === "model") return { mark: "model", from: "" };
  const [kind = origin, ...rest] = origin.split(":");
  const name = rest.join(":");
  if (kind === "agent" || kind === "skill") return { mark: "model", from: name };
  if (kind === "vouched" || kind === "persona") return { mark: "vouched", from: name || kind };
  return { mark: "outside", from: name ? `${kind}, ${name}` : kind };
}
