/**
 * Deleting with a way back: the thing disappears at once, the request goes out a little later,
 * and closing the page sends it immediately. Undo before that and nothing ever happened.
 */
import { App, Button } from "antd";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { sendOnLeave } from "@/api/client";

const grace = 7_000;

interface Pending {
  path: string;
  timer: ReturnType<typeof setTimeout>;
}
const pending = new Map<string, Pending>();
let watching = false;

function watchLeaving() {
  if (watching) return;
  watching = true;
  addEventListener("pagehide", () => {
    for (const [key, item] of pending) {
      clearTimeout(item.timer);
      sendOnLeave("DELETE", item.path);
      pending.delete(key);
    }
  });
}

export function isPendingDelete(path: string) {
  return pending.has(path);
}

export function useUndoableDelete() {
  const { message } = App.useApp();
  const { t } = useTranslation();
  return useCallback(
    (options: {
      path: string;
      text: string;
      remove: () => Promise<unknown>;
      hide: () => void;
      restore: () => void;
      failed: (error: unknown) => void;
    }) => {
      watchLeaving();
      options.hide();
      const key = options.path;
      const timer = setTimeout(() => {
        pending.delete(key);
        options.remove().catch((error: unknown) => {
          options.restore();
          options.failed(error);
        });
      }, grace);
      pending.set(key, { path: options.path, timer });
      void message.open({
        key,
        duration: grace / 1000,
        content: (
          <span className="undo">
            {options.text}
            <Button
              type="link"
              size="small"
              onClick={() => {
                clearTimeout(timer);
                pending.delete(key);
                message.destroy(key);
                options.restore();
              }}
            >
              {t("app.undo")}
            </Button>
          </span>
        ),
      });
    },
    [message, t],
  );
}
