import type { Entity } from "../../model/memory.ts";

/** One memory to be, as an importer's parser hands it on. `at` is ISO 8601 UTC. */
export type ImportItem = {
  externalId?: string;
  content: string;
  at?: string;
  source?: string;
  session?: string;
  speaker?: string;
  tags?: string[];
  links?: { type: string; to: string }[];
  entities?: Entity[];
};
