/** For a button: Enter answers nothing, it is what is pressed without reading. Space and the key `a` do. */
export function noEnter(event: KeyboardEvent): void {
  if (event.key === "Enter") event.preventDefault();
}
