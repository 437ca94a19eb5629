import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ApiError } from "@/api/client";
import { makeRouter } from "@/app/router";
import { LastNet } from "@/app/states";
import { startI18n } from "@/lib/i18n";
import { PrefsProvider } from "@/lib/prefs";
import "@/ui/base.css";
import "@/app/shell.css";

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      refetchOnWindowFocus: true,
      // Asking again helps when the network or the hub hiccuped, not when the hub said no.
      retry: (failures, error) =>
        failures < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 502),
    },
  },
});
const router = makeRouter(queryClient);

const place = document.getElementById("root");
if (place) {
  await startI18n();
  createRoot(place).render(
    <StrictMode>
      <LastNet>
        <QueryClientProvider client={queryClient}>
          <PrefsProvider>
            <RouterProvider router={router} />
          </PrefsProvider>
        </QueryClientProvider>
      </LastNet>
    </StrictMode>,
  );
}
