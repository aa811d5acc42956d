import { Drawer, Modal } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import { Button } from "./Button";
import styles from "./Dialog.module.css";
import { ProblemCard } from "./ProblemCard";

export interface DialogProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  size?: number | string;
  children: ReactNode;
  /** Buttons; the primary one last. */
  footer?: ReactNode;
  /** Makes the dialog a form. */
  onSubmit?: () => void;
  closeOnClickOutside?: boolean;
}

export function Dialog({
  opened,
  onClose,
  title,
  size = 460,
  children,
  footer,
  onSubmit,
  closeOnClickOutside,
}: DialogProps) {
  const content = (
    <>
      {children}
      {footer && <div className={styles.foot}>{footer}</div>}
    </>
  );
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      size={size}
      centered
      closeOnClickOutside={closeOnClickOutside}
      transitionProps={{ duration: 120, transition: "fade" }}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {onSubmit ? (
        <form
          className={styles.content}
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            onSubmit();
          }}
        >
          {content}
        </form>
      ) : (
        <div className={styles.content}>{content}</div>
      )}
    </Modal>
  );
}

export interface ConfirmProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  text: ReactNode;
  /** The same verb as the title's. */
  verb: string;
  danger?: boolean;
  busy?: boolean;
  problem?: unknown;
  onConfirm: () => void;
}

export function Confirm({
  opened,
  onClose,
  title,
  text,
  verb,
  danger,
  busy,
  problem,
  onConfirm,
}: ConfirmProps) {
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      title={title}
      onSubmit={onConfirm}
      footer={
        <>
          <Button onClick={onClose}>Keep</Button>
          <Button type="submit" variant={danger ? "danger" : "primary"} busy={busy} data-autofocus>
            {verb}
          </Button>
        </>
      }
    >
      <div className={styles.text}>{text}</div>
      {problem ? <ProblemCard problem={problem} /> : null}
    </Dialog>
  );
}

export interface SheetProps {
  opened: boolean;
  onClose: () => void;
  title: ReactNode;
  size?: number | string;
  position?: "right" | "left" | "bottom";
  children: ReactNode;
}

/** A panel from the edge. */
export function Sheet({ opened, onClose, title, size = 560, position = "right", children }: SheetProps) {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      title={title}
      size={size}
      position={position}
      transitionProps={{ duration: 160 }}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {children}
    </Drawer>
  );
}
