/** The plainest schedules as one says them, the others as they are written. */
export function cronWords(cron: string): string {
  const [, minute = "", hour = "", rest = ""] = /^(\d+) (\d+) (.*)$/.exec(cron.trim()) ?? [];
  const time = `${hour.padStart(2, "0")}:${minute.padStart(2, "0")}`;
  if (rest === "* * *") return `daily at ${time}`;
  if (rest === "* * 1-5") return `on weekdays at ${time}`;
  const day = /^\* \* ([0-7])$/.exec(rest)?.[1];
  return day === undefined ? `by cron ${cron}` : `on ${days[Number(day) % 7]} at ${time}`;
}

const days = ["Sundays", "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays"];
