/** What a screen reader is told beside what it reads: one sentence at a time. */
class Saying {
  text = $state("");

  say(text: string): void {
    this.text = text;
  }
}

export const saying = new Saying();
