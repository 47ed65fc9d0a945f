import type { DatedBy } from "@mh/contract/values/dated-by.ts";
import type { Entity, EventTime } from "@mh/contract/values/memory.ts";

/** One memory to be, as an importer's parser hands it on. `at` is ISO 8601 UTC. */
export type ImportItem = {
  externalId?: string;
  /** The id it was known by, where it moved. */
  formerly?: string;
  content: string;
  at?: string;
  /** What says `at`; a property or column where it is left out. */
  datedBy?: DatedBy;
  /** What an assistant or agent wrote is an artifact: kept, never evidence. A statement about a subject is semantic. */
  kind?: "episodic" | "artifact" | "semantic";
  /** What a semantic item states. Days are YYYY-MM-DD. */
  fact?: { subject: string; predicate: string; object: string; validFrom?: string; validTo?: string };
  source?: string;
  session?: string;
  speaker?: string;
  tags?: string[];
  links?: { type: string; to: string }[];
  entities?: Entity[];
  /** When it happens, where the format says so exactly; words in the content are read besides. */
  eventAt?: EventTime[];
  /** Whom or what it came from, as provenance: `mail:<address>`. Without it, the file. */
  origin?: string;
};
