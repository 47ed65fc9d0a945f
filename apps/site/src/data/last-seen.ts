const key = "mh-seen";
const awayMs = 30 * 60_000;
const longestMs = 7 * 24 * 60 * 60_000;
const everyMs = 60_000;

/** When the page was last looked at before this visit, where that is a while ago: half an hour at least, a week at most. */
const before = typeof localStorage === "undefined" ? undefined : read();

export function lastSeen(): number | undefined {
  if (before === undefined || Date.now() - before < awayMs) return undefined;
  return Math.max(before, Date.now() - longestMs);
}

/** Notes that somebody looks, for as long as they do. What happened before this visit stays first until the next one. */
export function watchSeen(): void {
  const note = () => {
    if (document.visibilityState === "visible") localStorage.setItem(key, String(Date.now()));
  };
  note();
  setInterval(note, everyMs);
  document.addEventListener("visibilitychange", note);
}

function read(): number | undefined {
  const text = localStorage.getItem(key);
  return text === null ? undefined : Number(text);
}
