import { visible } from "@mh/contract/visible/visible.ts";
import type { Trigger } from "@mh/core/agent";

/** When an agent runs, in words. */
export function triggerWords(trigger: Trigger): string {
  if ("cron" in trigger) return cronWords(trigger.cron);
  if ("every" in trigger) return `every ${trigger.every}`;
  if ("idle" in trigger) return `when you have done nothing for ${trigger.idle}`;
  return `after ${visible(trigger.event)}`;
}

/** The plainest schedules as one says them, the others as they are written. */
function cronWords(cron: string): string {
  const [, minute = "", hour = "", rest = ""] = /^(\d+) (\d+) (.*)$/.exec(cron.trim()) ?? [];
  const time = `${hour.padStart(2, "0")}:${minute.padStart(2, "0")}`;
  if (rest === "* * *") return `daily at ${time}`;
  if (rest === "* * 1-5") return `on weekdays at ${time}`;
  const day = /^\* \* ([0-7])$/.exec(rest)?.[1];
  return day === undefined ? `by cron ${cron}` : `on ${days[Number(day) % 7]} at ${time}`;
}

const days = ["Sundays", "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays"];
