import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { onSignedOut } from "@/api/client";
import { keys } from "@/api/keys";
import { sessionQuery } from "@/api/session";
import type { Session } from "@/api/types";
import { workspacesQuery } from "@/api/workspaces";
import { validateActivitySearch } from "@/features/activity/search";
import { validateCompareSearch } from "@/features/compare/search";
import { validateDatasetSearch, validateDatasetsSearch } from "@/features/data/search";
import { validateRunsSearch } from "@/features/runs/search";
import { validateSettingsSearch } from "@/features/settings/search";
import { validateSignInSearch } from "@/features/signin/search";
import { AccountFrame, WorkspaceFrame } from "./Frame";
import { lastWorkspace } from "./lastWorkspace";
import { NoWorkspace } from "./NoWorkspace";
import { PageFailed, PageNotFound } from "./PageFailed";
import { queryClient } from "./queries";

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: PageNotFound,
  errorComponent: PageFailed,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: validateSignInSearch,
  component: lazyRouteComponent(() => import("@/features/signin/SignInPage"), "SignInPage"),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitation/$secret",
  component: lazyRouteComponent(() => import("@/features/invitation/InvitationPage"), "InvitationPage"),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  beforeLoad: async ({ location }) => {
    const session = await queryClient.ensureQueryData(sessionQuery());
    if (!session.user)
      throw redirect({ to: "/sign-in", search: location.href === "/" ? {} : { next: location.href } });
  },
  component: Outlet,
});

const index = createRoute({
  getParentRoute: () => signedIn,
  path: "/",
  beforeLoad: async () => {
    const all = await queryClient.fetchQuery(workspacesQuery());
    const open = all.filter((workspace) => !workspace.archived_at);
    const last = lastWorkspace.read();
    const found = open.find((workspace) => workspace.name === last) ?? open[0];
    if (found) throw redirect({ to: "/w/$ws", params: { ws: found.name }, replace: true });
  },
  component: NoWorkspace,
});

const account = createRoute({
  getParentRoute: () => signedIn,
  id: "account-frame",
  component: AccountFrame,
});
const accountPage = createRoute({
  getParentRoute: () => account,
  path: "/account",
  component: lazyRouteComponent(() => import("@/features/account/AccountPage"), "AccountPage"),
});

const workspace = createRoute({ getParentRoute: () => signedIn, path: "/w/$ws", component: WorkspaceFrame });
const home = createRoute({
  getParentRoute: () => workspace,
  path: "/",
  component: lazyRouteComponent(() => import("@/features/home/HomePage"), "HomePage"),
});
// The designer validates its own search part; here it only has to survive.
const keepSearch = (search: Record<string, unknown>) => search as { step?: string; tab?: string };
const drafts = createRoute({
  getParentRoute: () => workspace,
  path: "/designer",
  validateSearch: keepSearch,
  component: lazyRouteComponent(() => import("@/features/designer/pages/DraftsPage"), "DraftsPage"),
});
const draft = createRoute({
  getParentRoute: () => workspace,
  path: "/designer/$draft",
  validateSearch: keepSearch,
  component: lazyRouteComponent(() => import("@/features/designer/pages/DraftPage"), "DraftPage"),
});
const runs = createRoute({
  getParentRoute: () => workspace,
  path: "/runs",
  validateSearch: validateRunsSearch,
  component: lazyRouteComponent(() => import("@/features/runs/RunsPage"), "RunsPage"),
});
const run = createRoute({
  getParentRoute: () => workspace,
  path: "/runs/$run",
  validateSearch: keepSearch,
  component: lazyRouteComponent(() => import("@/features/designer/pages/RunPage"), "RunPage"),
});
const compare = createRoute({
  getParentRoute: () => workspace,
  path: "/compare",
  validateSearch: validateCompareSearch,
  component: lazyRouteComponent(() => import("@/features/compare/ComparePage"), "ComparePage"),
});
const datasets = createRoute({
  getParentRoute: () => workspace,
  path: "/data",
  validateSearch: validateDatasetsSearch,
  component: lazyRouteComponent(() => import("@/features/data/DatasetsPage"), "DatasetsPage"),
});
const dataset = createRoute({
  getParentRoute: () => workspace,
  path: "/data/$dataset",
  validateSearch: validateDatasetSearch,
  component: lazyRouteComponent(() => import("@/features/data/DatasetPage"), "DatasetPage"),
});
const activity = createRoute({
  getParentRoute: () => workspace,
  path: "/activity",
  validateSearch: validateActivitySearch,
  component: lazyRouteComponent(() => import("@/features/activity/ActivityPage"), "ActivityPage"),
});
const settings = createRoute({
  getParentRoute: () => workspace,
  path: "/settings",
  validateSearch: validateSettingsSearch,
  component: lazyRouteComponent(() => import("@/features/settings/SettingsPage"), "SettingsPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    invitation,
    signedIn.addChildren([
      index,
      account.addChildren([accountPage]),
      workspace.addChildren([home, drafts, draft, runs, run, compare, datasets, dataset, activity, settings]),
    ]),
  ]),
  defaultPreload: "intent",
  defaultErrorComponent: PageFailed,
  defaultNotFoundComponent: PageNotFound,
  scrollRestoration: true,
});

// The session ended while the page was open: back here after signing in.
onSignedOut(() => {
  const before = queryClient.getQueryData<Session>(keys.session);
  if (!before?.user) return;
  queryClient.setQueryData<Session>(keys.session, { ...before, user: null });
  void router.navigate({ to: "/sign-in", search: { next: router.state.location.href } });
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
