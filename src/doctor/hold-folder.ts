/** For `fairway restore`: no server starts in the data folder meanwhile. */
export { lockDataFolder } from "../storage/data-lock.ts";
