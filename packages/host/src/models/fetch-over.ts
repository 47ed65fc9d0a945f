import { Fault } from "@mh/contract/values/fault.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { decodeLossy } from "@mh/core/ports/bytes.ts";
import type { Http, HttpRequest } from "@mh/core/ports/http.ts";

/** A model may think for minutes before its first word. */
const silenceMsMax = 5 * 60_000;
const bytesMax = 50_000_000;
const errorBytesMax = 2_000;

/**
 * `fetch` for libraries that speak to models: over the port that was held to the settings' hosts, with no redirect
 * followed. An answer that is no success throws `model.failed`, so that no library reports it in its own way.
 */
export function fetchOver(http: Http, signal: AbortSignal): typeof fetch {
  return async (input, init = {}) => {
    const url = input instanceof Request ? input.url : String(input);
    const answer = await http.stream({
      url,
      method: (init.method ?? "GET") as HttpRequest["method"],
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(init.body != null && { body: bodyOf(init.body) }),
      reach: "any",
      timeoutMs: silenceMsMax,
      bytesMax,
      signal: init.signal ? AbortSignal.any([signal, init.signal]) : signal,
    });
    const { status, headers, body } = answer;
    if (status !== 200) throw refused(new URL(url).host, status, await beginningOf(body));
    return new Response(ReadableStream.from(body) as ReadableStream, { status, headers });
  };
}

function bodyOf(body: unknown): string | Uint8Array {
  if (typeof body === "string" || body instanceof Uint8Array) return body;
  throw new Error(`A request's body is text, not ${typeof body}.`);
}

/** A refusal of a server as a fault: what it reported, and the next step. */
function refused(host: string, status: number, text: string): Fault {
  const said = messageIn(text);
  const next = nextSteps[status] ?? (status >= 500 ? "Its own log says more" : "`mh model test` tries it again");
  return new Fault("model.failed", `${host} answered ${status}${said && `: ${said}`}. ${next}.`);
}

const nextSteps: Record<number, string> = {
  401: "Its key is wrong or missing: `mh secret set` corrects it",
  403: "Its key does not allow that: `mh secret set` puts another in its place",
  404: "`mh model list --served` shows the models that it has",
  429: "It takes no more requests now, or the account is empty",
};

/** Errors are `{ error: "…" }` of Ollama, `{ error: { message } }` of the others. */
function messageIn(text: string): string {
  let said = text;
  try {
    const { error } = JSON.parse(text) as { error?: string | { message?: string } };
    said = (typeof error === "string" ? error : error?.message) ?? text;
  } catch {
    // It is no JSON: the text is reported as it is.
  }
  return visible(said.slice(0, 300)).trim().replace(/\.$/, "");
}

async function beginningOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > errorBytesMax) break;
  }
  return decodeLossy(Buffer.concat(chunks));
}
