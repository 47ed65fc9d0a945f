import { expect, test } from "vitest";
import { feedbackIn } from "./feedback.ts";

test("H17 a no with what is wanted instead is read as people say it, and a talk is not taken for one", () => {
  const read = {
    "no, archive it instead": { wanted: "archive it" },
    "No, do call her instead, because she never reads mail.": { wanted: "call her", reason: "she never reads mail" },
    "Nein, lieber am Montag, weil freitags niemand da ist": { wanted: "am Montag", reason: "freitags niemand da ist" },
    "wrong, rather wait until noon": { wanted: "wait until noon" },
  };
  for (const [text, feedback] of Object.entries(read)) {
    expect([text, feedbackIn(text)]).toEqual([text, feedback]);
    expect([text, feedbackIn(text, true)]).toEqual([text, feedback]);
  }
  expect(feedbackIn("no, do it as before since it works")).toEqual({ wanted: "it as before since it works" });
  expect(feedbackIn("no, do it on Monday, as it rains")).toEqual({ wanted: "it on Monday", reason: "it rains" });
  expect(feedbackIn("archive it")).toEqual({ wanted: "archive it" });
  for (const text of [
    "archive it instead",
    "No, thank you",
    "No one came instead",
    "No problem, rather nice",
    "no, what can I do instead?",
    "Norway instead of Spain",
    "no",
    "I know no other way instead",
  ])
    expect([text, feedbackIn(text, true)]).toEqual([text, undefined]);
});
