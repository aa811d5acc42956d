// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { DesignProvider } from "@/design/DesignProvider";
import { DataGrid } from "./DataGrid";

test("a table that is in the cache shows its rows at once", () => {
  const client = new QueryClient();
  client.setQueryData(["table", "page", {}, 0], {
    columns: [{ name: "island", dtype: "string", role: null }],
    rows: [["Torgersen"]],
    offset: 0,
    total_rows: 1,
    total_columns: 1,
  });
  render(
    <QueryClientProvider client={client}>
      <DesignProvider>
        <DataGrid
          label="Penguins"
          queryKey={["table"]}
          fetchPage={() => new Promise(() => {})}
          profile={null}
        />
      </DesignProvider>
    </QueryClientProvider>,
  );
  expect(screen.queryByText("The table has no rows")).toBeNull();
  expect(screen.getByText("Torgersen")).toBeTruthy();
});
