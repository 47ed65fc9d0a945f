import type { ArgsFor } from "@mh/contract/contracts.ts";
import type { Change } from "../data/change.svelte.ts";
import { home } from "../data/home.svelte.ts";
import { text } from "../text/text.ts";

/** Writes one point more at the end of a part of the persona; what it says of itself stands in braces behind it. */
export async function addPoint(
  change: Change,
  section: ArgsFor<"persona.update">["section"],
  words: string,
  marks: readonly (string | false)[],
): Promise<boolean> {
  let before = "";
  const isRead = await change.run(async () => {
    const { sections } = await home.get("persona.show", { section });
    const [shown] = sections;
    // What is shown is the last good text, and the file says something else by now.
    if (shown && shown.broken !== null) throw new Error(`${shown.broken} ${text.persona.broken}`);
    before = shown?.text.trimEnd() ?? "";
  });
  if (!isRead) return false;
  const given = marks.filter(Boolean).join(", ");
  const point = `- ${words}${given && ` {${given}}`}`;
  const isList = /^\s*(?:[-*+]|\d+[.)])\s/.test(before.split("\n").at(-1) ?? "");
  const next = [before, point].filter(Boolean).join(isList ? "\n" : "\n\n");
  const value = await change.make(
    "persona.update",
    { section, text: `${next}\n` },
    { said: text.persona.saved, words: next },
  );
  return value !== undefined;
}
