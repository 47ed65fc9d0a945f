import { owner } from "@mh/contract/values/principal.ts";
import type { Handler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Host } from "../../home/host.ts";
import { bearerOf, callerOf, type Tokens, type WrongTokens } from "./authenticate.ts";
import { readJson } from "./read-json.ts";
import type { AppEnv } from "./request-note.ts";
import { sessionRequestSchema } from "./schemas.ts";
import { Codes, deviceOfSession, makeDeviceSession, makeSession, sessionMs } from "./sign-in.ts";

interface SessionRouteDeps {
  host: Host;
  tokens: Tokens;
  wrong: WrongTokens;
  bodyBytesMax: number;
}

/**
 * Signs a browser in: by the code of a link of `mh open`, which is worth nothing afterwards; by the passkey of a device; or
 * by a session that still holds, which is renewed.
 */
export function sessionRoute({ host, tokens, wrong, bodyBytesMax }: SessionRouteDeps): Handler<AppEnv> {
  const codes = new Codes(tokens.token, Date.now());
  return async (c) => {
    const body = sessionRequestSchema.safeParse(await readJson(c.req.raw, bodyBytesMax));
    if (!body.success) throw new HTTPException(400, { message: "A code is wanted, as `mh open` makes it." });
    const { code, passkey } = body.data;
    const now = Date.now();
    const signedIn = (token: string, who: string) => {
      c.env.note.who = who;
      return c.json({ token, until: new Date(now + sessionMs).toISOString() });
    };
    if (passkey !== undefined) {
      wrong.refuseWaiting(c);
      const device = await deviceBy(host, passkey);
      if (device === undefined)
        throw wrong.refusal(c, "This passkey is of no device here, or it was refused: see the log.");
      return signedIn(makeDeviceSession(tokens.token, device.id, String(passkey.id), now), `${owner}/${device.name}`);
    }
    const authorization = c.req.header("authorization");
    const caller = code === undefined ? callerOf(authorization, tokens) : undefined;
    const device = caller && deviceOfSession(bearerOf(authorization) ?? "", tokens.token, now);
    const held = device && tokens.deviceById(device.id)?.passkey;
    if (caller && device && held !== undefined)
      return signedIn(makeDeviceSession(tokens.token, device.id, held, now), caller);
    const isRight = code === undefined ? caller === owner : codes.take(code, now);
    if (!isRight) throw wrong.refusal(c, "This link was used, or it is too old. `mh open` makes a new one.");
    return signedIn(makeSession(tokens.token, now), owner);
  };
}

/** Only what names a passkey of a device here is a command, and so a record: guesses fill no log. */
async function deviceBy(
  host: Host,
  response: Record<string, unknown>,
): Promise<{ id: string; name: string } | undefined> {
  if (!host.hasPasskey(String(response.id))) return undefined;
  const args = { response };
  const outcome = await host.act({ principal: `${owner}/daemon`, skill: "passkey.use", args });
  return outcome.status === "done" ? (outcome.value as { id: string; name: string }) : undefined;
}
