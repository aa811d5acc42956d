// @vitest-environment happy-dom
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Json, Parameter, ParameterKind, TableSchema } from "@/api/types";
import { selectColumns } from "./columns";
import { FIELDS } from "./fields";
import { isEdited, isShown } from "./kinds";
import { SchemaForm } from "./SchemaForm";
import { check, parseNumbers } from "./validate";

function parameter(kind: ParameterKind, change: Partial<Parameter> = {}): Parameter {
  return {
    name: "p",
    title: "Fraction",
    kind,
    default: null,
    required: false,
    nullable: false,
    minimum: null,
    maximum: null,
    exclusive_minimum: false,
    exclusive_maximum: false,
    step: null,
    choices: null,
    shown_when: null,
    columns_of: null,
    language: null,
    group: null,
    placeholder: null,
    help: "",
    fields: null,
    ...change,
  };
}

const schema: TableSchema = {
  columns: [
    { name: "age", dtype: "integer", role: "feature", categorical: false },
    { name: "price_eur", dtype: "float", role: null, categorical: false },
    { name: "price_usd", dtype: "float", role: null, categorical: false },
    { name: "churned", dtype: "string", role: "label", categorical: true },
  ],
};

function Host({
  parameters,
  start = {},
  onChange,
  errors,
}: {
  parameters: Parameter[];
  start?: Record<string, Json>;
  onChange?: (name: string, value: Json | undefined) => void;
  errors?: Record<string, string>;
}) {
  const [values, setValues] = useState(start);
  return (
    <QueryClientProvider client={new QueryClient()}>
      <MantineProvider env="test">
        <SchemaForm
          workspace="w"
          parameters={parameters}
          values={values}
          schemas={{ dataset: schema }}
          errors={errors}
          onChange={(name, value) => {
            onChange?.(name, value);
            setValues(({ [name]: _old, ...rest }) =>
              value === undefined ? rest : { ...rest, [name]: value },
            );
          }}
        />
      </MantineProvider>
    </QueryClientProvider>
  );
}

afterEach(cleanup);

describe("the form", () => {
  it("marks an edited field, resets it, and says what is wrong", async () => {
    const user = userEvent.setup();
    const changed = vi.fn();
    render(
      <Host
        parameters={[
          parameter("number", { default: 0.5, minimum: 0, exclusive_minimum: true, help: "Share of rows." }),
        ]}
        onChange={changed}
      />,
    );
    const field = screen.getByRole("textbox", { name: "Fraction" });
    expect(screen.getByText("Share of rows.")).toBeDefined();
    await user.clear(field);
    await user.type(field, "0{Enter}");
    expect(changed).toHaveBeenLastCalledWith("p", 0);
    expect(screen.getByRole("alert").textContent).toBe("Fraction must be above 0.");
    await user.click(screen.getByRole("button", { name: "Edited: reset Fraction to its default" }));
    expect(changed).toHaveBeenLastCalledWith("p", undefined);
    await waitFor(() =>
      expect((screen.getByRole("textbox", { name: "Fraction" }) as HTMLInputElement).value).toBe("0.5"),
    );
  });

  it("shows a field only when what it hangs on says so", async () => {
    const user = userEvent.setup();
    const choices = [
      { value: "fraction", title: "Fraction" },
      { value: "rule", title: "Rule" },
    ];
    render(
      <Host
        parameters={[
          parameter("choice", { name: "mode", title: "Mode", default: "fraction", choices }),
          parameter("text", {
            name: "rule",
            title: "Expression",
            default: "",
            shown_when: { mode: ["rule"] },
          }),
        ]}
      />,
    );
    expect(screen.queryByLabelText("Expression")).toBeNull();
    await user.click(screen.getByRole("radio", { name: "Rule" }));
    expect(screen.getByLabelText("Expression")).toBeDefined();
  });

  it("shows the server's message at its field", () => {
    render(<Host parameters={[parameter("text", { title: "Name" })]} errors={{ p: "The name is taken." }} />);
    expect(screen.getByRole("alert").textContent).toBe("The name is taken.");
  });
});

describe("values", () => {
  it("are checked by kind and range", () => {
    expect(check(parameter("integer"), 1.5)).toBe("Fraction must be a whole number.");
    expect(check(parameter("number", { minimum: 0, maximum: 1 }), 2)).toBe(
      "Fraction must be at least 0 and at most 1.",
    );
    expect(check(parameter("seed"), -1)).toBe("Fraction must be at least 0.");
    expect(check(parameter("seed", { nullable: true }), null)).toBeNull();
    expect(check(parameter("column", { required: true }), null)).toBe("Fraction is required.");
    expect(check(parameter("columns", { required: true }), { rules: [] })).toBe("Fraction is required.");
    expect(check(parameter("number_list", { minimum: 0 }), [1, -1])).toBe(
      "Each number of fraction must be at least 0.",
    );
    expect(check(parameter("choice", { choices: [{ value: "a", title: "A" }] }), "b")).toBe(
      "Fraction must be one of the choices.",
    );
  });

  it("are edited when they differ from the default in content", () => {
    const list = parameter("number_list", { default: [1, 2] });
    expect(isEdited(list, {})).toBe(false);
    expect(isEdited(list, { p: [1, 2] })).toBe(false);
    expect(isEdited(list, { p: [1, 3] })).toBe(true);
  });

  it("hide what hangs on a hidden field", () => {
    const all = [
      parameter("choice", { name: "a", default: "x" }),
      parameter("choice", { name: "b", default: "y", shown_when: { a: ["z"] } }),
      parameter("text", { name: "c", shown_when: { b: ["y"] } }),
    ];
    expect(isShown(all[2] as Parameter, all, {})).toBe(false);
    expect(isShown(all[2] as Parameter, all, { a: "z" })).toBe(true);
  });

  it("of a number list are read from text", () => {
    expect(parseNumbers("0.1, 2; 3e2")).toEqual([0.1, 2, 300]);
    expect(parseNumbers("1, two")).toBeNull();
  });
});

describe("rows", () => {
  const pair = parameter("rows", {
    title: "Keys",
    default: [],
    fields: [
      parameter("choice", {
        name: "how",
        title: "How",
        default: "all",
        choices: ["all", "one", "two", "three"].map((value) => ({ value, title: value })),
      }),
      parameter("column", {
        name: "of",
        title: "Of",
        columns_of: "dataset",
        shown_when: { how: ["one"] },
        required: true,
      }),
      parameter("text", { name: "as", title: "As", default: "" }),
    ],
  });

  it("are added with defaults, edited field by field and removed", async () => {
    const onChange = vi.fn();
    render(<Host parameters={[pair]} onChange={onChange} />);
    await userEvent.click(screen.getByRole("button", { name: "Add row" }));
    expect(onChange).toHaveBeenLastCalledWith("p", [{ how: "all", of: null, as: "" }]);
    expect(screen.queryByLabelText(/^Of/)).toBeNull();
    await userEvent.type(screen.getByLabelText("As, row 1 of keys"), "x");
    await userEvent.tab();
    await waitFor(() => expect(onChange).toHaveBeenLastCalledWith("p", [{ how: "all", of: null, as: "x" }]));
    await userEvent.click(screen.getByRole("button", { name: "Remove row 1 of keys" }));
    expect(onChange).toHaveBeenLastCalledWith("p", []);
  });

  it("offer the columns of the port that a field names", async () => {
    render(<Host parameters={[pair]} start={{ p: [{ how: "one" }] }} />);
    await userEvent.click(screen.getByLabelText("Of, row 1 of keys", { selector: "input" }));
    expect(await screen.findByText("price_eur")).toBeTruthy();
  });

  it("are checked row by row", () => {
    expect(check(pair, [{ how: "all" }, { how: "one" }])).toBe("Keys, row 2: Of is required.");
    expect(check(pair, [{ how: "one", of: "age" }])).toBeNull();
  });
});

describe("column rules", () => {
  const take = (
    ...rules: ["include" | "exclude", "all" | "names" | "types" | "roles" | "pattern", string[]][]
  ) => selectColumns({ rules: rules.map(([action, by, values]) => ({ action, by, values })) }, schema);
  it("apply in order, a later one wins", () => {
    expect(take(["include", "all", []], ["exclude", "pattern", ["^price_"]])).toEqual(["age", "churned"]);
    expect(take(["include", "types", ["float"]], ["include", "names", ["age"]])).toEqual([
      "age",
      "price_eur",
      "price_usd",
    ]);
    expect(take(["include", "all", []], ["exclude", "roles", ["label"]])).toEqual([
      "age",
      "price_eur",
      "price_usd",
    ]);
    expect(take(["include", "types", ["categorical"]])).toEqual(["churned"]);
    expect(take(["include", "pattern", ["("]])).toEqual([]);
  });
});

describe("by kind, never by component", () => {
  it("has a field for every kind of the contract", () => {
    const kinds: ParameterKind[] = [
      "number",
      "integer",
      "boolean",
      "text",
      "multiline",
      "code",
      "choice",
      "choices",
      "column",
      "columns",
      "dataset",
      "seed",
      "number_list",
      "rows",
    ];
    for (const kind of kinds) expect(FIELDS[kind], kind).toBeDefined();
  });

  it("names no component", () => {
    const root = resolve(import.meta.dirname, "../../../designer/components");
    const names = readdirSync(root, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".py"))
      .flatMap((name) =>
        [
          ...readFileSync(join(root, name), "utf8").matchAll(
            /@component\([\s\S]{0,200}?name\s*=\s*"(\w+)"|^def (\w+)\(/gm,
          ),
        ].map((found) => found[1] ?? found[2] ?? ""),
      )
      .filter((name) => name.includes("_") && !name.startsWith("_"));
    expect(names.length).toBeGreaterThan(0);
    const here = import.meta.dirname;
    const sources = readdirSync(here, { recursive: true, encoding: "utf8" }).filter(
      (name) => /\.tsx?$/.test(name) && !name.includes(".test."),
    );
    for (const source of sources) {
      const text = readFileSync(join(here, source), "utf8");
      for (const name of names)
        expect(new RegExp(`["'\`]${name}(@\\d+)?["'\`]`).test(text), `${source} names ${name}`).toBe(false);
    }
  });
});
