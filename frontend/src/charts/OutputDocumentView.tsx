import type { OutputDocument } from "@/api/types";
import { EmptyState } from "@/design/EmptyState";
import { Evaluation } from "./evaluation/Evaluation";
import { ModelSummary } from "./ModelSummary";

/** The picture of an output's document, whatever its kind. */
export function OutputDocumentView({ document }: { document: OutputDocument | null }) {
  if (!document)
    return <EmptyState tight title="This output has no summary" why="Download it to look inside." />;
  if (document.kind === "evaluation") return <Evaluation document={document} />;
  return <ModelSummary document={document} />;
}
