// How `mh ask` answers the invented owners, in percent: the first memory right, one of the first three right, unknown things
// answered as such, and wrong answers given as sure ones. By owner, language and kind; held owners were never fitted to, and
// those aside never even looked at. "of ten": each question is put to a store of ten memories.
import { ask } from "../packages/core/src/memory/ask/ask.ts";
import { type Put, questionsPut, questionsPutSmall, quotedMax } from "./answering/owner-stores.ts";

type Answered = Put & { right: boolean[]; sureness: string; chance: number };

const groupings: Record<string, (put: Put) => string> = {
  owner: ({ owner }) => owner.id,
  language: ({ question }) => question.language,
  kind: ({ question }) => question.kind,
};
const all = questionsPut().map(answered);
const small = questionsPutSmall().map(answered);
for (const split of ["fit", "held", "aside"] as const) {
  const asked = all.filter(({ owner }) => owner.split === split);
  report(split, asked);
  report(
    `${split}, of ten`,
    small.filter(({ owner }) => owner.split === split),
  );
  report(
    `${split}, by the owner's own words`,
    asked.filter(({ question }) => question.needs === undefined),
  );
  for (const [by, of] of Object.entries(groupings))
    for (const [name, group = []] of Object.entries(Object.groupBy(asked, of)))
      report(`${split}, ${by} ${name}`, group);
  for (const [from, to] of [
    [0, 0.25],
    [0.25, 0.5],
    [0.5, 0.8],
    [0.8, 1.01],
  ] as const) {
    const within = asked.filter(({ chance }) => chance >= from && chance < to);
    const right = percent(within, ({ right }) => right[0] === true);
    console.log(
      JSON.stringify({ bench: "answers", of: `${split}, chance from ${from}`, questions: within.length, right }),
    );
  }
}

function answered(put: Put): Answered {
  const { citations, sureness, chance } = ask(put.db, put.query);
  const answers = new Set(put.question.answers.flat());
  const right = citations.map(({ externalId = "" }) => answers.has(externalId));
  return { ...put, right, sureness, chance };
}

function report(of: string, asked: readonly Answered[]): void {
  const known = asked.filter(({ question }) => question.answers.length > 0);
  const unknown = asked.filter(({ question }) => question.answers.length === 0);
  const figures = {
    questions: asked.length,
    ...(known.length > 0 && {
      firstRight: percent(known, ({ right }) => right[0] === true),
      amongThree: percent(known, ({ right }) => right.slice(0, quotedMax).includes(true)),
      sure: percent(known, ({ sureness }) => sureness === "sure"),
      rightSure: percent(
        known.filter(({ right }) => right[0] === true),
        ({ sureness }) => sureness === "sure",
      ),
      saidUnknown: percent(known, ({ sureness }) => sureness === "nothing"),
    }),
    ...(unknown.length > 0 && {
      unknown: unknown.length,
      toldAsSuch: percent(unknown, ({ sureness }) => sureness !== "sure"),
    }),
    wrongSure: percent(asked, ({ sureness, right }) => sureness === "sure" && right[0] !== true),
  };
  console.log(JSON.stringify({ bench: "answers", of, ...figures }));
}

function percent(all: readonly Answered[], is: (answered: Answered) => boolean): number {
  return all.length === 0 ? 0 : Math.round((1_000 * all.filter(is).length) / all.length) / 10;
}
