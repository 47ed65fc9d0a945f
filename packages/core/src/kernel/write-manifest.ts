import type { z } from "zod";
import type { Manifest } from "./legacy.ts";

/** The manifest of a skill that changes the owner's data, and nothing else, in a way that can be undone. */
export function writeManifest<In, Out>(
  name: string,
  title: string,
  particular: { input: z.ZodType<In>; output: z.ZodType<Out>; event: string; control?: readonly string[] },
): Manifest<In, Out> {
  return {
    name,
    title,
    version: "1.0.0",
    effects: ["write"],
    permissions: {},
    control: [],
    undo: "mh undo",
    retry: "safe",
    ...particular,
  };
}
