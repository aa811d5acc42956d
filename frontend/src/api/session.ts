import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { keys } from "./keys";
import type { Component, Sample, Session, Token } from "./types";

export const sessionQuery = () =>
  queryOptions({
    queryKey: keys.session,
    queryFn: ({ signal }) => api.get<Session>("/api/session", { signal }),
    staleTime: 5 * 60_000,
  });

export const signIn = (body: { username: string; password: string }) =>
  api.post<Session>("/api/session", body);
export const signOut = () => api.delete<void>("/api/session");
export const changePassword = (body: { current_password: string; new_password: string }) =>
  api.post<void>("/api/session/password", body);

export const tokensQuery = () =>
  queryOptions({
    queryKey: keys.tokens,
    queryFn: async ({ signal }) => {
      const answer = await api.get<Token[] | { results: Token[] }>("/api/tokens", { signal });
      return Array.isArray(answer) ? answer : answer.results;
    },
  });
export const createToken = (body: { name: string; expires_at?: string | null }) =>
  api.post<Token>("/api/tokens", body);
export const revokeToken = (id: string) => api.delete<void>(`/api/tokens/${id}`);

export const componentsQuery = () =>
  queryOptions({
    queryKey: keys.components,
    queryFn: ({ signal }) => api.get<Component[]>("/api/components", { signal }),
    // The catalog changes only when the server is replaced.
    staleTime: Number.POSITIVE_INFINITY,
  });

export const samplesQuery = () =>
  queryOptions({
    queryKey: keys.samples,
    queryFn: ({ signal }) => api.get<Sample[]>("/api/samples", { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
