import { Fault } from "@mh/contract/values/fault.ts";
import type { DisplayName, MessengerName } from "@mh/contract/values/messenger.ts";

/** Why a text is not what somebody typed there and then, in this chat. */
export type NotTyped = "group" | "forwarded" | "quoted" | "written by a bot" | "edited" | "no text";

/** Something that came by a messenger. */
export interface MessengerUpdate {
  /** Its number: the same update never has another, and no other of the same bot has it. */
  id: number;
  /** Absent where the messenger named none. */
  chat?: string;
  sender?: string;
  /** `press`: a button, with what it was sent with; `press.id` is what acknowledges it. */
  content:
    | { kind: "text"; text: string }
    | { kind: "press"; id: string; data: string }
    | { kind: "none"; reason: NotTyped };
}

/** `data`: 64 bytes at most, which come back as they were given; `url`: a page that it opens. */
export type MessengerButton = { label: string } & ({ data: string } | { url: string });

/** What is shown in a chat, as it is: nothing in the text becomes a link, a command, formatting or a preview. */
export interface MessengerText {
  text: string;
  /** Rows of buttons below it; a message that is edited without any loses those it had. */
  buttons?: readonly (readonly MessengerButton[])[];
  /** The request that it is about: what says more of it takes its place. */
  about?: string;
}

/** What shows messages on devices. It throws `MessengerTrouble`, and ends at once when its signal is aborted. */
export interface Display {
  readonly name: DisplayName;
  /** UTF-16 units that one message holds. */
  readonly textMax: number;
  self(signal: AbortSignal): Promise<{ id: string; name: string }>;
  /** Gives the message's id. */
  send(chat: string, message: MessengerText, signal: AbortSignal): Promise<string>;
  /** Where it says the same already, nothing is done. */
  edit(chat: string, id: string, message: MessengerText, signal: AbortSignal): Promise<void>;
}

/** `conflict`: another program listens as the same bot. `token`: it is wrong. `busy`: too much, or trouble of its own. */
export type TroubleKind = "conflict" | "token" | "busy" | "unreachable" | "refused";

/** A messenger did not do what was asked. Its message quotes no token and no address with one in it. */
export class MessengerTrouble extends Fault {
  readonly kind: TroubleKind;
  /** How long the messenger wants to be left alone, where it said so. */
  readonly retryMs: number | undefined;
  /** The object of a subscription that its push service does not know any more. */
  readonly gone: string | undefined;

  constructor(kind: TroubleKind, message: string, { retryMs, gone }: { retryMs?: number; gone?: string } = {}) {
    super("channel.failed", message);
    this.kind = kind;
    this.retryMs = retryMs;
    this.gone = gone;
  }
}

/** A messenger, as one bot: what shows things, and brings what comes. */
export interface Messenger extends Display {
  readonly name: MessengerName;
  /**
   * Waits for what comes after an update, `waitMs` at most, and gives it with the earliest first. What stands before is
   * confirmed: the messenger forgets it.
   */
  receive(after: number | undefined, waitMs: number, signal: AbortSignal): Promise<MessengerUpdate[]>;
  /** Answers the press of a button, in a few words. One that waited too long is answered no more, and that is no error. */
  acknowledge(press: string, text: string, signal: AbortSignal): Promise<void>;
}
