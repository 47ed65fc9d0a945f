// Models, and what an agent sees of a home.
import { contract, core, host, type Sabotage, system } from "./sabotage.ts";

export const modelsSabotages: readonly Sabotage[] = [
  {
    name: "models elsewhere are asked though they are off",
    file: core("models/choose.ts"),
    find: "if (modelSettings.of(config).cloud || !isElsewhere(candidate)) return undefined;",
    replace: "if (!modelSettings.of(config).cloud || !isElsewhere(candidate)) return undefined;",
    test: system("model-sockets", "H19 with models elsewhere off no connection is made, whatever is asked"),
  },
  {
    name: "where a local model fails, a paid one is asked under its verdict",
    file: core("models/choose.ts"),
    find: "return [first, ...others.filter((each) => isNoFurther(each, first))];",
    replace: "return [first, ...others];",
    test: system(
      "models",
      "where a model fails the next is asked, in the order of the settings, but none that goes further",
    ),
  },
  {
    name: "a grant for one model elsewhere is one for all",
    file: core("policy/trust-table.ts"),
    find: '"context.inScope && context.riskLevel <= 1"',
    replace: '"context.riskLevel <= 1"',
    test: system(
      "models",
      "private data goes to a model elsewhere only by grant or approval, and the request shows what would leave, for where",
    ),
  },
  {
    name: "a model on this machine is asked by who may only look",
    file: core("policy/trust-table.ts"),
    find: `trustLevels.indexOf("suggest")`,
    replace: `trustLevels.indexOf("observe")`,
    test: system(
      "models",
      "a model on this machine is asked by who may use models; who was not granted it, and who may only look, are denied",
    ),
  },
  {
    name: "a model that Ollama passes on is taken for one that is here",
    file: core("models/settings.ts"),
    find: `candidate.kind === "ollama" && /[:-]cloud$/i.test(candidate.model)`,
    replace: "false",
    test: system(
      "models",
      "H19 a model that an Ollama here only passes on to its cloud is elsewhere, whatever its address",
    ),
  },
  {
    name: "a server that counts nothing costs nothing",
    file: core("models/cost.ts"),
    find: "Math.max(said.output, Math.floor(sizeOf(written) / bytesMax))",
    replace: "said.output",
    test: system(
      "models",
      "K9 tokens and money are settled by what it came to; a server that counts nothing is counted by what it wrote",
    ),
  },
  {
    name: "an approval holds for any model",
    file: core("models/generate.ts"),
    find: "return { pins };",
    replace: "return { pins: pins.slice(pins.length) };",
    test: system("models", "what was approved is asked of just that model: another under its name is refused"),
  },
  {
    name: "a model's adapter that hangs is waited for",
    file: core("models/held-stream.ts"),
    find: "await Promise.race([events.next(), aborted])",
    replace: "await events.next()",
    test: {
      file: core("models/held-stream.test.ts"),
      name: "an adapter that hangs is not waited for, and is told that it is over",
    },
  },
  {
    name: "a model writes as much as it likes",
    file: core("models/held-stream.ts"),
    find: "if (left < 0 || calls > callsMax)",
    replace: "if (left < -1e9)",
    test: {
      file: core("models/held-stream.test.ts"),
      name: "a model that writes or calls more than asked for is cut off",
    },
  },
  {
    name: "the text that runs counts as the owner's words, whichever principal allowed it",
    file: host("agents/run-gate.ts"),
    find: "job.words}",
    replace: "job.source}",
    test: system(
      "agents",
      "S8 a text that changed after it was allowed vouches for nothing, not even where it came with mh",
    ),
  },
  {
    name: "a folder's name is compared by its beginning",
    file: core("model/scope.ts"),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is looked for in a source, where it is a template.
    find: 'const base = folder.endsWith("/") ? folder : `${folder}/`;',
    replace: "const base = folder;",
    test: system(
      "disk",
      "H18 an agent reads only below the folders that it was granted, and is asked about everything else",
    ),
  },
  {
    name: "every agent came with mh",
    file: host("agents/agent-files.ts"),
    find: "released.has(hash)",
    replace: "hash.length > 0",
    test: {
      file: host("agents/agent-files.test.ts"),
      name: "K15 an agent came with mh by its text, wherever it lies; a byte more, and it did not",
    },
  },
  {
    name: "characters that Unicode ignores are not named",
    file: contract("visible/visible.ts"),
    find: "\\p{Default_Ignorable_Code_Point}\\p{White_Space}\\u2800",
    replace: "\\p{White_Space}\\u2800",
    test: {
      file: contract("visible/visible.test.ts"),
      name: "S10 every code point is printed as itself because it has ink, or by its name",
    },
  },
  {
    name: "a run of blanks is folded",
    file: contract("visible/visible.ts"),
    find: ": counted(piece);",
    replace: `: " ";`,
    test: {
      file: contract("visible/visible.test.ts"),
      name: "S10 with several lines, what indents one stays, and nothing else moves text out of sight",
    },
  },
];
