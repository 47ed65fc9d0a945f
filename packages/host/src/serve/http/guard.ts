import type { AllowedHosts } from "./allowed-hosts.ts";

/** Why a request is turned away before anything of it is looked at. */
export interface Refusal {
  status: 400 | 403 | 405 | 421;
  message: string;
}

export interface RawRequest {
  method?: string | undefined;
  url?: string | undefined;
  /** Names and values in turn, as they came. */
  rawHeaders: readonly string[];
}

const onlyOnce = ["host", "origin", "authorization", "content-type", "content-length", "last-event-id"];

/**
 * Whether a request may come from where it says it comes: called by a name that is allowed (against DNS rebinding), and
 * not by a page of another origin (against requests across sites). Looks at the headers as they were sent.
 */
export function refusalOf(request: RawRequest, allowed: AllowedHosts): Refusal | undefined {
  const headers = collect(request.rawHeaders);
  return malformed(request, headers) ?? wrongHost(headers, allowed) ?? fromElsewhere(headers, allowed);
}

/** Over the home's own socket no browser and no proxy speaks; who does is not the owner's program. */
export function localRefusalOf(request: RawRequest): Refusal | undefined {
  const headers = collect(request.rawHeaders);
  const foreign = ["origin", "sec-fetch-site", "forwarded", "x-forwarded-for", "via"].find((name) => headers.has(name));
  const message = `The home's socket is for programs of this machine; ${foreign} says that a browser or a proxy asks.`;
  return malformed(request, headers) ?? (foreign ? { status: 403, message } : undefined);
}

function collect(rawHeaders: readonly string[]): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (let n = 0; n + 1 < rawHeaders.length; n += 2) {
    const name = (rawHeaders[n] as string).toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), rawHeaders[n + 1] as string]);
  }
  return headers;
}

function malformed({ method, url = "" }: RawRequest, headers: Map<string, string[]>): Refusal | undefined {
  if (!["GET", "HEAD", "POST"].includes(method ?? "") && !(method === "DELETE" && url.startsWith("/v1/runs/")))
    return { status: 405, message: "Only GET and POST are answered, and DELETE of a run." };
  if (!url.startsWith("/") || url.startsWith("//")) {
    return { status: 400, message: "The target of a request is a path, as in /v1/command." };
  }
  const twice = onlyOnce.find((name) => (headers.get(name)?.length ?? 0) > 1);
  return twice ? { status: 400, message: `The header ${twice} may stand only once.` } : undefined;
}

function wrongHost(headers: Map<string, string[]>, { hosts }: AllowedHosts): Refusal | undefined {
  const [host = ""] = headers.get("host") ?? [];
  if (hosts.has(host.toLowerCase())) return undefined;
  return {
    status: 421,
    message: "This server has no such name. Names that it may have stand in config.yaml, daemon.hosts.",
  };
}

function fromElsewhere(headers: Map<string, string[]>, { origins }: AllowedHosts): Refusal | undefined {
  const [host = ""] = headers.get("host") ?? [];
  const [origin] = headers.get("origin") ?? [];
  const [site] = headers.get("sec-fetch-site") ?? [];
  const isForeign = origin !== undefined && origins.get(origin) !== host.toLowerCase();
  const isAcross = site !== undefined && site !== "same-origin" && site !== "none";
  return isForeign || isAcross ? { status: 403, message: "Pages of other sites are not answered." } : undefined;
}
