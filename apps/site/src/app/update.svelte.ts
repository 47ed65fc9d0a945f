const own: string = import.meta.env.MH_BUILD;
const reloadedKey = "mh-reloaded";

/** Notices that the daemon serves another build than this page is of. */
class Update {
  /** There is a newer page, and something typed in this one that a reload would lose. */
  isWaiting = $state(false);

  async look(): Promise<void> {
    const there = await fetch("/build.txt", { cache: "no-store" }).then(
      (answer) => (answer.ok ? answer.text() : own),
      () => own,
    );
    if (there === own) return;
    // A second time would come to the same.
    if (isTyping() || sessionStorage.getItem(reloadedKey) === there) {
      this.isWaiting = true;
      return;
    }
    sessionStorage.setItem(reloadedKey, there);
    location.reload();
  }
}

const isTyping = (): boolean =>
  [...document.querySelectorAll<HTMLInputElement>("textarea, input:not([type=checkbox], [type=radio])")].some(
    (field) => field.value !== field.defaultValue,
  );

export const update = new Update();
