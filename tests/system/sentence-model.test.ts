import { owner } from "@mh/contract/values/principal.ts";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";

// The real model that installs from npm, in its thread. Each question shares no word with what answers it.
const pairs = [
  ["My sister gave birth to a baby boy last night", "Has a child been born in the family?"],
  ["The vet says our puppy needs an operation", "Which pet is sick?"],
  ["We are buying a flat near the river", "Real estate purchase plans"],
  ["The server ran out of disk space and crashed", "computer outage because of full storage"],
  ["Grandpa passed away on Tuesday", "Who died?"],
] as const;
const others = [
  "The train to Munich leaves at nine",
  "Remember to water the tomatoes",
  "Peter likes his coffee black",
  "The meeting about the budget was moved",
  "I finished reading the novel",
  "Our neighbours painted their fence green",
  "The concert tickets are sold out",
  "She scored two goals in the match",
  "The recipe needs three eggs",
  "My passport expires next year",
  "It rained during the whole hike",
  "The bakery is closed on Mondays",
  "😀",
];

test("H3 with the sentence model that installs from npm, paraphrases without a shared word are in the top 3", async () => {
  await using home = await makeHost();
  await home.own("config.set", { name: "memory.embedder", value: "use" });
  const ids: string[] = [];
  for (const text of [...pairs.map(([told]) => told), ...others])
    ids.push((await home.own("memory.capture", { text })).id);
  expect(await home.own("memory.embed", {})).toEqual({ embedder: "use", made: 18, refused: 0, vectors: 18 });
  for (const [n, [, question]] of pairs.entries()) {
    const { hits, note } = await home.own("memory.search", { q: question, k: 3 });
    expect([question, hits.map(({ id }) => id), note]).toEqual([question, expect.arrayContaining([ids[n]]), undefined]);
  }
  // What has no vector is found by its words, and many at once wait for one thread.
  const many = await Promise.all(others.map((q) => home.own("memory.search", { q, k: 1 })));
  expect(many.map(({ hits }) => hits[0]?.record.content)).toEqual(others.map((text) => expect.stringContaining(text)));
  expect(await home.act(owner, "llm.embed", { model: "use", texts: ["a"] })).toMatchObject({
    value: { dimension: 512 },
  });
});
