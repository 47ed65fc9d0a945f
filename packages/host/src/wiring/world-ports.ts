import type { CalendarFiles } from "@mh/core/calendar/read-source.ts";
import type { Desktop } from "@mh/core/ports/desktop.ts";
import type { Disk } from "@mh/core/ports/disk.ts";
import type { Http } from "@mh/core/ports/http.ts";
import type { Mail } from "@mh/core/ports/mail.ts";
import type { Programs } from "@mh/core/ports/programs.ts";
import type { SecretOffers, SecretStores, Secrets } from "@mh/core/ports/secrets.ts";

/** Every way from a skill into the world. A new one is held to contracts in `permitted.ts`. */
export interface WorldPorts {
  http: Http;
  /** Loads its libraries at first use. */
  mail: () => Promise<Mail>;
  secrets: Secrets & SecretOffers & SecretStores;
  disk: Disk;
  programs: Programs;
  desktop: Desktop;
  calendarFiles: CalendarFiles;
}
