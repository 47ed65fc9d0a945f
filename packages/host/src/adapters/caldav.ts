import { Fault } from "@mh/contract/values/fault.ts";
import { decodeLossy } from "@mh/core/ports/bytes.ts";
import type { Ask, CalendarObject, OpenCaldav } from "@mh/core/ports/caldav.ts";
import type { HttpRequest } from "@mh/core/ports/http.ts";
import { calendarQuery, createCalendarObject, updateCalendarObject } from "tsdav";

const depthMax = 5_000;
const brokenMax = 10_000;
const props = { "d:getetag": {}, "c:calendar-data": {} };

/** CalDAV by tsdav, which speaks to the world through `ask` only. */
export const openCaldav: OpenCaldav = (url, ask) => {
  const fetch = fetchBy(ask);
  const query = async (event: Record<string, unknown>): Promise<CalendarObject[]> => {
    const filters = {
      "comp-filter": {
        _attributes: { name: "VCALENDAR" },
        "comp-filter": { _attributes: { name: "VEVENT" }, ...event },
      },
    };
    const found = await calendarQuery({ url, props, filters, depth: "1", fetch });
    return found.flatMap(({ href, props }) => {
      const text = textOf(props?.calendarData);
      if (href === undefined || text === undefined) return [];
      return [{ url: new URL(href, url).href, etag: textOf(props?.getetag), text }];
    });
  };
  return {
    between: (fromMs, toMs) => query({ "time-range": { _attributes: { start: stamp(fromMs), end: stamp(toMs) } } }),
    async withUid(uid) {
      const match = { "text-match": { _attributes: { collation: "i;octet" }, _text: uid } };
      const found = await query({ "prop-filter": { _attributes: { name: "UID" }, ...match } });
      // A server may match a part of it.
      return found.find(({ text }) => unfolded(text).some((line) => line.trimEnd() === `UID:${uid}`));
    },
    async create(filename, iCalString) {
      const answer = await createCalendarObject({ calendar: { url }, filename, iCalString, fetch });
      return answer.ok ? { etag: answer.headers.get("etag") ?? undefined } : "taken";
    },
    async replace({ url, etag }, data) {
      const answer = await updateCalendarObject({ calendarObject: { url, data, ...(etag && { etag }) }, fetch });
      return answer.ok ? { etag: answer.headers.get("etag") ?? undefined } : "changed";
    },
  };
};

function fetchBy(ask: Ask): typeof globalThis.fetch {
  return async (input, init = {}) => {
    const headers = Object.fromEntries(new Headers(init.headers).entries());
    const {
      status,
      headers: answered,
      body,
    } = await ask({
      method: (init.method ?? "GET") as HttpRequest["method"],
      url: String(input),
      headers,
      ...(typeof init.body === "string" && { body: init.body }),
    });
    if (isBeyondParsing(body))
      throw new Fault("calendar.failed", `${new URL(String(input)).host} answered with what is no calendar's XML.`);
    const isBare = status === 204 || status === 304;
    return new Response(isBare ? null : Uint8Array.from(body), { status, headers: answered });
  };
}

/** Whether XML is nested, or broken, beyond all measure: the parser would spend minutes on it. */
function isBeyondParsing(body: Uint8Array): boolean {
  let [depth, broken] = [0, 0];
  for (const [mark] of decodeLossy(body).matchAll(/<[\w:]|<\/|\/>|<[!?]|</g)) {
    if (mark === "<") broken += 1;
    else if (mark === "</" || mark === "/>") depth -= 1;
    else if (mark !== "<!" && mark !== "<?") depth += 1;
    if (depth > depthMax || broken > brokenMax) return true;
  }
  return false;
}

/** tsdav gives an element's text as it is, or beside its attributes, or as CDATA. */
function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  const { _text, _cdata } = (value ?? {}) as { _text?: unknown; _cdata?: unknown };
  const text = _cdata ?? _text;
  return text === undefined ? undefined : [text].flat().map(String).join("");
}

/** RFC 5545 §3.1. */
const unfolded = (text: string): string[] => text.replace(/\r?\n[ \t]/g, "").split(/\r?\n/);
const stamp = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
