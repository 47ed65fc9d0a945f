import { expect, test } from "vitest";
import { halvesOf, isAsked, spokenOf } from "./parse.ts";

const read = (text: string) => {
  const { condition, action } = spokenOf(text) ?? {};
  return [condition?.type, action?.text];
};

test("what is done when something comes is read whichever stands first, and one word may say when", () => {
  expect(halvesOf("Tomorrow, remind me to call Eve")).toEqual({ when: "Tomorrow", does: "remind me to call Eve" });
  expect(halvesOf("remind me to call Eve tomorrow.")).toEqual({ when: "tomorrow", does: "remind me to call Eve" });
  expect(read("Add a task to order soil whenever I note the garden")).toEqual(["memory", "to order soil"]);
  expect(read("Remind me of his birthday before I meet Tom")).toEqual(["event", "his birthday"]);
  expect(read("Bevor ich Tom treffe, erinnere mich an das Buch")).toEqual(["event", "das Buch"]);
});

test("a task with a day waits for nothing, and what somebody does is no event", () => {
  for (const text of [
    "Add a task to buy coffee before Friday",
    "Add a task to buy coffee tomorrow",
    "Before I forget, remind me of what Tom said",
    "Before we start, tell me about the plan",
    "Bevor ich gehe, erinnere mich an das Buch",
  ])
    expect([text, spokenOf(text)]).toEqual([text, undefined]);
});

test("what is asked is told from what is to be reminded of", () => {
  expect(["tell me what I have to do", "remind me who called", "Please let me know if it rains"].map(isAsked)).toEqual(
    Array(3).fill(true),
  );
  expect(["tell me of the whole sheet", "remind me to ask", "remind me whatsoever"].map(isAsked)).toEqual(
    Array(3).fill(false),
  );
});
