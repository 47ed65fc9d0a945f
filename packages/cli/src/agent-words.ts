import { cronWords } from "@mh/contract/cron-words.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import type { Trigger } from "@mh/core/agent";

/** When an agent runs, in words. */
export function triggerWords(trigger: Trigger): string {
  if ("cron" in trigger) return cronWords(trigger.cron);
  if ("every" in trigger) return `every ${trigger.every}`;
  if ("idle" in trigger) return `when you have done nothing for ${trigger.idle}`;
  return `after ${visible(trigger.event)}`;
}
