import type { Parked } from "@mh/contract/values/approval.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Answered, AnswerValues, AskedField, AskedPart } from "@mh/contract/values/question.ts";
import { z } from "zod";

type Value = AnswerValues[string];

/** The name under which a field is answered: with its part before it where there are several. */
export const fieldName = (parts: readonly AskedPart[], key: string, { name }: AskedField): string =>
  parts.length > 1 ? `${key}.${name}` : name;

/** The owner's answer to what a parked command asked; nothing of one that asked nothing. Throws `args.invalid`. */
export function answeredTo(
  { question }: Parked,
  { isAccepted, values = {} }: { isAccepted: boolean; values?: AnswerValues | undefined },
): { answered?: Answered } {
  if (!question) {
    if (Object.keys(values).length > 0) throw new Fault("args.invalid", "This request asks for no values.");
    return {};
  }
  const { parts, state } = question;
  if (!isAccepted) return { answered: { isAccepted, values: {}, state } };
  const known = parts.flatMap((part) => part.fields.map((field) => fieldName(parts, part.key, field)));
  const stray = Object.keys(values).find((name) => !known.includes(name));
  if (stray !== undefined) {
    const wanted = known.length > 0 ? ` It asks for ${known.join(", ")}.` : " It asks for no values.";
    throw new Fault("args.invalid", `Nobody asks for ${stray}.${wanted}`);
  }
  const filled = parts.map(({ key, fields }): [string, AnswerValues] => [key, filledIn(parts, key, fields, values)]);
  return { answered: { isAccepted, values: Object.fromEntries(filled), state } };
}

function filledIn(
  parts: readonly AskedPart[],
  key: string,
  fields: readonly AskedField[],
  values: AnswerValues,
): AnswerValues {
  const entries = fields.flatMap((field): [string, Value][] => {
    const name = fieldName(parts, key, field);
    const value = Object.hasOwn(values, name) ? values[name] : field.default;
    if (value !== undefined) return [[field.name, checked(name, field, value)]];
    if (!field.isRequired) return [];
    throw new Fault(
      "args.invalid",
      `It asks for ${name}, and this answer does not say it. \`mh approvals approve ID --set '${name}=…'\` does.`,
    );
  });
  return Object.fromEntries(entries);
}

function checked(name: string, field: AskedField, value: Value): Value {
  const read = schemaOf(field).safeParse(value);
  if (read.success) return read.data as Value;
  throw new Fault("args.invalid", `${name} does not fit what is asked for: ${read.error.issues[0]?.message ?? ""}.`);
}

function schemaOf({ type, format, choices = [], min, max }: AskedField): z.ZodType {
  const within = <T extends { min(n: number): T; max(n: number): T }>(schema: T): T => {
    const above = min === undefined ? schema : schema.min(min);
    return max === undefined ? above : above.max(max);
  };
  const choice = z.enum(choices.map(({ value }) => value));
  switch (type) {
    case "boolean":
      return z.boolean();
    case "number":
      return within(z.number());
    case "integer":
      return within(z.number().int());
    case "choice":
      return choice;
    case "choices":
      return within(z.array(choice));
    case "text": {
      const text = within(z.string().max(10_000));
      if (format === undefined) return text;
      const formats = {
        email: z.email(),
        uri: z.url(),
        date: z.iso.date(),
        "date-time": z.iso.datetime({ offset: true }),
      };
      return text.pipe(formats[format]);
    }
  }
}
