import { channelPress } from "@mh/contract/channels.ts";
import { defineOutside } from "../kernel/skill.ts";
import type { Desk } from "./desk.ts";
import { pressWords } from "./words.ts";

/** Takes the tap on a button of a notification: the answer that it stands for is a command of the device's. */
export function pressSkill({ desk }: { desk: Pick<Desk, "press"> }) {
  return defineOutside(channelPress, {
    stored: "kept",
    async run({ device, press }) {
      const { words, isAccepted } = await desk.press(device, press);
      return { isAccepted, words: pressWords[words] };
    },
  });
}
