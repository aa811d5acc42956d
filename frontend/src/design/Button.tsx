import { createLink } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, ButtonHTMLAttributes, ReactNode, Ref } from "react";
import styles from "./Button.module.css";
import { classes } from "./classes";

export type ButtonVariant = "primary" | "secondary" | "quiet" | "danger";

export interface ButtonLook {
  variant?: ButtonVariant;
  size?: "control" | "compact";
  icon?: ReactNode;
}

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement>, ButtonLook {
  /** Shows that the action is under way and refuses a second press. */
  busy?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function buttonClass(
  variant: ButtonVariant = "secondary",
  size: "control" | "compact" = "control",
  square = false,
): string {
  return classes(
    styles.button,
    styles[variant],
    size === "compact" && styles.compact,
    square && styles.square,
  );
}

export function Button({
  variant,
  size,
  icon,
  busy,
  className,
  children,
  disabled,
  type = "button",
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={classes(buttonClass(variant, size), className)}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
    >
      {busy ? <span className={styles.spinner} aria-hidden="true" /> : icon}
      {children}
    </button>
  );
}

export interface IconButtonProps extends Omit<ButtonProps, "icon" | "children"> {
  /** The accessible name and the tooltip. */
  label: string;
  children: ReactNode;
}

export function IconButton({
  label,
  variant = "quiet",
  size,
  className,
  children,
  busy,
  disabled,
  type = "button",
  ...rest
}: IconButtonProps) {
  return (
    <button
      title={label}
      {...rest}
      type={type}
      aria-label={label}
      className={classes(buttonClass(variant, size, true), className)}
      disabled={disabled || busy}
    >
      {busy ? <span className={styles.spinner} aria-hidden="true" /> : children}
    </button>
  );
}

interface AnchorProps extends AnchorHTMLAttributes<HTMLAnchorElement>, ButtonLook {
  ref?: Ref<HTMLAnchorElement>;
}

/** A plain anchor that looks like a button, for downloads. */
export function AnchorButton({ variant, size, icon, className, children, ...rest }: AnchorProps) {
  return (
    <a {...rest} className={classes(buttonClass(variant, size), className)}>
      {icon}
      {children}
    </a>
  );
}

/** A router link that looks like a button. */
export const LinkButton = createLink(AnchorButton);
