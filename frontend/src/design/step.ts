/** How large a step is on the canvas; pictures of pipelines keep its proportions. */
export const STEP_WIDTH = 220;
export const STEP_HEIGHT = 62;
