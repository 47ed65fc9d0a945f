/** In a browser: what stands wider than the screen, so that all of it would have to be scrolled sideways. */
export const tooWide = `(() => {
  const { scrollWidth, clientWidth } = document.scrollingElement;
  if (scrollWidth <= clientWidth) return [];
  const outside = [...document.querySelectorAll("main *")].findLast((each) => {
    const { left, right } = each.getBoundingClientRect();
    return right > clientWidth + 1 || left < -1;
  });
  return ["wider: " + scrollWidth + " of " + clientWidth + ": " + (outside?.outerHTML ?? "").slice(0, 160)];
})()`;

/** In a browser: what would not be seen to be chosen or a button once all backgrounds are one, and what moves. */
export const withoutColour = `(() => {
  const seen = [...document.querySelectorAll("body *")].filter((each) => each.checkVisibility());
  const says = (each) => each.tagName + "." + each.className + " " + each.textContent.trim().slice(0, 40);
  const chosen = seen.filter((each) => each.matches("[aria-current]:not([aria-current=false])") && Number(getComputedStyle(each).fontWeight) < 600);
  const flat = seen.filter((each) => each.matches(".btn, .stop, .input") && parseFloat(getComputedStyle(each).borderTopWidth) < 1);
  const moving = seen.filter((each) => { const { transitionDuration, animationName } = getComputedStyle(each); return animationName !== "none" || /[1-9]/.test(transitionDuration); });
  return [...chosen.map((each) => "chosen: " + says(each)), ...flat.map((each) => "flat: " + says(each)), ...moving.map((each) => "moves: " + says(each))];
})()`;

/**
 * In a browser: what is smaller than a thumb (44 px each way; WCAG 2.5.5). A link within a sentence is as high as its line,
 * and what a label or a pseudo-element makes larger counts with it.
 */
export const tooSmall = `(() => {
  const least = 43.5;
  const targets = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [role=option]")].filter((each) =>
    each.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !each.matches(".skip, [type=hidden], :disabled"));
  const size = (each) => {
    const { width, height } = each.getBoundingClientRect();
    const sizes = [[width, height]];
    for (const pseudo of ["::before", "::after"]) {
      const { content, position, top, right, bottom, left } = getComputedStyle(each, pseudo);
      if (content !== "none" && position === "absolute") sizes.push([width - parseFloat(left) - parseFloat(right), height - parseFloat(top) - parseFloat(bottom)]);
    }
    return sizes;
  };
  const inSentence = (each) => each.matches("a, button") && getComputedStyle(each).display.startsWith("inline") &&
    [...each.parentElement.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim().length > 2);
  return targets.flatMap((each) => {
    const sizes = [each, ...(each.labels ?? [])].flatMap(size);
    if (inSentence(each) || sizes.some(([width, height]) => width >= least && height >= least)) return [];
    const [width, height] = sizes[0];
    return width === 0 ? [] : ["small: " + Math.round(width) + "x" + Math.round(height) + " " + each.tagName + "." + each.className + " in ." + each.parentElement.className + ": " + (each.textContent.trim() || each.getAttribute("aria-label") || "").slice(0, 40)];
  });
})()`;

/** In a browser: texts in a box so narrow that their words are broken into a few letters a line. */
export const squeezed = `(() => {
  const words = [...document.querySelectorAll("main *")].flatMap((each) => [...each.childNodes].filter((node) => node.nodeType === 3 && node.textContent.trim().length > 12));
  return words.flatMap((node) => {
    const box = node.parentElement;
    if (!box.checkVisibility() || box.closest("svg, .vh") || getComputedStyle(box).whiteSpace.includes("nowrap")) return [];
    const range = document.createRange();
    range.selectNodeContents(node);
    const { width, height } = range.getBoundingClientRect();
    const em = parseFloat(getComputedStyle(box).fontSize);
    return width > 0 && width < 4 * em && height > 4 * em ? ["squeezed: " + box.outerHTML.slice(0, 160)] : [];
  });
})()`;
