import { Fault } from "@mh/contract/values/fault.ts";

// Storage belongs to this very scheme, address and port. A cookie of 127.0.0.1 would go to every port of the machine.
const key = "mh-session";

interface Session {
  token: string;
  /** ISO 8601; a device's own token has no end. */
  until?: string;
}

/** The request that a link leads to. */
export function linkedRequest(): string | undefined {
  const carried = new URLSearchParams(location.hash.slice(1));
  return /^[0-9a-f-]{36}$/.exec(carried.get("approval") ?? "")?.[0];
}

/** Takes what a link carries out of the address at once, and signs in with it. Nothing else of the address is read. */
export async function takeLink(): Promise<void> {
  const carried = new URLSearchParams(location.hash.slice(1));
  const [code, token] = [carried.get("code"), carried.get("token")];
  if (location.hash !== "") history.replaceState(null, "", location.pathname);
  if (code === null && token === null) return;
  if (token !== null) return takeToken(token);
  const answer = await post("/v1/session", { code });
  const body = await answer.json();
  // A browser that is signed in stays so, though it was sent an old link.
  if (answer.ok) keep(body as Session);
  else if (!kept()) throw new Fault("daemon.refused", body.fault.message);
}

/** A link may come from anybody: what is no token here signs nobody out. */
async function takeToken(token: string): Promise<void> {
  const answer = await post("/v1/query", { skill: "home.status", args: {} }, token);
  if (answer.ok) keep({ token });
  else if (!kept()) throw new Fault("daemon.refused", (await answer.json()).fault.message);
}

/** Signs in with what the daemon gave, as for a passkey. */
export async function signInBy(passkey: object): Promise<void> {
  const answer = await post("/v1/session", { passkey });
  const body = await answer.json();
  if (!answer.ok) throw new Fault("daemon.refused", body.fault.message);
  keep(body as Session);
}

export const sessionToken = (): string | undefined => kept()?.token;
export const signOut = (): void => localStorage.removeItem(key);

/** Gets a new session when half of the time is over, so that a browser that is used now and then stays signed in. */
export async function renew(): Promise<void> {
  const session = kept();
  const halfMs = 15 * 24 * 60 * 60_000;
  if (!session?.until || Date.parse(session.until) - Date.now() > halfMs) return;
  const answer = await post("/v1/session", {}, session.token);
  if (answer.ok) keep((await answer.json()) as Session);
}

/** A request about signing in: it goes beside the client, which needs a token. */
export const post = (path: string, body: object, token?: string): Promise<Response> =>
  fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });

function kept(): Session | undefined {
  const text = localStorage.getItem(key);
  return text === null ? undefined : (JSON.parse(text) as Session);
}

const keep = (session: Session): void => localStorage.setItem(key, JSON.stringify(session));
