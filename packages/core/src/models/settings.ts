import { currencySchema } from "@mh/contract/values/currency.ts";
import { type ModelKind, type ModelReach, modelKinds, modelNameSchema } from "@mh/contract/values/model.ts";
import { z } from "zod";
import { isLoopback } from "../model/loopback.ts";
import { haveNamesOfTheirOwn, passwordlessUrl } from "../model/settings-values.ts";
import { defineSettings } from "../settings/section.ts";

/** Where each kind of server usually is. A server like OpenAI's may be anywhere. */
const usualUrls: Partial<Record<ModelKind, string>> = {
  ollama: "http://127.0.0.1:11434",
  openai: "https://api.openai.com/v1",
  anthropic: "https://api.anthropic.com/v1",
};

const isPaid = (kind: ModelKind): boolean => kind === "openai" || kind === "anthropic";

/** A key is never written here: `secret` names one that `mh secret set` keeps outside the home. */
const candidateSchema = z
  .looseObject({
    name: modelNameSchema,
    kind: z.enum(modelKinds),
    model: z.string().min(1),
    url: passwordlessUrl("name it with `secret`").optional(),
    secret: z.string().optional(),
    contextTokens: z.number().int().min(512).default(8_192),
    /** It makes vectors, and is not asked to talk. */
    embeds: z.boolean().default(false),
    price: z
      .looseObject({
        input: z.number().nonnegative(),
        output: z.number().nonnegative(),
        currency: currencySchema,
      })
      .optional(),
  })
  .refine(({ kind, url }) => (url ?? usualUrls[kind]) !== undefined, {
    error: "nobody knows where its server is: `--url http://localhost:8000/v1`, or url",
  })
  .refine(({ kind, secret }) => !isPaid(kind) || secret !== undefined, {
    error: "it needs a key: `mh secret set NAME` keeps one, and `--secret NAME`, or secret, names it",
  })
  .refine(({ kind, price }) => !isPaid(kind) || price !== undefined, {
    error:
      "what it costs is reserved before it is asked: `--price '3/15 EUR'`, or price: { input: 3, output: 15, currency: EUR }, for a million tokens",
  })
  .transform((candidate) => ({ ...candidate, url: candidate.url ?? usualUrls[candidate.kind] ?? "" }));
/** A model that may be asked. */
export type Candidate = z.output<typeof candidateSchema>;

/** The models that may be asked, in the order in which they are, and whether those on other machines may be at all. */
export const modelSettings = defineSettings(
  "models",
  z
    .looseObject({
      cloud: z.boolean().default(false),
      use: z.array(candidateSchema).refine(haveNamesOfTheirOwn, { error: "two models have the same name" }).default([]),
    })
    .prefault({}),
  { values: ["cloud"], named: ["use"], isFree: (key, value) => key === "cloud" && value !== true },
);

/** A candidate as a command gives it, checked like one of the settings. */
export const candidateOf = (given: z.input<typeof candidateSchema>): Candidate => candidateSchema.parse(given);

export const hostOf = ({ url }: Pick<Candidate, "url">): string => new URL(url).hostname.toLowerCase();

/** Where its words end up: at the host that is asked and, of a model that an Ollama only passes on, at Ollama's cloud. */
export function hostsOf(candidate: Pick<Candidate, "url" | "kind" | "model">): string[] {
  const isPassedOn = candidate.kind === "ollama" && /[:-]cloud$/i.test(candidate.model);
  return [hostOf(candidate), ...(isPassedOn ? ["ollama.com"] : [])];
}

/** What becomes of what it is asked. */
export function reachOf(candidate: Pick<Candidate, "url" | "kind" | "model" | "price">): ModelReach {
  if (candidate.price !== undefined) return "spend";
  return isElsewhere(candidate) ? "send" : "local";
}

/** Whether asking it leaves this machine. */
export const isElsewhere = (candidate: Pick<Candidate, "url" | "kind" | "model">): boolean =>
  !hostsOf(candidate).every(isLoopback);

/** The URL of a server of a kind where none is given. */
export const usualUrl = (kind: ModelKind): string | undefined => usualUrls[kind];
