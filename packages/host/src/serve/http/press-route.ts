import type { Handler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Host } from "../../home/host.ts";
import type { WrongTokens } from "./authenticate.ts";
import { readJson } from "./read-json.ts";
import type { AppEnv } from "./request-note.ts";
import { pressSchema } from "./schemas.ts";

interface PressRouteDeps {
  host: Host;
  wrong: WrongTokens;
}

const bodyBytesMax = 1024;

/**
 * A tap on a button of a notification. It needs no token: what the button carries was sent to this browser alone, encrypted,
 * and answers one request on one device for a time. A caller that guesses has to wait, as with tokens.
 */
export function pressRoute({ host, wrong }: PressRouteDeps): Handler<AppEnv> {
  return async (c) => {
    const body = pressSchema.safeParse(await readJson(c.req.raw, bodyBytesMax));
    if (!body.success) throw new HTTPException(400, { message: "A device and what its button carries are wanted." });
    // A right one has nothing to guess in it: nobody keeps the owner's STOP waiting by trying.
    const { device, press } = body.data;
    if (!host.isButton(device, press)) wrong.refuseWaiting(c);
    const outcome = await host.act({ principal: "owner/daemon", skill: "channel.press", args: body.data });
    if (outcome.status !== "done") throw new HTTPException(503, { message: "Your answer failed: see the log." });
    const { isAccepted, words } = outcome.value as { isAccepted: boolean; words: string };
    if (!isAccepted) wrong.note(c.env.note.address);
    return c.json({ words }, isAccepted ? 200 : 409);
  };
}
