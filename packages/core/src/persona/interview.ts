import { personaAnswer, personaInterview } from "@mh/contract/persona-interview.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { type InterviewQuestion, interviewQuestions } from "@mh/contract/values/interview.ts";
import type { DocumentKind } from "../documents/document.ts";
import { always, defineOwn, defineQuery } from "../kernel/skill.ts";
import { decisionRulesIn } from "./decision-rules.ts";
import { entriesIn } from "./entries.ts";
import { goalsIn, withGoal } from "./goals.ts";
import { writeSection } from "./persona-documents.ts";
import { personaPath, sectionText, standingText } from "./section-text.ts";

/** The questions, and which of them the persona answers as it stands: nothing else is kept of an interview. */
export function interviewSkill() {
  return defineQuery(personaInterview, {
    run: (_args, { db }) => ({
      questions: interviewQuestions.map((each) => ({
        ...{ id: each.id, section: each.section, question: each.question, hint: each.hint },
        isAnswered: isAnswered(each, sectionText(db, each.section)),
      })),
    }),
  });
}

/** Writes an answer behind what stands there: each thing that it names as a point of its own. */
export function answerSkill({ kinds }: { kinds: readonly DocumentKind[] }) {
  return defineOwn(personaAnswer, {
    classify: always("write", "high"),
    stored: "kept",
    apply({ question: id, text }, context) {
      const question = interviewQuestions.find((each) => each.id === id);
      if (!question) throw new Fault("args.invalid", `There is no question ${id}.`);
      const { section } = question;
      const path = personaPath(section);
      const before = standingText(context.tx, section);
      const next = { text: withAnswer(question, path, before, text), reason: `asked: ${question.question}` };
      return { section, path: writeSection(kinds, context, section, next) };
    },
  });
}

function isAnswered({ section, label, horizon, isHard }: InterviewQuestion, text: string): boolean {
  const path = personaPath(section);
  if (section === "goals") return goalsIn(path, text).some((goal) => goal.horizon === horizon);
  if (section === "decision-rules")
    return decisionRulesIn(path, text).some((rule) => rule.isHard === (isHard ?? false));
  return entriesIn(path, text).some((entry) => label === undefined || entry.text.startsWith(`${label}:`));
}

function withAnswer(
  { section, label, horizon = "medium", isHard }: InterviewQuestion,
  path: string,
  before: string,
  answer: string,
): string {
  const things = answer
    .split(label === undefined ? /[;\n]/ : "\n")
    .map((each) => each.trim())
    .filter((each) => each !== "");
  if (things.length === 0) throw new Fault("args.invalid", "The answer has no words.");
  if (section === "goals")
    return things.reduce((text, title) => withGoal(text, goalsIn(path, text), { title, horizon }), before);
  const mark = isHard ? "hard" : "soft";
  const said = things.map((thing) => {
    const words = label === undefined ? thing : `${label}: ${thing}`;
    // A list may stand below a heading that says otherwise.
    return section === "decision-rules" && !words.endsWith("}") ? `- ${words} {${mark}}` : `- ${words}`;
  });
  return [before.trimEnd(), said.join("\n")]
    .filter(Boolean)
    .join(/^\s*(?:[-*+]|\d+[.)])\s.*$/.test(before.trimEnd().split("\n").at(-1) ?? "") ? "\n" : "\n\n");
}
