/** What was told is not what is there. */
export class Wrong extends Error {
  override name = "Wrong";
}
