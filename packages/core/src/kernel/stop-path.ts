/** While this file stands, everyone but the owner is denied. Whoever can write it may raise it; only the owner lifts it. */
export const stopPath = "run/STOP";
