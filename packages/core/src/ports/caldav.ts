import type { HttpRequest, HttpResponse } from "./http.ts";

/** One file of a CalDAV collection: an event with all its occurrences (RFC 4791 §4.1). */
export interface CalendarObject {
  url: string;
  etag: string | undefined;
  text: string;
}

/** A request to the server of one calendar, with its password; what is no answer to work with is thrown. */
export type Ask = (request: Pick<HttpRequest, "method" | "url" | "headers" | "body">) => Promise<HttpResponse>;

/** One CalDAV collection (RFC 4791). */
export interface Caldav {
  /** What has an occurrence between two instants, whole. */
  between(fromMs: number, toMs: number): Promise<CalendarObject[]>;
  withUid(uid: string): Promise<CalendarObject | undefined>;
  /** Only where there is no such file and no such event. */
  create(name: string, text: string): Promise<{ etag: string | undefined } | "taken">;
  /** Only where it still is what `object` says. */
  replace(object: CalendarObject, text: string): Promise<{ etag: string | undefined } | "changed">;
}

/** `url` is the collection's; everything goes through `ask`. */
export type OpenCaldav = (url: string, ask: Ask) => Caldav;
