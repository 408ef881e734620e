// Journeys of a person through the bookshop's admin, in a real browser.
// `NUAGES_SHOTS=folder node run.mjs [part of a name]` keeps pictures and runs only what matches.

import { openWindow, person, startBookshop, startBrowser } from "./harness.mjs";
import { journeys } from "./journeys.mjs";

const wanted = process.argv[2] ?? "";
const server = await startBookshop();
const browser = await startBrowser();
let failed = 0;
try {
    for (const { name, options, travel } of journeys.filter((journey) => journey.name.includes(wanted))) {
        const begin = Date.now();
        const page = await openWindow(browser, server, options);
        try {
            await travel({ page, server, browser, person });
            console.log(`ok    ${name} (${Date.now() - begin} ms)`);
        } catch (error) {
            failed += 1;
            console.log(`FAIL  ${name} at ${page.url()}\n  ${error.stack}`);
            if (process.env.NUAGES_SHOTS) await page.screenshot({ path: `${process.env.NUAGES_SHOTS}/failed-${failed}.png` });
        }
        await page.context().close();
    }
} finally {
    await browser.close();
    server.stop();
}
if (failed > 0) console.log(`--- the server said\n${server.output().slice(-4000)}`);
process.exitCode = failed > 0 ? 1 : 0;
