/** How a whole pipeline is brought into sight: never larger than life. */
export const FIT = { padding: 0.12, maxZoom: 1, minZoom: 0.1 };
