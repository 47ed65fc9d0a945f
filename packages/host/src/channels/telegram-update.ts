import type { MessengerUpdate, NotTyped } from "@mh/core/ports/messenger.ts";
import { z } from "zod";

/** The parts of the Bot API's `Update` that are looked at (https://core.telegram.org/bots/api#update). */
const chatSchema = z.looseObject({ id: z.number(), type: z.string() });
const userSchema = z.looseObject({ id: z.number(), is_bot: z.boolean().default(false) });
const messageSchema = z.looseObject({
  message_id: z.number(),
  chat: chatSchema,
  from: userSchema.optional(),
  text: z.string().optional(),
  entities: z.array(z.looseObject({ type: z.string() })).default([]),
});
const updateSchema = z.looseObject({
  update_id: z.int().nonnegative(),
  message: messageSchema.optional(),
  edited_message: messageSchema.optional(),
  callback_query: z
    .looseObject({
      id: z.string(),
      from: userSchema,
      message: z.looseObject({ chat: chatSchema }).optional(),
      data: z.string().optional(),
    })
    .optional(),
});
type Message = z.infer<typeof messageSchema>;

/** Each of these says that somebody else wrote it, or that it was written elsewhere. */
const foreign: readonly { fields: readonly string[]; reason: NotTyped }[] = [
  {
    fields: [
      "forward_origin",
      "forward_from",
      "forward_from_chat",
      "forward_sender_name",
      "forward_date",
      "is_automatic_forward",
    ],
    reason: "forwarded",
  },
  {
    fields: ["via_bot", "sender_business_bot", "business_connection_id", "guest_bot_caller_user"],
    reason: "written by a bot",
  },
  { fields: ["edit_date"], reason: "edited" },
  { fields: ["sender_chat"], reason: "group" },
];

/** What an update is for mh. One that cannot be read keeps its number, so that it is confirmed; undefined without one. */
export function updateOf(given: unknown): MessengerUpdate | undefined {
  const parsed = updateSchema.safeParse(given);
  if (!parsed.success) {
    const { update_id: id } =
      z.looseObject({ update_id: z.int().nonnegative().optional() }).safeParse(given).data ?? {};
    return id === undefined ? undefined : { id, content: { kind: "none", reason: "no text" } };
  }
  const { update_id: id, message, edited_message: edited, callback_query: press } = parsed.data;
  if (edited) return { id, ...placeOf(edited.chat, edited.from), content: { kind: "none", reason: "edited" } };
  if (message) return { id, ...placeOf(message.chat, message.from), content: contentOf(message) };
  if (!press) return { id, content: { kind: "none", reason: "no text" } };
  const { message: under, from, data } = press;
  // Without the message that it stands under, or in a group, nobody knows whose eyes it was pressed before.
  if (under?.chat.type !== "private")
    return { id, ...placeOf(under?.chat, from), content: { kind: "none", reason: "group" } };
  return { id, ...placeOf(under.chat, from), content: { kind: "press", id: press.id, data: data ?? "" } };
}

const placeOf = (chat: { id: number } | undefined, from: { id: number } | undefined) => ({
  ...(chat && { chat: String(chat.id) }),
  ...(from && { sender: String(from.id) }),
});

function contentOf(message: Message): MessengerUpdate["content"] {
  const none = (reason: NotTyped) => ({ kind: "none", reason }) as const;
  if (message.chat.type !== "private") return none("group");
  if (message.from?.is_bot) return none("written by a bot");
  const found = foreign.find(({ fields }) => fields.some((field) => message[field] !== undefined));
  if (found) return none(found.reason);
  // What a reply quotes stands in a field of its own, which is not read; a quote within the text is another's words.
  if (message.entities.some(({ type }) => /blockquote$/.test(type))) return none("quoted");
  if (message.text === undefined) return none("no text");
  // Half a character has no place in what is kept: it would be refused, sent again, and keep all that follows from being heard.
  return { kind: "text", text: message.text.toWellFormed() };
}
