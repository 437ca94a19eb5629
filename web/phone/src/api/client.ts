/** One door to the sandbox's control API: JSON in, JSON out, failures as `ApiError` with the server's sentence. */

const base = "/sandbox/api";

export class ApiError extends Error {
  constructor(
    message: string,
    /** 0 when the sandbox could not be reached at all. */
    readonly status: number,
  ) {
    super(message);
  }
}

async function ask<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(base + path, {
      method,
      signal,
      headers: body === undefined ? undefined : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError("", 0);
  }
  const text = await answer.text();
  let value: unknown = null;
  try {
    value = text ? JSON.parse(text) : null;
  } catch {
    // Not JSON: the status below says enough, and a proxy's HTML page is nothing to show to a person.
  }
  if (!answer.ok) {
    const said = value && typeof value === "object" ? (value as { error?: unknown }).error : undefined;
    throw new ApiError(
      typeof said === "string" ? said : "",
      answer.status === 502 || answer.status === 504 ? 0 : answer.status,
    );
  }
  return value as T;
}

export const get = <T>(path: string, signal?: AbortSignal) => ask<T>("GET", path, undefined, signal);
export const post = <T>(path: string, body: unknown = {}) => ask<T>("POST", path, body);
export const patch = <T>(path: string, body: unknown) => ask<T>("PATCH", path, body);
export const remove = <T>(path: string) => ask<T>("DELETE", path);

/** The address of one fan of one account, below which everything the fan can do lives. */
export const fanPath = (appid: string, openid: string) =>
  `/accounts/${encodeURIComponent(appid)}/fans/${encodeURIComponent(openid)}`;

/** `?a=1&b=2` of what is set. */
export function query(values: Record<string, string | number | undefined | null>): string {
  const q = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== null && value !== "") q.set(name, String(value));
  }
  const text = q.toString();
  return text ? `?${text}` : "";
}
