/** The role of whoever is no administrator. */
export const EVERYBODY = "Member";
