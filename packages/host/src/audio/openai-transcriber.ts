import { Fault } from "@mh/contract/values/fault.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import type { AudioServer } from "@mh/core/audio/settings.ts";
import { decodeLossy } from "@mh/core/ports/bytes.ts";
import type { Http } from "@mh/core/ports/http.ts";
import type { Sound, Transcriber, Transcript } from "@mh/core/ports/transcriber.ts";
import { z } from "zod";

const answerBytesMax = 20_000_000;
const textCharsMax = 1_000_000;

/**
 * A server that speaks OpenAI's protocol for transcription (POST /audio/transcriptions, multipart form). What it answers is
 * data from outside: read by a schema, and times that cannot be are left out with a remark.
 */
export function openAiTranscriber(
  http: Http,
  { url, model, patienceMs }: AudioServer,
  key: string | undefined,
): Transcriber {
  return {
    async transcribe(sound, signal) {
      const form = formOf(sound, model);
      const { status, body } = await http.request({
        ...{
          url: `${url.replace(/\/+$/, "")}/audio/transcriptions`,
          method: "POST",
          body: form.body,
          reach: "any",
          signal,
        },
        headers: {
          "content-type": `multipart/form-data; boundary=${form.boundary}`,
          ...(key !== undefined && { authorization: `Bearer ${key}` }),
        },
        ...{ timeoutMs: patienceMs, bytesMax: answerBytesMax },
      });
      if (status !== 200) throw refused(new URL(url).host, status, decodeLossy(body));
      return transcriptOf(decodeLossy(body));
    },
  };
}

/** RFC 7578. The boundary is none of the file's bytes: it is looked for. */
function formOf({ bytes, mediaType, name, language }: Sound, model: string): { boundary: string; body: Uint8Array } {
  let boundary = "mh-recording";
  for (let n = 0; Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(boundary); n += 1)
    boundary = `mh-recording-${n}`;
  const fields = { model, response_format: "verbose_json", ...(language && { language }) };
  const parts = Object.entries(fields).map(
    ([field, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`,
  );
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: ${mediaType}\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(parts.join("") + head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return { boundary, body };
}

const answerSchema = z.looseObject({
  text: z.string(),
  language: z.string().max(40).optional().catch(undefined),
  duration: z.coerce.number().nonnegative().finite().optional().catch(undefined),
  segments: z
    .array(z.looseObject({ start: z.number(), end: z.number(), text: z.string() }))
    .optional()
    .nullable()
    .catch(null),
});

/** Throws `audio.failed` where it is no transcript. */
function transcriptOf(answer: string): Transcript {
  const { text, language, duration: seconds, segments } = parsed(answer);
  const words = text.toWellFormed().replaceAll("\0", "").trim();
  if (words === "")
    throw new Fault("audio.failed", "The server heard no word in it. Listen to it, and ingest it again.");
  if (words.length > textCharsMax)
    throw new Fault("audio.failed", "The text is longer than a million characters. Cut the recording into pieces.");
  const times = segments?.map(({ start, end, text: said }) => ({
    from: start,
    to: end,
    text: said.toWellFormed().trim(),
  }));
  const isSound = times === undefined || areTimes(times, seconds);
  return {
    ...{ text: words, language, seconds },
    ...(times !== undefined && isSound && times.length > 0 && { segments: times }),
    ...((segments === null || !isSound) && {
      remark: "The times that the server gave make no sense, and were left out.",
    }),
  };
}

function parsed(answer: string): z.output<typeof answerSchema> {
  try {
    return answerSchema.parse(JSON.parse(answer));
  } catch (cause) {
    const began = visible(answer.slice(0, 80)).trim();
    const message = `The server answered with something that is no transcript (${began || "nothing"}). Is audio.url right?`;
    throw new Fault("audio.failed", message, { cause });
  }
}

const segmentsMax = 20_000;

/** In order, none of them before the beginning or long after the end. */
function areTimes(times: NonNullable<Transcript["segments"]>, seconds: number | undefined): boolean {
  const end = seconds === undefined ? Number.MAX_SAFE_INTEGER : seconds + 60;
  const isOrdered = times.every(({ from, to }, n) => from >= (times[n - 1]?.from ?? 0) && to >= from && to <= end);
  return isOrdered && times.length <= segmentsMax;
}

const nextSteps: Record<number, string> = {
  401: "Its key is wrong or missing: `mh secret set` corrects it, and audio.secret names it",
  403: "Its key does not allow that: `mh secret set` puts another in its place",
  404: "Is audio.url right? It ends before /audio/transcriptions",
  413: "It is too large for that server: cut the recording into pieces, or compress it",
  415: "That server does not take this kind of file: convert it to mp3",
};

/** One that has no time now may have some later. */
function refused(host: string, status: number, text: string): Fault {
  const said = visible(messageIn(text).slice(0, 300)).trim().replace(/\.$/, "");
  const isLater = status === 429 || status >= 500;
  const next = nextSteps[status] ?? (isLater ? "It is asked again" : "Its own log says more");
  return new Fault(
    isLater ? "http.failed" : "audio.failed",
    `${host} answered ${status}${said && `: ${said}`}. ${next}.`,
  );
}

function messageIn(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: string | { message?: string } };
    return (typeof error === "string" ? error : error?.message) ?? text;
  } catch {
    // It is no JSON: the text is reported as it is.
    return text;
  }
}
