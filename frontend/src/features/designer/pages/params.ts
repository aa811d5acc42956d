import { useParams } from "@tanstack/react-router";

function param(params: Record<string, string | undefined>, name: string): string {
  const value = params[name];
  if (value === undefined) throw new Error(`This page's address lacks ${name}.`);
  return value;
}

export function useWorkspaceParam(): string {
  return param(useParams({ strict: false }) as Record<string, string | undefined>, "ws");
}

export function useDraftParam(): string {
  return param(useParams({ strict: false }) as Record<string, string | undefined>, "draft");
}

export function useRunParam(): string {
  return param(useParams({ strict: false }) as Record<string, string | undefined>, "run");
}
