import type { z } from "zod";

/**
 * An error map for `safeParse(value, { error: issueWords })`: what is wrong with a value, as a person would say it. A
 * schema's own message comes before it; undefined leaves the library's.
 */
export const issueWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "it is missing" : `it must be ${typeWords[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `it must be ${issue.values.length > 1 ? "one of " : ""}${issue.values.map(String).join(", ")}`;
    case "unrecognized_keys":
      return `unknown: ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}`;
    case "too_small":
      return issue.origin === "string" && issue.minimum === 1 ? "it is empty" : `it must be ${least(issue)}`;
    case "too_big":
      return `it must be ${most(issue)}`;
    case "invalid_key":
      return issue.issues[0]?.message;
    case "invalid_format":
      return formatWords[issue.format];
    default:
      return undefined;
  }
};

const typeWords: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
  object: "a JSON object",
  record: "a JSON object",
  string: "a text",
};

const formatWords: Readonly<Record<string, string>> = {
  date: "it must be a day, as in 2026-03-01",
  datetime: "it must be a time, as in 2026-03-01T13:00:00Z",
  uuid: "it must be a whole id, as in 0199c1a2-0000-7000-8000-000000000000",
  url: "it must be an address, as in https://example.org/",
};

/** What a size is counted in; a number is itself. */
const units: Readonly<Record<string, string>> = { string: " characters", array: " entries", set: " entries" };

/** What zod hands over, which is not quite the type that it exports. */
interface Bound {
  origin: string;
  inclusive?: boolean | undefined;
}

const least = ({ origin, minimum, inclusive }: Bound & { minimum: unknown }): string =>
  inclusive === false ? `more than ${minimum}${units[origin] ?? ""}` : `${minimum}${units[origin] ?? ""} or more`;

const most = ({ origin, maximum, inclusive }: Bound & { maximum: unknown }): string =>
  inclusive === false ? `less than ${maximum}${units[origin] ?? ""}` : `${maximum}${units[origin] ?? ""} at most`;
