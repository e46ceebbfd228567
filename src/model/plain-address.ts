/**
 * An e-mail address as it is stored: capital letters of ASCII are small ones. Others stay: "\u212a" (the sign of Kelvin)
 * would become a "k", and with it another address.
 */
export const plainAddress = (email: string): string =>
  email.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
