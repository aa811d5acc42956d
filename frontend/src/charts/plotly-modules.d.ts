declare module "plotly.js/lib/core" {
  const core: import("./plotly.base").PlotlyModule;
  export default core;
}
declare module "plotly.js/lib/bar" {
  const trace: unknown;
  export default trace;
}
declare module "plotly.js/lib/heatmap" {
  const trace: unknown;
  export default trace;
}
declare module "plotly.js/lib/histogram" {
  const trace: unknown;
  export default trace;
}
declare module "plotly.js/lib/box" {
  const trace: unknown;
  export default trace;
}
