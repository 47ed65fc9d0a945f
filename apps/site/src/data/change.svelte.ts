import type { ArgsFor, SkillName, ValueFor } from "@mh/contract/contracts.ts";
import { Doing } from "./doing.svelte.ts";
import { home } from "./home.svelte.ts";

/** Changes made in one place: the last of them can be taken back there. */
export class Change extends Doing {
  /** What is said of the last one, and the command that made it, where it can be undone; undefined once it is taken back. */
  last = $state.raw<{ command?: string; said: string } | undefined>();

  /** Gives what the command answered; undefined where it failed, which is said. `isFinal`: its skill cannot be undone. */
  async make<Name extends SkillName>(
    skill: Name,
    args: ArgsFor<Name>,
    { said, words, isFinal = false }: { said: string; words?: string; isFinal?: boolean },
  ): Promise<ValueFor<Name> | undefined> {
    let value: ValueFor<Name> | undefined;
    const command = crypto.randomUUID();
    await this.run(async () => {
      value = await home.get(skill, args, { id: command, ...(words !== undefined && { words }) });
      this.last = isFinal ? { said } : { command, said };
    });
    return value;
  }

  async undo(): Promise<void> {
    const command = this.last?.command;
    if (command === undefined) return;
    if (await this.run(() => home.get("history.undo", { id: command }))) this.last = undefined;
  }
}
