import type { Fault } from "@mh/contract/values/fault.ts";
import type { EndReason, ModelCall, ModelEvent, ModelUsage } from "../ports/model.ts";
import { writtenIn } from "./written-in.ts";

/** An answer as it came, whole or not. */
export interface Collected {
  text: string;
  calls: ModelCall[];
  badCalls: { name: string; text: string }[];
  /** All that it wrote, thoughts and calls too: what it is counted by. */
  written: string;
  end: { reason: EndReason; usage: ModelUsage | undefined } | { fault: Fault } | "cancelled";
}

/** Reads an answer to its end. `onText` is called with the text so far. */
export async function collect(
  events: AsyncIterable<ModelEvent>,
  onText: (text: string) => void = () => undefined,
): Promise<Collected> {
  const answer: Collected = { text: "", calls: [], badCalls: [], written: "", end: "cancelled" };
  for await (const event of events) {
    answer.written += writtenIn(event);
    switch (event.type) {
      case "text":
        answer.text += event.text;
        onText(answer.text);
        break;
      case "call":
        answer.calls.push(event.call);
        break;
      case "bad-call":
        answer.badCalls.push({ name: event.name, text: event.text });
        break;
      case "end":
        answer.end = { reason: event.reason, usage: event.usage };
        break;
      case "failed":
        answer.end = { fault: event.fault };
        break;
      case "cancelled":
        answer.end = "cancelled";
        break;
      case "thought":
        break;
    }
  }
  return answer;
}
