import { z } from "zod";
import { defineSettings } from "../settings/section.ts";

/** How options are weighed, and when a person decides: see decide.ts. */
export const decisionSettings = defineSettings(
  "decision",
  z
    .looseObject({
      threshold: z.number().min(0).max(1).default(0.6),
      /** What a named feature of an option counts; 1 where nothing is said. */
      weights: z.record(z.string(), z.number().min(-10).max(10)).default({}),
      preferenceWeight: z.number().min(0).max(10).default(0.2),
    })
    .prefault({}),
  { floors: ["threshold"] },
);
