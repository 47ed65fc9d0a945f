import { z } from "zod";
import { defineContract } from "./contract.ts";
import { once } from "./once.ts";
import { reasonSchema } from "./persona.ts";
import { personaSections } from "./values/persona-sections.ts";

const filesSchema = () =>
  z
    .array(
      z.strictObject({
        name: z.string().min(1).max(500).describe("Its name, as in USER.md"),
        text: z.string().max(200_000).describe("What it says, as Markdown"),
      }),
    )
    .min(1)
    .max(50)
    .describe("Files that tell of you, from wherever");

export const personaImportLineSchema = once(() =>
  z.strictObject({
    file: z.string(),
    line: z.number().int(),
    text: z.string(),
    section: z.enum(personaSections).nullable().describe("The part it belongs to; null where it is left out"),
    state: z
      .enum(["new", "known", "conflict", "left out"])
      .describe(
        "`conflict`: something else stands there, and stays; `left out`: it is said to a machine, or of nobody",
      ),
    why: z.string().describe("Why there, or why not"),
    against: z.string().nullable().describe("Of a conflict: what stands there"),
  }),
);
export type PersonaImportLine = z.infer<ReturnType<typeof personaImportLineSchema>>;

export const personaPreview = defineContract({
  name: "persona.preview",
  kind: "query",
  title: "See what an import of files would make of your persona",
  input: () => z.strictObject({ files: filesSchema() }),
  output: () => z.strictObject({ lines: z.array(personaImportLineSchema()).describe("As they stand in the files") }),
  examples: [
    {
      title: "One file",
      args: { files: [{ name: "USER.md", text: "# About\n\n- Name: Ada\n\n## Values\n\n- Calm" }] },
    },
  ],
  provenance: { private: true },
});

export const personaImport = defineContract({
  name: "persona.import",
  kind: "own",
  title: "Take files that tell of you into your persona",
  input: () => z.strictObject({ files: filesSchema(), reason: reasonSchema() }),
  output: () =>
    z.strictObject({
      written: z
        .array(z.strictObject({ section: z.enum(personaSections), path: z.string(), lines: z.number().int() }))
        .describe("What was written, all as one change; nothing where all of it stands there already"),
      lines: z.array(personaImportLineSchema()).describe("What became of each line"),
    }),
  examples: [{ title: "One file", args: { files: [{ name: "USER.md", text: "## Values\n\n- Calm before speed" }] } }],
  event: "persona.updated",
  control: ["files"],
});
