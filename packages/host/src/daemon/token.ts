import { randomBytes } from "node:crypto";
import { keyFolder } from "../places.ts";
import { secretFiles } from "../secrets/secret-files.ts";
import { makeCode } from "../serve/http/sign-in.ts";

const name = "daemon-token";

/** The owner's own token for HTTP: made once, kept with the home's secrets. `mh secret rm daemon-token` makes room for another. */
export function daemonToken(homeId: string, environment: Record<string, string | undefined> = process.env): string {
  const secrets = secretFiles(keyFolder(homeId, environment));
  if (!secrets.names().includes(name)) secrets.write(name, randomBytes(32).toString("base64url"));
  return secrets.read(name);
}

/** The token as it lies there; undefined where there is none. */
export function keptToken(homeId: string, environment: Record<string, string | undefined>): string | undefined {
  const secrets = secretFiles(keyFolder(homeId, environment));
  return secrets.names().includes(name) ? secrets.read(name) : undefined;
}

/** What a browser opens: a link that signs it in once. The code is in the fragment, which no server sees. */
export const pageAddress = (url: string, token: string): string => `${url}/#code=${makeCode(token, Date.now())}`;
