import { afterEach } from "vitest";

// Only where a component test asked for a DOM.
if (typeof document !== "undefined") {
  const { cleanup } = await import("@testing-library/react");
  afterEach(cleanup);
}
