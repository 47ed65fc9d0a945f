import { nothingTaken, type Taken } from "./events.ts";
import { withoutSecrets } from "./without-secrets.ts";

/** So much of a subject is read. */
const subjectMax = 2_000;

/** The commits of a Git folder by the list of what its head was (gitreflog): when, and the first line of what was said. */
export function gitEvents(text: string, path: string): Taken {
  const folder = path.split("/").at(-4);
  if (folder === undefined) return nothingTaken;
  const lines = text.split("\n").filter((line) => line !== "");
  const events = lines.flatMap((line) => {
    const [, seconds, subject] = /> (\d{9,11}) [+-]\d{4}\tcommit(?: \((?:initial|amend)\))?: (.*)$/.exec(line) ?? [];
    if (seconds === undefined || subject === undefined) return [];
    return [
      {
        ms: Number(seconds) * 1_000,
        what: `${withoutSecrets(folder)}: ${withoutSecrets(subject.slice(0, subjectMax)).slice(0, 200).toWellFormed()}`,
      },
    ];
  });
  return {
    events,
    left: [{ why: "what is no commit: checkouts, pulls, merges", count: lines.length - events.length }],
  };
}
