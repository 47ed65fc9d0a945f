/** What of the owner's doings can be observed, if they turn it on. */
export const observedSources = ["shell", "git", "browser", "files"] as const;
export type ObservedSource = (typeof observedSources)[number];
