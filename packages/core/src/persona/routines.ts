import { invalid } from "../documents/markdown.ts";
import { entriesIn, type Marks } from "./entries.ts";
import { type When, whenOf, wrongWhen } from "./times.ts";

const levels = ["low", "medium", "high"] as const;

const marks: Marks = {
  when: wrongWhen,
  energy: (value) => (levels.some((each) => each === value) ? undefined : `it is ${levels.join(", ")}, not “${value}”`),
};

/** What the owner does again and again, as its file says it. */
export interface Routine {
  key: string;
  line: number;
  text: string;
  when: When | undefined;
  energy: (typeof levels)[number] | undefined;
}

/** The routines of a text: its points. Throws `document.invalid` with the line. */
export function routinesIn(path: string, text: string): Routine[] {
  return entriesIn(path, text, marks)
    .filter(({ isPoint }) => isPoint)
    .map(({ line, text: words, marks: said, key }) => {
      if (words === "") throw invalid(path, line, "the routine has no words");
      const energy = levels.find((each) => each === said.get("energy"));
      return { key, line, text: words, when: whenOf(said), energy };
    });
}
