/** What memories of a chat say of where they come from. */
export const chatSource = "chat";
