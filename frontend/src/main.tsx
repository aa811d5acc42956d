import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { DesignProvider } from "@/design/DesignProvider";
import { Toaster } from "@/design/Toaster";
import { queryClient } from "@/shell/queries";
import { router } from "@/shell/router";

const root = document.getElementById("root");
if (!root) throw new Error("The page has no #root to mount on.");

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <DesignProvider>
        <RouterProvider router={router} />
        <Toaster />
      </DesignProvider>
    </QueryClientProvider>
  </StrictMode>,
);
