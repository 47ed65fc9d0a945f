import type { z } from "zod";
import { defineOwn } from "./legacy.ts";
import { always, type OwnContext, type OwnSkill } from "./skill.ts";

interface OwnersSkill<In, Out, Prepared> {
  name: string;
  title: string;
  input: z.ZodType<In>;
  output: z.ZodType<Out>;
  event: string;
  undo: string | null;
  control?: readonly string[];
  prepare?: OwnSkill<In, Out, Prepared>["prepare"];
  apply(args: In, context: OwnContext, prepared: Prepared): Out;
}

/** A skill of effect `admin`: rules, grants, trust, approvals, keys and the log, which nobody but the owner touches. */
export function defineAdmin<In, Out, Prepared = undefined>(
  skill: OwnersSkill<In, Out, Prepared>,
): OwnSkill<In, Out, Prepared> {
  const { prepare, apply, control = [], ...rest } = skill;
  return defineOwn<In, Out, Prepared>({
    manifest: { ...rest, version: "1.0.0", effects: ["admin"], permissions: {}, control, retry: "never" },
    classify: always("admin", "medium"),
    ...(prepare && { prepare }),
    apply,
  });
}
