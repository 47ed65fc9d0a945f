import { z } from "zod";
import { defineSettings } from "../settings/section.ts";

/** `cloud`: what the chat reads of the owner's may be sent to a model on another machine. */
export const chatSettings = defineSettings("chat", z.looseObject({ cloud: z.boolean().default(false) }).prefault({}), {
  values: ["cloud"],
  isFree: (key, value) => key === "cloud" && value !== true,
});
