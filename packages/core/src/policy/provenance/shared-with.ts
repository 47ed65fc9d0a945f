import type { Call } from "@mh/contract/values/provenance.ts";
import { leavesOf, type NamedLeaf } from "./arguments.ts";
import { bounds } from "./bounds.ts";
import { kindOf, sameValue } from "./kinds.ts";
import { idKindOf, type Row } from "./rows.ts";
import type { TracedTask } from "./traced.ts";

/**
 * Somebody who has a thing already, as the one who was asked to keep it says: they may be sent it again, with words of the
 * owner's and no others.
 */
export function hasItAlready(trace: TracedTask, call: Call, { value }: NamedLeaf): boolean {
  const { takes, types, content } = call.facts;
  if (call.effect !== "send") return false;
  const { all: texts, left } = leavesOf(call, content, { leaves: 100, chars: bounds.contentChars });
  const isOwners = (text: NamedLeaf) => trace.words.haveAllOf(text.value);
  if (left || !texts.every((text) => text.name in takes || isOwners(text))) return false;
  const sent = leavesOf(call, Object.keys(takes), { leaves: 100, chars: bounds.valueChars });
  if (sent.left || sent.all.length === 0 || Object.keys(types).some((name) => name in takes && types[name] !== "id"))
    return false;
  return sent.all.every((thing) =>
    trace.described.some((row) => isOf(row, takes[thing.name], thing) && isWith(row, value)),
  );
}

const isOf = ({ step, fields }: Row, kind: string | undefined, { value }: NamedLeaf): boolean =>
  fields.some(
    (field) =>
      field.role === "record" && idKindOf(step.facts, field.name) === kind && sameValue(field.value, value, "id"),
  );

/** The field that lists who has it, and what stands below that. */
function isWith({ step: { facts }, fields }: Row, party: NamedLeaf["value"]): boolean {
  const { sharedWith } = facts;
  if (sharedWith === undefined || facts.fields[sharedWith] !== "party") return false;
  return fields.some(({ name, value }) => name === sharedWith && sameValue(value, party, kindOf(party, undefined)));
}
