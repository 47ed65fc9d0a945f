import { followerSchema } from "@mh/contract/wire/request.ts";
import type { Handler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Host } from "../../home/host.ts";
import { readJson } from "./read-json.ts";
import type { AppEnv } from "./request-note.ts";
import { acknowledgeSchema } from "./schemas.ts";

/** A follower has seen to everything up to an event: under its name it is never sent again. */
export function acknowledgeRoute({ host, bodyBytesMax }: { host: Host; bodyBytesMax: number }): Handler<AppEnv> {
  return async (c) => {
    const name = followerSchema().safeParse(c.req.param("name"));
    const body = acknowledgeSchema.safeParse(await readJson(c.req.raw, bodyBytesMax));
    if (!name.success || !body.success) {
      const message = name.error?.issues[0]?.message ?? body.error?.issues[0]?.message ?? "not valid";
      throw new HTTPException(400, { message: `${message}.` });
    }
    const { after } = body.data;
    if (after >= host.committed) {
      throw new HTTPException(400, {
        message: `There is no event ${after} yet: this log has ${host.committed} records.`,
      });
    }
    return c.json({ follower: name.data, after: host.cursors.acknowledge(c.var.principal, name.data, after) });
  };
}
