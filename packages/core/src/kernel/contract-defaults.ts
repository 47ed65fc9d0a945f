import { z } from "zod";
import type { Skill } from "./skill.ts";

/** Arguments that a skill takes; undefined where its contract lists none. `isOpen`: it takes others as well. */
export function shapeOf({
  contract: { input },
}: Skill): { shape: Record<string, z.ZodType>; isOpen: boolean } | undefined {
  if (!(input instanceof z.ZodObject)) return undefined;
  const { catchall } = input.def;
  return { shape: input.shape, isOpen: catchall !== undefined && !(catchall instanceof z.ZodNever) };
}

const known = new WeakMap<Skill, Record<string, z.core.util.JSONType>>();

/** What a skill reads where nothing is said. */
export function defaultsOf(skill: Skill): Readonly<Record<string, z.core.util.JSONType>> {
  const before = known.get(skill);
  if (before) return before;
  const { shape = {} } = shapeOf(skill) ?? {};
  const all = Object.entries(shape).flatMap(([name, schema]) => {
    const parsed = schema.safeParse(undefined);
    return parsed.success && parsed.data !== undefined ? [[name, parsed.data as z.core.util.JSONType] as const] : [];
  });
  const defaults = Object.fromEntries(all);
  known.set(skill, defaults);
  return defaults;
}
