import { each, type Signal } from "./signal.ts";
import { list } from "./words.ts";

/** A person named in the question speaks. */
export const speaker: Signal = {
  scale: "absolute",
  of: each(({ speaker }, { names }) => (speaker !== null && isCalled(speaker, names) ? 1 : 0)),
  say: ({ names }, { speaker }) => `${speaker ?? list(names)} said it`,
};

/** Whether a speaker goes by one of these names, whole or by its first word. */
function isCalled(speaker: string, names: readonly string[]): boolean {
  const name = speaker.toLowerCase();
  return names.includes(name) || names.includes(name.split(" ", 1)[0] ?? name);
}

/** The owner asks of themselves, and it is their own: they wrote it down, or said it to an assistant. */
export const own: Signal = {
  scale: "absolute",
  of: each(({ speaker, kind }, { asksOfSelf }) => (asksOfSelf && kind !== "artifact" && isOwner(speaker) ? 1 : 0)),
  say: () => "it is your own",
};

const isOwner = (speaker: string | null) => speaker === null || ownerWords.has(speaker.toLowerCase());
const ownerWords = new Set(["human", "me", "owner", "user"]);

/** A text in the first person tells more than a question or a comment. */
export const firstPerson: Signal = {
  scale: "absolute",
  of: each(({ text }) => (text.some(({ word }) => selfWords.has(word)) ? 1 : 0)),
};

const selfWords = new Set(
  "i my we our me ich mein meine meinen wir unser je mon ma nous yo mi nosotros eu meu minha".split(" "),
);
