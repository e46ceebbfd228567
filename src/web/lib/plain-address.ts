/**
 * A path whose dollar signs are escaped. The router takes a `$` in a path that it opens for the name of a parameter, so
 * that `/d/$home`, typed or pasted, would lead to a page called “undefined”; links it makes itself have `%24`.
 */
export const plainAddress = (pathname: string): string => pathname.replaceAll("$", "%24");
