const stepPx = 240;

/** What covers the ends of the screen: the bar on top, and the buttons of the card with what lies below them. */
function coveredBy(card: Element | null): string {
  const top = document.querySelector(".top")?.getBoundingClientRect().bottom ?? 0;
  const acts = card?.querySelector(".acts")?.getBoundingClientRect();
  const bottom = acts && acts.top < innerHeight ? innerHeight - acts.top : 0;
  return `${-Math.max(0, Math.round(top))}px 0px ${-Math.max(0, Math.round(bottom))}px 0px`;
}

/**
 * Attachment: tells once all of an element was on the screen, uncovered, from its beginning to its end. Marks stand at
 * every few lines, so that a jump to the end of a long value leaves out what lies between.
 */
export function readWhole(onread: () => void) {
  return (element: HTMLElement) => {
    let observer: IntersectionObserver | undefined;
    const begin = () => {
      observer?.disconnect();
      for (const old of element.querySelectorAll(":scope > .read-mark")) old.remove();
      const count = Math.max(2, Math.ceil(element.offsetHeight / stepPx) + 1);
      const left = new Set<Element>();
      observer = new IntersectionObserver(
        (entries) => {
          for (const { isIntersecting, target } of entries) if (isIntersecting) left.delete(target);
          if (left.size > 0) return;
          observer?.disconnect();
          onread();
        },
        { rootMargin: coveredBy(element.closest(".card")) },
      );
      for (let n = 0; n < count; n += 1) {
        const mark = document.createElement("i");
        mark.className = "read-mark";
        mark.setAttribute("aria-hidden", "true");
        mark.style.top = `${(n * 100) / (count - 1)}%`;
        element.append(mark);
        left.add(mark);
        observer.observe(mark);
      }
    };
    begin();
    // The window turned, or the text was enlarged: what counts as covered is another.
    addEventListener("resize", begin);
    return () => {
      removeEventListener("resize", begin);
      observer?.disconnect();
    };
  };
}
