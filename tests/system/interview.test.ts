import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";

test("H6 an interview fills the first version; what is answered stands in the persona, and nothing else remembers it", async () => {
  await using home = await makeHost();
  const open = async () =>
    (await home.own("persona.interview", {})).questions.filter(({ isAnswered }) => !isAnswered).map(({ id }) => id);
  const answer = (question: string, text: string) => home.own("persona.answer", { question, text });
  expect(await open()).toEqual([
    "work",
    "tone",
    "values",
    "weeks",
    "year",
    "life",
    "people",
    "rhythm",
    "prefer",
    "never",
  ]);
  await answer("work", "I build roofs; and boats");
  await answer("tone", "Briefly");
  await answer("values", "Calm before speed; Family before work");
  await answer("year", "Ship it; Learn to sail");
  await answer("life", "Live by the sea");
  await answer("rhythm", "Deep work {when: weekdays morning, energy high}");
  await answer("prefer", "A call rather than a mail");
  await answer("never", "Never send mail at night\nNever buy shares");
  expect(await open()).toEqual(["weeks", "people"]);
  const { sections } = await home.own("persona.show", {});
  expect(Object.fromEntries(sections.map(({ section, text }) => [section, text]))).toEqual({
    persona: "- What I do: I build roofs; and boats\n- How to speak to me: Briefly\n",
    values: "- Calm before speed\n- Family before work\n",
    goals: "## Medium term\n\n- [ ] Ship it\n- [ ] Learn to sail\n\n## Long term\n\n- [ ] Live by the sea\n",
    routines: "- Deep work {when: weekdays morning, energy high}\n",
    "decision-rules":
      "- A call rather than a mail {soft}\n- Never send mail at night {hard}\n- Never buy shares {hard}\n",
  });
  const { versions } = await home.own("persona.versions", { section: "values" });
  expect(versions).toMatchObject([{ principal: "owner", reason: "asked: What matters most to you?" }]);
  // An answer that cannot be read is refused, and what stands is as before.
  expect(await home.act("owner", "persona.answer", { question: "rhythm", text: "Run {when: whenever}" })).toMatchObject(
    {
      fault: { code: "document.invalid", message: expect.stringContaining("line 2") },
    },
  );
  for (const question of ["values", "weeks"])
    expect(await home.act("owner", "persona.answer", { question, text: " ; ;" })).toMatchObject({
      fault: { code: "args.invalid", message: "The answer has no words." },
    });
  expect((await home.own("persona.versions", { section: "values" })).versions).toEqual(versions);
  await home.own("history.undo", {});
  expect(await open()).toEqual(["weeks", "people", "never"]);
});
