import { currencySchema } from "@mh/contract/values/currency.ts";
import { z } from "zod";
import type { Config } from "../model/config.ts";
import { isLoopback } from "../model/loopback.ts";
import { passwordlessUrl } from "../model/settings-values.ts";
import { defineSettings } from "../settings/section.ts";

/**
 * Where recordings are transcribed: one server that speaks OpenAI's protocol. `url` ends before `/audio/transcriptions`. One
 * on another machine is asked only with `cloud`.
 */
export const audioSettings = defineSettings(
  "audio",
  z
    .looseObject({
      url: passwordlessUrl("name it with `secret`").optional(),
      model: z.string().min(1).max(200).default("whisper-1"),
      secret: z.string().max(64).optional(),
      cloud: z.boolean().default(false),
      language: z.string().max(20).optional(),
      inbox: z.string().startsWith("/", { error: "the inbox is an absolute path" }).max(4_000).optional(),
      megabytesMax: z.number().positive().max(1_000).default(100),
      minutesMax: z.number().positive().max(1_440).default(180),
      patienceMinutes: z.number().positive().max(1_440).default(30),
      price: z.looseObject({ minute: z.number().nonnegative(), currency: currencySchema }).optional(),
    })
    .prefault({}),
  {
    values: ["url", "secret", "cloud", "inbox", "price"],
    isFree: (key, value) => value === undefined || (key === "cloud" && value === false),
  },
);

export interface AudioServer {
  url: string;
  host: string;
  model: string;
  secret?: string | undefined;
  price?: { minute: number; currency: string } | undefined;
  isElsewhere: boolean;
  minutesMax: number;
  patienceMs: number;
}

/** The server that may be asked; undefined where none is set up, or where it is on another machine and that is off. */
export function serverIn(config: Config): AudioServer | undefined {
  const { url, model, secret, price, cloud, minutesMax, patienceMinutes } = audioSettings.of(config);
  if (url === undefined) return undefined;
  const host = new URL(url).hostname.toLowerCase();
  const isElsewhere = !isLoopback(host);
  if (isElsewhere && !cloud) return undefined;
  return { url, host, model, secret, price, isElsewhere, minutesMax, patienceMs: patienceMinutes * 60_000 };
}

/** Why no server is asked, with the next step; undefined where one is. */
export function whyNoServer(config: Config): string | undefined {
  if (serverIn(config)) return undefined;
  const { url } = audioSettings.of(config);
  if (url === undefined)
    return "No transcription server is set up: it waits. `mh config set audio.url http://127.0.0.1:8000/v1` names one";
  return `${new URL(url).hostname} is another machine, and its use is off: it waits. \`mh config set audio.cloud true\` says that recordings may leave`;
}
