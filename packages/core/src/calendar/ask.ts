import { Fault } from "@mh/contract/values/fault.ts";
import { isLoopback } from "../model/loopback.ts";
import { utf8 } from "../ports/bytes.ts";
import type { Ask } from "../ports/caldav.ts";
import type { Http } from "../ports/http.ts";
import type { Secrets } from "../ports/secrets.ts";
import type { CalendarSource } from "./settings.ts";

const timeoutMs = 20_000;
const bytesMax = 10_000_000;
const redirectsMax = 3;

export interface AskDeps {
  http: Http;
  secrets: Secrets;
}

/**
 * Speaks to the server of one calendar. The password goes nowhere else: a redirect is followed on the same host only,
 * and never from https to http.
 */
export function askAs(deps: AskDeps, source: CalendarSource, signal: AbortSignal): Ask {
  const allowed = new URL(source.url ?? source.caldav ?? "");
  return async ({ method, url, headers, body }) => {
    let target = new URL(url, allowed);
    if (!isSame(allowed, target))
      throw failed(source, `${allowed.host} sends to ${target.host}`, "Set its own address");
    for (let redirects = 0; ; redirects += 1) {
      const answer = await deps.http.request({
        ...{ method, url: target.href, reach: "any", timeoutMs, bytesMax, signal },
        headers: { ...headers, ...(await authorization(deps.secrets, source, target)) },
        ...(body !== undefined && { body }),
      });
      const { status } = answer;
      const to = status >= 300 && status < 400 ? answer.headers.location : undefined;
      if (to === undefined) return checked(source, answer);
      const next = URL.canParse(to, target.href) ? new URL(to, target.href) : undefined;
      if (!next || !isSame(target, next) || redirects >= redirectsMax) {
        throw failed(source, `${target.host} sends on to ${next?.host ?? "nowhere"}`, "Set the address it leads to");
      }
      target = next;
    }
  };
}

/** The same host, at the same port; from http to https where both are the usual ones. */
function isSame(from: URL, to: URL): boolean {
  const isSecured = from.protocol === "http:" && to.protocol === "https:" && from.port === "" && to.port === "";
  return from.hostname === to.hostname && ((from.protocol === to.protocol && from.port === to.port) || isSecured);
}

async function authorization(secrets: Secrets, source: CalendarSource, url: URL): Promise<Record<string, string>> {
  if (source.secret === undefined) return {};
  if (url.protocol !== "https:" && !isLoopback(url.hostname)) {
    throw failed(source, "its password would go over plain http", "Use its https address");
  }
  const secret = await secrets.read(source.secret);
  if (source.user === undefined) return { authorization: `Bearer ${secret}` };
  const bytes = utf8.encode(`${source.user}:${secret}`);
  return { authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` };
}

function checked(source: CalendarSource, answer: Awaited<ReturnType<Ask>>): Awaited<ReturnType<Ask>> {
  const { status } = answer;
  // 412 and 409 say that something else stands there: that is for the caller.
  if ((status >= 200 && status < 300) || status === 412 || status === 409) return answer;
  if (status === 401 && source.secret) {
    throw failed(source, "the server refuses the user or the password", `\`mh secret set ${source.secret}\``);
  }
  if (status === 401 || status === 403) throw failed(source, `the server says no (${status})`, "Check user and secret");
  if (status === 404) throw failed(source, "there is nothing at its address (404)", "Correct it in config.yaml");
  throw failed(source, `the server answered ${status}`, "Try again later");
}

/** `next` is what the person can do about it. */
export function failed(source: CalendarSource, what: string, next: string, cause?: unknown): Fault {
  return new Fault("calendar.failed", `Calendar ${source.name}: ${what}. ${next}.`, { cause });
}
