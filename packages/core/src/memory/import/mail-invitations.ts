import type { Attachment, Email } from "postal-mime";
import { type CalendarContext, parseCalendar } from "./calendar.ts";
import { decodeText } from "./decoded.ts";
import type { Found } from "./found.ts";

type Sent = { id: string; where: string; from: string | undefined };

const eventsMax = 100;

/** Whether what is attached is a calendar, which is read and not merely named. */
export const isCalendar = ({ mimeType, filename }: Attachment): boolean =>
  mimeType === "text/calendar" || mimeType === "application/ics" || /\.ics$/i.test(filename ?? "");

/**
 * The events that a mail invites to or calls off, each a memory of the mail and of its sender: what somebody sends is no
 * entry of the owner's calendar.
 */
export function invitationsIn(mail: Email, sent: Sent, context: CalendarContext): Found[] {
  const found = mail.attachments.filter(isCalendar).flatMap((each) => eventsIn(each, sent, context));
  // The same invitation often stands there twice, as a part and as an attachment.
  const once = [...new Map(found.map((each) => [keyOf(each), each])).values()];
  if (once.length <= eventsMax) return once;
  const note = `Of the calendars within it only the first ${eventsMax} entries were taken.`;
  return [...once.slice(0, eventsMax), { note, where: sent.where }];
}

function eventsIn({ content }: Attachment, { id, where, from }: Sent, context: CalendarContext): Found[] {
  const bytes = typeof content === "string" ? Buffer.from(content) : new Uint8Array(content);
  const decoded = decodeText(bytes);
  if (decoded === undefined) return [{ note: "The calendar within it is no text.", where }];
  const origin = from ? { origin: `mail:${from.toLowerCase()}` } : {};
  const found: Found[] = [];
  for (const each of parseCalendar(decoded.text, context)) {
    if (found.length > eventsMax) break;
    if ("note" in each) found.push({ note: each.note, where });
    else if ("refused" in each) found.push({ note: `Of the calendar within it: ${each.refused}`, where });
    else {
      const externalId = `${id.slice(0, 600)}#${each.item.externalId}`.slice(0, 1_000);
      const tags = [...new Set([...(each.item.tags ?? []), "invitation"])];
      found.push({ item: { ...each.item, externalId, source: "mail", session: `mail:${id}`, tags, ...origin }, where });
    }
  }
  return found;
}

const keyOf = (each: Found): string => ("item" in each ? each.item.externalId : JSON.stringify(each));
