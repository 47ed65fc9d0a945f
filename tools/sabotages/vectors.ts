// Search by meaning: vectors, embedders, and what of memories leaves.
import { core, type Sabotage, system } from "./sabotage.ts";

const store = core("memory/vectors/vector-store.ts");
const asking = core("memory/vectors/question-meaning.ts");
const filling = core("memory/vectors/backfill.ts");

export const vectorsSabotages: readonly Sabotage[] = [
  {
    name: "an embedder elsewhere gets memories without the owner's word for it",
    file: core("memory/vectors/embedder.ts"),
    find: "if (isElsewhere(candidate) && !cloud)",
    replace: "if (isElsewhere(candidate) && !cloud && candidate.embeds)",
    test: system(
      "embedders",
      "an embedder elsewhere gets no memory and no question before the owner says so, for models and for memories",
    ),
  },
  {
    name: "a search by somebody who may not use the embedder leaves an approval request",
    file: asking,
    find: 'if (judged.verdict.verdict !== "allow")',
    replace: 'if (judged.verdict.verdict === "deny")',
    test: system(
      "embedders",
      "whose question may not go to an embedder searches by words and is told why, with no approval to wait for",
    ),
  },
  {
    name: "an embedder elsewhere is judged as one here",
    file: core("models/embed.ts"),
    find: "if (isElsewhere(candidate) || candidate.price)",
    replace: "if (candidate.price)",
    test: system(
      "embedders",
      "whose question may not go to an embedder searches by words and is told why, with no approval to wait for",
    ),
  },
  {
    name: "what is forgotten keeps its vector",
    file: core("memory/skills/forget.ts"),
    find: "for (const drop of deps.onForgotten) drop(record.id);",
    replace: "",
    test: system(
      "embedders",
      "H5 what is forgotten has no vector any more, in any embedder's; what is edited has one of its new text",
    ),
  },
  {
    name: "the vector of an earlier text counts",
    file: core("memory/search/candidates.ts"),
    find: "return stored?.textKey === textKey ?",
    replace: "return stored ?",
    test: system(
      "embedders",
      "H5 what is forgotten has no vector any more, in any embedder's; what is edited has one of its new text",
    ),
  },
  {
    name: "a vector of which a byte was changed is believed",
    file: store,
    find: "sumOf(memory, text_key, scale, values) === check_sum",
    replace: "check_sum >= 0",
    test: system("vector-damage", "a vector of which a byte was changed counts for nothing, and is made anew"),
  },
  {
    name: "an index of the vectors' file that no longer finds a row is believed",
    file: store,
    find: 'if (this.#db.pragma("integrity_check(1)", { simple: true }) !== "ok") throw damaged();',
    replace: "",
    test: system(
      "vector-damage",
      "a memory's id that is damaged in a row or in an index of the file is no reason to miss the memory",
    ),
  },
  {
    name: "the new embedder's vectors are used before they are whole",
    file: asking,
    find: "if (wanted?.whole) return",
    replace: "if (wanted) return",
    test: system(
      "embedders",
      "the embedder is changed without a gap: the old vectors serve until the new ones are whole, and are gone then",
    ),
  },
  {
    name: "another model under the same name goes unnoticed",
    file: filling,
    find: "if (again?.length !== dimension) return false;",
    replace: "if (again?.length === dimension) return true;",
    test: system("embedders", "a model that changed under its name is noticed, and all is made anew"),
  },
  {
    name: "a vector of zeros is kept",
    file: core("models/embed.ts"),
    find: "return asFloats.every((part) => part === 0) ?",
    replace: "return asFloats.length === 0 ?",
    test: system(
      "embedders",
      "what is no vector is refused: zeros, no number, another length, too few; the rest of the memories have theirs",
    ),
  },
  {
    name: "vectors of memories that are gone stay when the index is made anew",
    file: filling,
    find: "if (isNewFeed) dropOrphans(vectors, reader);",
    replace: "",
    test: system("embedders", "vectors outlast an index that is made anew; what was forgotten meanwhile is dropped"),
  },
  {
    name: "what is taken in while vectors are being read is not found",
    file: core("memory/vectors/vectors.ts"),
    find: "if (this.#loading) this.#meanwhile.push(change);",
    replace: "",
    test: {
      file: core("memory/vectors/vectors.test.ts"),
      name: "what is taken in and forgotten while the vectors are being read is as if it had been before",
    },
  },
  {
    name: "each sign of a question counts the same",
    file: core("memory/vectors/sign-bits.ts"),
    find: "Math.floor((Math.abs(part) / total) * distanceMax)",
    replace: "part === total ? 0 : 20",
    test: {
      file: core("memory/vectors/recall.test.ts"),
      name: "of the ten nearest to a question by all floats, search by sign bits and int8 finds 98 in 100, on 50,000 real vectors",
    },
  },
  {
    name: "one clipping scale for all vectors",
    file: core("memory/vectors/int8.ts"),
    find: "const scale = most / 127;",
    replace: "const scale = Math.min(most, 0.4) / 127;",
    test: {
      file: core("memory/vectors/vectors.test.ts"),
      name: "what is kept is as like a question as the floats were, however long or short the vector is",
    },
  },
  {
    name: "an embedder is asked to talk",
    file: core("models/choose.ts"),
    find: "const [first, ...others] = use.filter((each) => !each.embeds && whyOff",
    replace: "const [first, ...others] = use.filter((each) => whyOff",
    test: system("embedders", "a model that makes vectors is not asked to talk, and one elsewhere needs both switches"),
  },
];
