import { Fault } from "@mh/contract/values/fault.ts";
import { z } from "zod";

/** How far a backup or a restore is: the part of its bytes or files, and how many files. */
export type BackupProgress = (at: { fraction: number; count: number }) => void;

/** The first entry of a backup, plain to read where age and tar have opened it. */
export const factsName = "mh-backup.json";

const factsSchema = z.object({
  v: z.literal(1),
  /** Id of the home. */
  home: z.uuid(),
  at: z.string(),
  /** The version that made it. */
  mh: z.string(),
  files: z.number().int(),
  bytes: z.number().int(),
});
export type BackupFacts = z.infer<typeof factsSchema>;

export function factsIn(text: string): BackupFacts {
  try {
    return factsSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Fault("backup.refused", "It opens, and is no backup of mh's.", { cause });
  }
}
