import type { ChallengeUse } from "@mh/core/ports/passkeys.ts";
import type { Context, Handler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Host } from "../../home/host.ts";
import { callerOf, type Tokens, type WrongTokens } from "./authenticate.ts";
import { readJson } from "./read-json.ts";
import type { AppEnv } from "./request-note.ts";
import { challengeRequestSchema } from "./schemas.ts";

interface ChallengeRouteDeps {
  host: Host;
  tokens: Tokens;
  wrong: WrongTokens;
}

const bodyBytesMax = 1024;

/**
 * Issues a challenge to the browser of a device, for one use, and says what the browser needs beside it. The name of the
 * site is that of the page which asks; a number for an address is none, and has no passkeys.
 */
export function challengeRoute({ host, tokens, wrong }: ChallengeRouteDeps): Handler<AppEnv> {
  return async (c) => {
    const body = challengeRequestSchema.safeParse(await readJson(c.req.raw, bodyBytesMax));
    if (!body.success) throw new HTTPException(400, { message: "Say what the challenge is for." });
    const at = pageOf(c);
    const caller = callerOf(c.req.header("authorization"), tokens);
    const asked = body.data;
    if (asked.for === "sign-in") return c.json({ challenge: issue({ for: "sign-in" }), rpId: at.rpId });
    const device = caller === undefined ? undefined : host.deviceOf(caller);
    if (!device) throw wrong.refusal(c, "A passkey belongs to a device: `mh device add` adds one.");
    const use: ChallengeUse =
      asked.for === "add"
        ? { for: "add", device: device.id }
        : { for: "approve", device: device.id, approval: asked.approval, hash: asked.hash };
    const known = device.passkey && { passkey: device.passkey };
    return c.json({ challenge: issue(use), rpId: at.rpId, device: { id: device.id, name: device.name }, ...known });

    function issue(use: ChallengeUse): string {
      return host.challenges.issue({ use, ...at });
    }
  };
}

/** The page's own name and origin. The guard let it through: both are names that the daemon may have. */
function pageOf(c: Context<AppEnv>): { origin: string; rpId: string } {
  const origin = c.req.header("origin");
  const rpId = origin === undefined ? "" : new URL(origin).hostname;
  if (origin === undefined || rpId === "" || /^[\d.]+$|^\[/.test(rpId)) {
    const message =
      "Passkeys hold for a name, not for a number: open the page as localhost, or by the name that devices use.";
    throw new HTTPException(400, { message });
  }
  return { origin, rpId };
}
