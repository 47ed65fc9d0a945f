import { personaRoutines } from "@mh/contract/persona.ts";
import { energyLevels } from "@mh/contract/values/energy.ts";
import { invalid } from "../documents/markdown.ts";
import { defineQuery } from "../kernel/skill.ts";
import { entriesIn, type Marks } from "./entries.ts";
import { personaPath, sectionText } from "./section-text.ts";
import { type When, whenOf, wrongWhen } from "./times.ts";

/** The routines in force: of the last good text. */
export function personaRoutinesSkill() {
  return defineQuery(personaRoutines, {
    run: (_args, { db }) => ({
      routines: routinesIn(personaPath("routines"), sectionText(db, "routines")).map(
        ({ key, line, text, when, energy }) => ({ key, line, text, when: when?.text ?? null, energy: energy ?? null }),
      ),
    }),
  });
}

const marks: Marks = {
  when: wrongWhen,
  energy: (value) =>
    energyLevels.some((each) => each === value) ? undefined : `it is ${energyLevels.join(", ")}, not “${value}”`,
};

/** What the owner does again and again, as its file says it. */
export interface Routine {
  key: string;
  line: number;
  text: string;
  when: When | undefined;
  energy: (typeof energyLevels)[number] | undefined;
}

/** The routines of a text: its points. Throws `document.invalid` with the line. */
export function routinesIn(path: string, text: string): Routine[] {
  return entriesIn(path, text, marks)
    .filter(({ isPoint }) => isPoint)
    .map(({ line, text: words, marks: said, key }) => {
      if (words === "") throw invalid(path, line, "the routine has no words");
      const energy = energyLevels.find((each) => each === said.get("energy"));
      return { key, line, text: words, when: whenOf(said), energy };
    });
}
