import { invalid } from "../documents/markdown.ts";
import type { Database } from "../ports/database.ts";
import { type Entry, entriesIn, isNumberUpTo, type Marks, nothing } from "./entries.ts";
import { personaPath, sectionText } from "./section-text.ts";
import { type When, whenOf, wrongWhen } from "./times.ts";

const marks: Marks = {
  hard: nothing,
  soft: nothing,
  weight: isNumberUpTo(10),
  when: wrongWhen,
  with: (value) => (value === "" ? "say with whom" : undefined),
};

/** A rule by which the owner decides, as its file says it. A hard one binds nobody before a rule of the policy says the same. */
export interface DecisionRule {
  key: string;
  line: number;
  text: string;
  isHard: boolean;
  /** What a soft one counts beside others; 1 where nothing is said. */
  weight: number;
  /** When it counts; undefined: always. */
  when: When | undefined;
  /** Somebody who must be named for it to count. */
  with: string | undefined;
}

/** The rules of a text: its points. Throws `document.invalid` with the line. */
export function decisionRulesIn(path: string, text: string): DecisionRule[] {
  return entriesIn(path, text, marks)
    .filter(({ isPoint }) => isPoint)
    .map((entry) => decisionRule(path, entry));
}

function decisionRule(path: string, { line, text, headings, marks, key }: Entry): DecisionRule {
  if (text === "") throw invalid(path, line, "the rule has no words");
  if (marks.has("hard") && marks.has("soft")) throw invalid(path, line, "a rule is hard or soft, not both");
  const heading = headings.findLast((each) => /^(?:hard|soft|harte[mnrs]?|weiche[mnrs]?)\b/i.test(each)) ?? "";
  const isHard = marks.has("hard") || (!marks.has("soft") && /^har[dt]/i.test(heading));
  const bound = ["weight", "when", "with"].find((each) => marks.has(each));
  if (isHard && bound) throw invalid(path, line, `${bound} is for soft rules: a hard one holds always`);
  return {
    ...{ key, line, text, isHard, weight: Number(marks.get("weight") ?? 1), with: marks.get("with") },
    when: whenOf(marks),
  };
}

/** The rules in force: of the last good text. */
export function decisionRulesOf(db: Database): DecisionRule[] {
  return decisionRulesIn(personaPath("decision-rules"), sectionText(db, "decision-rules"));
}
