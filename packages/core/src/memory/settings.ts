import { z } from "zod";
import { defineSettings } from "../settings/section.ts";

/** Settings of memory itself. */
export const memorySettings = defineSettings(
  "memory",
  z
    .looseObject({
      /** Whose vectors search uses: `none`, `use` (the sentence model that is installed beside mh), or a model of `models.use`. */
      embedder: z.string().min(1).max(64).default("none"),
      /** An embedder on another machine may be sent the memories. */
      cloud: z.boolean().default(false),
      /** What a model wants to stand before a question and before a text, as in `search_query: `. */
      queryPrefix: z.string().max(200).default(""),
      textPrefix: z.string().max(200).default(""),
    })
    .prefault({}),
  {
    values: ["embedder", "cloud"],
    isFree: (key, value) => (key === "cloud" ? value !== true : value === "none" || value === "use"),
  },
);
