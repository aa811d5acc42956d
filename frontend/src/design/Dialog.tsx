import { Drawer, Modal } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import { Button } from "./Button";
import styles from "./Dialog.module.css";
import { ProblemCard } from "./ProblemCard";

/** Mantine's own head is a `header`: a second banner to a screen reader. */
function DialogHead({ children }: { children: ReactNode }) {
  return <div className={styles.head}>{children}</div>;
}

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
    <Modal.Root
      opened={opened}
      onClose={onClose}
      size={size}
      centered
      closeOnClickOutside={closeOnClickOutside}
      transitionProps={{ duration: 120, transition: "fade" }}
    >
      <Modal.Overlay />
      <Modal.Content>
        <DialogHead>
          <Modal.Title>{title}</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </DialogHead>
        <Modal.Body>
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
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
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
    <Drawer.Root
      opened={opened}
      onClose={onClose}
      size={size}
      position={position}
      transitionProps={{ duration: 160 }}
    >
      <Drawer.Overlay />
      <Drawer.Content>
        <DialogHead>
          <Drawer.Title>{title}</Drawer.Title>
          <Drawer.CloseButton aria-label="Close" />
        </DialogHead>
        <Drawer.Body>{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
