import { Fault } from "@mh/contract/values/fault.ts";
import { parseWebUrl } from "@mh/contract/values/web-url.ts";
import type { Classification } from "../kernel/skill.ts";
import type { Http } from "../ports/http.ts";

/** What a URL of the open web gave. */
export interface WebAnswer {
  /** Where it came from in the end. */
  url: string;
  /** The media type in lower case, without parameters; empty where none was named. */
  type: string;
  /** The `charset` that the server named. */
  charset: string | undefined;
  body: Uint8Array;
}

/** It leads to another host, which nobody has judged: whoever wants it asks anew. */
export interface Elsewhere {
  url: string;
  redirect: string;
}

const redirectsMax = 5;
const timeoutMs = 20_000;
const bytesMax = 5_000_000;

/** How a skill that reads one URL is classified: its address leaves the machine, and its host is what it touches. */
export function classifyFetch({ url }: { url: string }): Classification {
  return { effect: "fetch", risk: "low", scope: { hosts: [parseWebUrl(url).hostname] } };
}

/**
 * Reads a URL of the open Internet. Redirects are followed as long as they stay on the host that was judged and do not
 * fall back from https to http; every hop is judged anew by its address.
 */
export async function getFromWeb(
  http: Http,
  request: { url: string; accept: string; headers?: Record<string, string>; signal: AbortSignal },
): Promise<WebAnswer | Elsewhere> {
  const headers = { accept: request.accept, "user-agent": "mh", ...request.headers };
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]);
  let at = parseWebUrl(request.url);
  for (let redirects = 0; redirects <= redirectsMax; redirects += 1) {
    const url = at.href;
    const answer = await http.request({ method: "GET", url, headers, reach: "public", timeoutMs, bytesMax, signal });
    const next = redirectOf(answer, at);
    if (!next) return { url, ...mediaTypeOf(answer.headers["content-type"]), body: answered(answer, at) };
    const fallsBack = at.protocol === "https:" && next.protocol === "http:";
    if (next.hostname !== at.hostname || fallsBack) return { url, redirect: next.href };
    at = next;
  }
  throw new Fault("http.failed", `${at.host} redirects more than ${redirectsMax} times. Ask for another URL.`);
}

type Answer = Awaited<ReturnType<Http["request"]>>;

function redirectOf({ status, headers }: Answer, from: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(status) || !headers.location) return undefined;
  return parseWebUrl(URL.parse(headers.location, from.href)?.href ?? "");
}

function answered({ status, body }: Answer, { host }: URL): Uint8Array {
  if (status >= 200 && status < 300) return body;
  throw new Fault("http.failed", `${host} answered with status ${status}. Look whether the URL is right.`);
}

function mediaTypeOf(header = ""): Pick<WebAnswer, "type" | "charset"> {
  const [type = "", ...parameters] = header.split(";").map((part) => part.trim());
  const charset = parameters.map((each) => /^charset\s*=\s*"?([\w.:-]+)"?$/i.exec(each)?.[1]).find(Boolean);
  return { type: type.toLowerCase(), charset };
}
