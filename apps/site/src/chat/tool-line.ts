import type { ChatCall } from "@mh/contract/values/chat-turn.ts";

type Args = ChatCall["args"];

const objectMax = 70;

/** What a call was about, in a line: its texts first. A long one, as a path, is cut in the middle. */
export function objectOf(args: Args): string {
  if (typeof args !== "object" || args === null) return "";
  const values = Object.values(args).filter((value) => value !== null && value !== "");
  const texts = values.filter(
    (value) => typeof value === "string" || (Array.isArray(value) && typeof value[0] === "string"),
  );
  return cutMiddle(
    (texts.length > 0 ? texts : values)
      .map((value) => asText(value as Args))
      .join(", ")
      .replace(/\s+/g, " "),
    objectMax,
  );
}

/** Every argument whole, texts as they are and the rest as JSON. */
export const wholeArgs = (args: Args): [name: string, value: string][] =>
  typeof args === "object" && args !== null
    ? Object.entries(args).map(([name, value]) => [name, asText(value as Args)])
    : [["", asText(args)]];

const asText = (value: Args): string =>
  typeof value === "string"
    ? value
    : Array.isArray(value) && value.every((each) => typeof each === "string")
      ? value.join(", ")
      : JSON.stringify(value, null, 1);

function cutMiddle(text: string, max: number): string {
  if (text.length <= max) return text;
  const half = Math.floor((max - 1) / 2);
  return `${text.slice(0, half).toWellFormed()}…${text.slice(-half).toWellFormed()}`;
}
