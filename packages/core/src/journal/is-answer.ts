import type { JournalRecord } from "@mh/contract/values/record.ts";

/** Whether a record answers an approval request, which its `ref` names; that nobody answered in time is an answer, too. */
export const isAnswer = ({ phase }: Pick<JournalRecord, "phase">): boolean =>
  phase === "approve" || phase === "refuse" || phase === "expire";
