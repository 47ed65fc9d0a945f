/** By this tag a note about how something is done is a standing intent. */
export const standingTag = "standing-intent";
