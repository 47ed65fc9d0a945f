/** Messengers that the owner can talk with this home by. */
export const messengerNames = ["telegram"] as const;
export type MessengerName = (typeof messengerNames)[number];

/** What shows something on the owner's devices: messengers, and the push services of their browsers. */
export const displayNames = [...messengerNames, "webPush"] as const;
export type DisplayName = (typeof displayNames)[number];

/** What is to be done with what the owner typed. */
export const typedKinds = ["say", "note", "new", "approvals"] as const;
export type TypedKind = (typeof typedKinds)[number];

/** Why something that came by a channel counts as nobody's word: the log says which. */
export const refusalReasons = [
  ...[
    "unknown sender",
    "group",
    "forwarded",
    "quoted",
    "written by a bot",
    "edited",
    "no text",
    "too long",
    "not kept",
  ],
  ...["wrong code", "button: not of this request", "button: too old", "button: answered before"],
  ...["button: only at the page", "button: refused"],
] as const;
export type RefusalReason = (typeof refusalReasons)[number];
