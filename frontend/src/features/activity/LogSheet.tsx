import { useQuery } from "@tanstack/react-query";
import { activityQuery, fetchActivityLog } from "@/api/activities";
import { Sheet } from "@/design/Dialog";
import { LogView } from "@/design/LogView";
import { ProblemCard } from "@/design/ProblemCard";
import { isFinal } from "@/design/status";
import { subscribe } from "@/live/subscribe";

export function LogSheet({ ws, id, onClose }: { ws: string; id: string; onClose: () => void }) {
  const activity = useQuery(activityQuery(ws, id));
  return (
    <Sheet opened onClose={onClose} title={`Log of ${activity.data?.title ?? "activity"}`} size={860}>
      <div style={{ height: "calc(100dvh - 76px)", margin: "0 -16px -16px" }}>
        {activity.isError ? (
          <ProblemCard problem={activity.error} onRetry={() => activity.refetch()} />
        ) : (
          <LogView
            id={id}
            live={activity.data ? !isFinal(activity.data.status) : false}
            fetchPage={(offset, limit, signal) => fetchActivityLog(ws, id, offset, limit, signal)}
            listen={(fn) =>
              subscribe("activity.logged", (event) => event.payload.id === id && fn(event.payload))
            }
          />
        )}
      </div>
    </Sheet>
  );
}
