import { Fault, type FaultCode } from "@mh/contract/values/fault.ts";
import type { ReadWhen } from "../memory/extract/when.ts";
import { decodeLossy } from "../ports/bytes.ts";
import type { OpenCaldav } from "../ports/caldav.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Http } from "../ports/http.ts";
import type { Secrets } from "../ports/secrets.ts";
import { askAs, failed } from "./ask.ts";
import type { CalendarSource } from "./settings.ts";

/** What calendar skills need of the world. */
export interface CalendarDeps {
  http: Http;
  secrets: Secrets;
  crypto: Crypto;
  timeZone: () => string;
  files: CalendarFiles;
  /** Loaded at first use. */
  readWhen: () => Promise<ReadWhen>;
  caldav: () => Promise<OpenCaldav>;
}

/** Calendar files: relative to the home, or anywhere on this machine. */
export interface CalendarFiles {
  read(file: string): Uint8Array | undefined;
  /** Atomic; in the home only. */
  replace(file: string, bytes: Uint8Array): void;
  /** Absolute, in the one form that rules know it by. */
  pathOf(file: string): string;
}

const bytesMax = 10_000_000;

export interface CalendarText {
  text: string;
  /** The version that a change is made from, where there is one. */
  etag?: string | undefined;
}

/** The iCalendar texts of one calendar: of a CalDAV collection those of the events that touch the stretch of time. */
export async function calendarTexts(
  deps: CalendarDeps,
  source: CalendarSource,
  { fromMs, toMs }: { fromMs: number; toMs: number },
  signal: AbortSignal,
): Promise<CalendarText[]> {
  if (source.caldav !== undefined) {
    const open = await deps.caldav();
    return open(source.caldav, askAs(deps, source, signal)).between(fromMs, toMs);
  }
  if (source.url !== undefined) {
    const { body } = await askAs(deps, source, signal)({ method: "GET", url: source.url });
    return [{ text: calendarText(source, body) }];
  }
  const file = source.file ?? "";
  const bytes = deps.files.read(file);
  if (bytes === undefined) throw failed(source, `there is no file ${file}`, "Correct its path in config.yaml");
  return [{ text: calendarText(source, bytes), etag: `"${deps.crypto.sha256Hex(bytes)}"` }];
}

function calendarText(source: CalendarSource, bytes: Uint8Array): string {
  if (bytes.length > bytesMax) throw failed(source, "it is larger than 10 MB", "Split it");
  const text = decodeLossy(bytes);
  if (/^\uFEFF?\s*BEGIN:VCALENDAR\s/i.test(text)) return text;
  throw failed(source, "what is there is no calendar (RFC 5545)", "Correct its address in config.yaml");
}

export interface WhyNot {
  code: FaultCode;
  reason: string;
}

/** Why a calendar cannot be read, as its owner is told; what was cancelled is thrown on. */
export function whyNot(source: CalendarSource, error: unknown, signal: AbortSignal): WhyNot {
  if (signal.aborted) throw error;
  const { code, message } =
    error instanceof Fault ? error : failed(source, "what it answered cannot be read", "Check its address");
  return { code, reason: message.startsWith("Calendar ") ? message : `Calendar ${source.name}: ${message}` };
}
