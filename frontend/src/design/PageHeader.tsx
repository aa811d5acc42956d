import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { createContext, Fragment, type ReactNode, useContext, useEffect } from "react";
import { createPortal } from "react-dom";
import styles from "./PageHeader.module.css";

/** The shell's top bar offers two places; a page fills them from where it is. */
export interface PageSlots {
  crumbs: HTMLElement | null;
  actions: HTMLElement | null;
}

export const PageSlotsContext = createContext<PageSlots>({ crumbs: null, actions: null });

export interface PageHeaderProps {
  /** Parents of the page, outermost first. */
  crumbs?: { label: string; to: string }[];
  /** The page's name: its h1 and the window's title. */
  title: string;
  /** Instead of the plain text, for a title that can be renamed. The text itself is still `title`. */
  titleSlot?: ReactNode;
  /** A word of state beside the title: saved, version. */
  state?: ReactNode;
  /** Buttons at the right; the primary one last. */
  actions?: ReactNode;
}

export function PageHeader({ crumbs = [], title, titleSlot, state, actions }: PageHeaderProps) {
  const slots = useContext(PageSlotsContext);
  useEffect(() => {
    document.title = `${title} · Studio`;
  }, [title]);
  const head = (
    <div className={styles.crumbs}>
      {crumbs.map((crumb) => (
        <Fragment key={crumb.to}>
          <Link to={crumb.to} className={styles.crumb}>
            {crumb.label}
          </Link>
          <ChevronRight className={styles.sep} size={14} aria-hidden="true" />
        </Fragment>
      ))}
      <h1 className={styles.title} title={title}>
        {titleSlot ?? <span className={styles.titleText}>{title}</span>}
      </h1>
      {state && <div className={styles.state}>{state}</div>}
    </div>
  );
  return (
    <>
      {slots.crumbs && createPortal(head, slots.crumbs)}
      {slots.actions &&
        actions &&
        createPortal(<div className={styles.actions}>{actions}</div>, slots.actions)}
    </>
  );
}
