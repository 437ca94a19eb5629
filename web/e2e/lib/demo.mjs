/** The program itself: `hongyan demo` on free ports, with data of its own. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const binary = process.env.HONGYAN_BIN;

async function freePort() {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Starts the program; its addresses and logins, and how to stop it. */
export async function startDemo({ fans = 300 } = {}) {
  if (!binary) throw new Error("HONGYAN_BIN names no program; run the tests through `make test`");
  const folder = await mkdtemp(join(tmpdir(), "hongyan-e2e-"));
  const [console, sandbox] = [await freePort(), await freePort()];
  const file = join(folder, "info.json");
  const args = [
    "demo",
    "--data",
    join(folder, "data"),
    "--console",
    `127.0.0.1:${console}`,
    "--sandbox",
    `127.0.0.1:${sandbox}`,
    "--fans",
    String(fans),
    "--info",
    file,
  ];
  const child = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (data) => (said += data));
  child.stderr.on("data", (data) => (said += data));
  const began = Date.now();
  for (;;) {
    const info = await readFile(file, "utf8").then(JSON.parse, () => null);
    if (info) {
      return {
        ...info,
        log: () => said,
        stop: async () => {
          child.kill("SIGTERM");
          await new Promise((resolve) => (child.exitCode === null ? child.once("exit", resolve) : resolve()));
          await rm(folder, { recursive: true, force: true });
        },
      };
    }
    if (child.exitCode !== null || Date.now() - began > 60_000)
      throw new Error(`the demo did not start:\n${said}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The hub's API as a program would use it. */
export async function api(demo, method, path, body) {
  const response = await fetch(`${demo.console_url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${demo.api_key}`, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : null };
}

/** The sandbox's control API. */
export async function wechat(demo, method, path, body) {
  const response = await fetch(`${demo.sandbox_url}/sandbox/api${path}`, {
    method,
    headers: { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return text ? JSON.parse(text) : null;
}
