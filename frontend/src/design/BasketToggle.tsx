import { Check, GitCompareArrows } from "lucide-react";
import { announce } from "./announce";
import { Button, IconButton } from "./Button";
import { type BasketRun, basketFull, useBasket } from "./basket";
import { toast } from "./toast";

/** Puts one run into the basket of its workspace, or takes it out. */
export function BasketToggle({ ws, run, words }: { ws: string; run: BasketRun; words?: boolean }) {
  const basket = useBasket(ws);
  const inside = basket.has(run.id);
  const toggle = () => {
    if (inside) {
      basket.remove([run.id]);
      announce(`Run ${run.number} removed from the comparison`);
    } else if (basket.add([run])) toast(basketFull, "fail");
    else announce(`Run ${run.number} added to the comparison`);
  };
  const icon = inside ? (
    <Check size={14} aria-hidden="true" />
  ) : (
    <GitCompareArrows size={14} strokeWidth={1.75} aria-hidden="true" />
  );
  if (words)
    return (
      <Button icon={icon} aria-pressed={inside} onClick={toggle}>
        {inside ? "In comparison" : "Add to comparison"}
      </Button>
    );
  return (
    <IconButton
      label={
        inside ? `Remove run ${run.number} from the comparison` : `Add run ${run.number} to the comparison`
      }
      size="compact"
      aria-pressed={inside}
      onClick={toggle}
    >
      {icon}
    </IconButton>
  );
}
