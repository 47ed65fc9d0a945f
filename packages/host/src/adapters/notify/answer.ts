import { Fault } from "@mh/contract/values/fault.ts";
import type { HttpResponse } from "@mh/core/ports/http.ts";
import type { Secrets } from "@mh/core/ports/secrets.ts";

/** For every request to a channel. */
export const limits = { timeoutMs: 10_000, bytesMax: 64 * 1024 };

/** Throws where a server did not take what was sent. What it wrote is not quoted: it may hold the token it was sent. */
export function expectTaken(name: string, { status }: HttpResponse, secret?: string): void {
  if (status >= 200 && status < 300) return;
  throw new Fault("notify.failed", `${name} answered ${status}${meaning(status, secret)}.`);
}

function meaning(status: number, secret: string | undefined): string {
  if (status === 401 || status === 403) {
    return secret
      ? `: it does not accept the secret ${secret}; \`mh secret set ${secret}\` renews it`
      : ": it wants a token";
  }
  if (status === 429) return ": too many in a short time";
  if (status >= 300 && status < 400) return ": it moved; correct its address in config.yaml";
  return status >= 500 ? ": it has trouble of its own" : "";
}

/** The header for a token. One that holds more than a token is refused, not sent. */
export async function bearer(secrets: Secrets, name: string): Promise<string> {
  const token = (await secrets.read(name)).trim();
  if (/^[\x21-\x7e]+$/.test(token)) return `Bearer ${token}`;
  throw new Fault("notify.failed", `The secret ${name} is no token. \`mh secret set ${name}\` corrects it.`);
}
