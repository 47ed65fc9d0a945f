import { Fault } from "@mh/contract/values/fault.ts";
import type { AnswerValues, AskedField, Question } from "@mh/contract/values/question.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { fieldName } from "@mh/core/approvals/answer-question.ts";

/** What `--set` gives, read as each field wants it: `yes` and `no`, numbers, a list with commas. */
export function answerValues(question: Question | undefined, given: readonly string[]): AnswerValues {
  const { parts } = question ?? { parts: [] };
  const fields = new Map(
    parts.flatMap(({ key, fields }) => fields.map((field) => [fieldName(parts, key, field), field] as const)),
  );
  const pairs = given.map((each): [string, AnswerValues[string]] => {
    const at = each.indexOf("=");
    if (at < 1) throw new Fault("usage", `${visible(each.slice(0, 40))} has no \`=\`: write it as name=value.`);
    const name = each.slice(0, at);
    return [name, valueFor(fields.get(name)?.type, each.slice(at + 1))];
  });
  return Object.fromEntries(pairs);
}

/** What is no such value stays text, and is refused with the reason where it is checked. */
function valueFor(type: AskedField["type"] | undefined, text: string): AnswerValues[string] {
  switch (type) {
    case "boolean":
      return /^(y|yes|true)$/i.test(text) ? true : /^(n|no|false)$/i.test(text) ? false : text;
    case "number":
    case "integer":
      return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
    case "choices":
      return text.split(",").map((each) => each.trim());
    default:
      return text;
  }
}
