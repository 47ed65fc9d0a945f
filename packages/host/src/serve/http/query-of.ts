import { issueWords } from "@mh/core/model/issue-words.ts";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { z } from "zod";

/** The parameters of a URL, each at most once and none that is not known. */
export function queryOf<T extends z.ZodObject>(c: Context, schema: T): z.output<T> {
  const query = new URL(c.req.url).searchParams;
  const keys = [...query.keys()];
  const parsed = schema.safeParse(Object.fromEntries(query), { error: issueWords });
  if (parsed.success && new Set(keys).size === keys.length) return parsed.data;
  const names = Object.keys(schema.shape).map((name) => `\`${name}\``);
  const why = parsed.error?.issues[0]?.message ?? "Each may stand once";
  throw new HTTPException(400, { message: `${why}. The parameters are ${names.join(", ")}.` });
}
