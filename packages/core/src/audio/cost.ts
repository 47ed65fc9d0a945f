import { minorOf } from "@mh/contract/values/money.ts";
import type { Sound, Transcript } from "../ports/transcriber.ts";
import type { AudioServer } from "./settings.ts";

/** The most that a second of sound takes: 192 kHz of 32 bits in stereo. */
const bytesPerSecond = 1_536_000;
/** The most that anybody says in a second. */
const charactersPerSecond = 40;

/** What some minutes cost, in the smallest unit of its currency; undefined where the server is free. */
export const minorFor = ({ price }: Pick<AudioServer, "price">, minutes: number): number | undefined =>
  price && minorOf(price.minute * minutes, price.currency);

/**
 * How long a server says that a recording is, and never less than what can be seen of the file and of the text: an allowance
 * does not rest on its word. Undefined where it does not say.
 */
export function minutesCounted({ bytes }: Sound, { seconds, text }: Transcript): number | undefined {
  if (seconds === undefined) return undefined;
  return Math.max(seconds, bytes.length / bytesPerSecond, text.length / charactersPerSecond) / 60;
}
