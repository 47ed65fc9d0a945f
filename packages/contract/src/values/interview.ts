import type { Horizon } from "./horizons.ts";
import type { PersonaSection } from "./persona-sections.ts";

/** A question whose answer begins a part of the persona. */
export interface InterviewQuestion {
  id: string;
  section: PersonaSection;
  question: string;
  hint: string;
  /** What the answer is written behind, as in `What I do: …`; an answer is one where such a line stands. */
  label?: string;
  /** Of goals: how far ahead. */
  horizon?: Horizon;
  /** Of decision rules: each line of the answer is a hard rule. */
  isHard?: boolean;
}

/** Asked in this order, by terminal, chat and browser alike. Each may be left out. */
export const interviewQuestions: readonly InterviewQuestion[] = [
  {
    id: "work",
    section: "persona",
    label: "What I do",
    question: "What do you do?",
    hint: "Work, studies, a household: a line is enough.",
  },
  {
    id: "tone",
    section: "persona",
    label: "How to speak to me",
    question: "How do you want to be spoken to?",
    hint: "Briefly, in German, with reasons first …",
  },
  {
    id: "values",
    section: "values",
    question: "What matters most to you?",
    hint: "Three things are enough; a semicolon between them.",
  },
  {
    id: "weeks",
    section: "goals",
    horizon: "short",
    question: "What do you want to reach in the next weeks?",
    hint: "A semicolon between them.",
  },
  { id: "year", section: "goals", horizon: "medium", question: "And this year?", hint: "A semicolon between them." },
  {
    id: "life",
    section: "goals",
    horizon: "long",
    question: "And in the long run?",
    hint: "A semicolon between them.",
  },
  {
    id: "people",
    section: "relationships",
    question: "Who is close to you?",
    hint: "Mira: my sister; Thomas: my boss",
  },
  {
    id: "rhythm",
    section: "routines",
    question: "When do you work best, and what do you do every week?",
    hint: "Deep work {when: weekdays morning, energy high}; Sailing {when: sunday}",
  },
  {
    id: "prefer",
    section: "decision-rules",
    question: "What do you prefer where you have to choose?",
    hint: "A call rather than a mail; The train before the car",
  },
  {
    id: "never",
    section: "decision-rules",
    isHard: true,
    question: "What must never be done in your name?",
    hint: "Never send mail at night; Never spend more than 50 EUR",
  },
];
