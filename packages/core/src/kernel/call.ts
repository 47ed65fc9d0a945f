import type { Parked } from "@mh/contract/values/approval.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import type { Answered } from "@mh/contract/values/question.ts";
import type { Task } from "@mh/contract/wire/command.ts";
import type { Classification, Pinned, Skill } from "./skill.ts";

/** A command that was parsed, classified and pinned; what an approval keeps and continues. */
export interface Call {
  id: string;
  principal: Principal;
  onBehalfOf?: Principal;
  skill: Skill;
  pinned: string;
  args: Record<string, unknown>;
  argsHash: string;
  classification: Classification;
  task?: Task;
  cause?: string;
  isByToken?: true;
  prepared?: unknown;
  /** Its slow work was done, whatever that gave. */
  isPrepared?: true;
  /** Why its slow work could not be done: where it is continued, it ends with that. */
  cannot?: { error: unknown };
  /** What its arguments point to: as it is looked up for an approval request, or as it was approved. */
  pinnedTo?: Pinned;
  /** A plan names each of its arguments, or it only reads. */
  isPlanned?: true;
  /** What the approval request showed, where the owner was asked. */
  shown?: Parked["steered"];
  /** The owner's answer to what it asked while it ran. */
  answered?: Answered;
  /** The plan that it was approved as a change to. */
  changes?: string;
}
