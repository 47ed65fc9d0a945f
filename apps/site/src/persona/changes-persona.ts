import type { Event } from "@mh/contract/wire/event.ts";

/** Whether an event may have changed a file of the persona, by a command or a hand. */
export const changesPersona = ({ name }: Event): boolean => /^(persona|file|history|self|snapshot|move)\./.test(name);
