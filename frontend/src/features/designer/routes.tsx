export { DraftPage } from "./pages/DraftPage";
export { DraftsPage } from "./pages/DraftsPage";
export { RunPage } from "./pages/RunPage";
export { type DesignerSearch, validateDesignerSearch } from "./pages/useView";
