// A server with a fresh database, a browser, and what every page must hold.

import { spawn, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, existsSync } from "node:fs";
import { createServer } from "node:net";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const looks = ["light", "dark"].flatMap((colorScheme) => [1280, 390].map((width) => ({ colorScheme, width })));

export const person = { username: "django", password: "nuages-de-1940-swing" };

export function assert(holds, text) {
    if (!holds) throw new Error(text);
}

export function assertEqual(actual, expected, text) {
    const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
    assert(a === b, `${text}: expected ${b}, found ${a}`);
}

async function freePort() {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((done) => server.once("listening", done));
    const { port } = server.address();
    await new Promise((done) => server.close(done));
    return port;
}

// The bookshop on a database of its own, as on anybody's first start.
export async function startBookshop() {
    const folder = mkdtempSync(join(tmpdir(), "nuages-browser-"));
    const port = await freePort();
    const program = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "debug/bookshop");
    const env = { ...process.env, DATABASE_URL: `sqlite:${join(folder, "shop.sqlite3")}`, NUAGES_BIND: `127.0.0.1:${port}` };
    delete env.CI;
    const child = spawn(program, [], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
    const output = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => output.push(String(text)));
    const server = {
        url: `http://127.0.0.1:${port}`,
        output: () => output.join(""),
        command: (args, extra = {}) => execFileSync(program, args, { cwd: folder, env: { ...env, ...extra }, encoding: "utf8" }),
        stop() {
            child.kill("SIGTERM");
            rmSync(folder, { recursive: true, force: true });
        },
    };
    for (let turn = 0; turn < 200; turn++) {
        try {
            await fetch(server.url);
            return server;
        } catch {
            assert(child.exitCode === null, `the bookshop ended: ${server.output()}`);
            await new Promise((done) => setTimeout(done, 100));
        }
    }
    server.stop();
    throw new Error(`the bookshop did not answer: ${server.output()}`);
}

export async function startBrowser() {
    const places = [process.env.NUAGES_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    return chromium.launch({
        executablePath: places.find((place) => place && existsSync(place)),
        headless: true,
        args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync"],
    });
}

// A person's window. Whatever the pages complain about is an error of the journey.
export async function openWindow(browser, server, options = {}) {
    const context = await browser.newContext({
        baseURL: server.url, reducedMotion: "reduce", viewport: { width: 1280, height: 900 }, ...options,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.complaints = [];
    // A refused form is answered with 4xx, which Chromium logs; it is no complaint of the page.
    page.on("console", (message) => {
        const text = message.text();
        if (message.type() === "error" && !text.startsWith("Failed to load resource")) page.complaints.push(text);
    });
    page.on("pageerror", (error) => page.complaints.push(String(error)));
    page.on("request", (request) => {
        const url = request.url();
        if (!url.startsWith(server.url) && !url.startsWith("data:")) page.complaints.push(`external request: ${url}`);
    });
    page.on("response", (response) => {
        if (response.status() >= 500) page.complaints.push(`${response.status()} for ${response.url()}`);
    });
    return page;
}

// The page in both themes, wide and narrow: no breach of accessibility, no sideways scroll, no complaint.
export async function inspect(page, name) {
    const old = page.viewportSize();
    for (const { colorScheme, width } of looks) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await page.setViewportSize({ width, height: 900 });
        const look = `${name} (${colorScheme}, ${width})`;
        const wide = await page.evaluate(() => document.scrollingElement.scrollWidth - window.innerWidth);
        assert(wide <= 0, `${look}: scrolls sideways by ${wide} pixels`);
        if (process.env.NUAGES_SHOTS) await page.screenshot({ path: join(process.env.NUAGES_SHOTS, `${look.replace(/[^a-z0-9]+/gi, "-")}.png`) });
        await accessible(page, look);
    }
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await page.setViewportSize(old);
    assertEqual(page.complaints, [], `${name}: complaints`);
}

async function accessible(page, look) {
    await page.evaluate(axe);
    const violations = await page.evaluate(
        (values) => window.axe.run(document, { runOnly: { type: "tag", values } }).then((result) =>
            result.violations.map((v) => `${v.id}: ${v.help}\n      ${v.nodes.map((n) => n.html.slice(0, 160)).join("\n      ")}`)),
        tags);
    assert(violations.length === 0, `${look}: axe found\n    ${violations.join("\n    ")}`);
}

export async function logIn(page, { username, password } = person) {
    await page.goto("/admin/");
    await page.getByLabel("Username").fill(username);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("heading", { level: 1 }).waitFor();
}
