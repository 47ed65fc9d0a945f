import type { Urgency } from "@mh/contract/values/notification.ts";

/** The desktop of the machine that this process runs on. */
export interface Desktop {
  /** Why nothing can be shown there; undefined where it can. */
  missing(): string | undefined;
  /** Plain text, shown as it is. Throws `notify.failed`. */
  show(message: { title: string; body: string; urgency: Urgency }, signal: AbortSignal): Promise<void>;
}
