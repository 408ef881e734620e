// What a person does. Pages are found by role and label, as a screen reader finds them.

import { assert, assertEqual, inspect, logIn } from "./harness.mjs";

export const journeys = [
    { name: "first run to a logged-in admin", travel: firstRun },
    { name: "create with a relation", travel: createWithRelation },
    { name: "errors keep what was typed", travel: errors },
    { name: "filter, search, sort and page", travel: list },
    { name: "delete with a cascade", travel: deleteWithCascade },
    { name: "history tells what changed", travel: history },
    { name: "two people edit one book", travel: conflict },
    { name: "values of filters are counted", travel: facets },
    { name: "deleting asks again when something changed", travel: deleteAgain },
    { name: "list to form and back by keys alone", travel: keysAlone },
    { name: "list and form without JavaScript", options: { javaScriptEnabled: false }, travel: withoutScript },
    { name: "the public site", travel: publicSite },
    { name: "pages beside the books", travel: besideTheBooks },
    { name: "hostile text stays text", travel: hostileText },
];

const rows = (page) => page.locator("table.rows tbody tr");
const heading = (page) => page.getByRole("heading", { level: 1 });

async function firstRun({ page, server, person }) {
    await page.goto("/admin/");
    assertEqual(await heading(page).innerText(), "Log in", "the first page");
    assert(/createsuperuser/.test(await page.locator("main").innerText()), "the page says how to make a superuser");
    await inspect(page, "login on first run");
    server.command(["createsuperuser", "--username", person.username, "--email", "django@example.org"],
        { NUAGES_SUPERUSER_PASSWORD: person.password });
    await logIn(page, { username: person.username, password: "wrong" });
    assertEqual(await page.getByRole("alert").count(), 1, "one message about the wrong password");
    await inspect(page, "login refused");
    await logIn(page);
    assert((await page.locator("main").innerText()).includes("Books"), "the home page lists the models");
    await inspect(page, "home");
}

async function openAdd(page, plural, singular) {
    await page.goto("/admin/");
    await page.getByRole("main").getByRole("link", { name: plural, exact: true }).click();
    await page.getByRole("link", { name: `Add ${singular}` }).first().click();
    await heading(page).waitFor();
}

async function chooseAuthor(page, text) {
    const input = page.getByRole("combobox", { name: "Author" });
    await input.fill(text);
    await page.getByRole("option").filter({ hasText: text }).first().click();
}

async function createWithRelation({ page }) {
    await logIn(page);
    await openAdd(page, "Books", "book");
    await inspect(page, "empty form");
    await page.getByLabel("Title").fill("The Word for World is Forest");
    await chooseAuthor(page, "Ursula");
    await page.getByLabel("Price").fill("9.90");
    await page.getByLabel("Published").fill("1972-03-01");
    await page.getByRole("button", { name: "Save book" }).click();
    await page.getByRole("status").first().waitFor();
    const message = await page.locator("main").innerText();
    assert(message.includes("The Word for World is Forest"), "the message names the book");
    await page.getByRole("link", { name: "The Word for World is Forest" }).first().click();
    assertEqual(await page.getByLabel("Price").inputValue(), "9.90", "the price as it was typed");
    await inspect(page, "filled form");
}

async function errors({ page }) {
    await logIn(page);
    await openAdd(page, "Books", "book");
    await page.getByLabel("Price").fill("dear");
    await page.getByRole("button", { name: "Save book" }).click();
    await page.getByRole("alert").waitFor();
    assertEqual(await page.getByLabel("Price").inputValue(), "dear", "what was typed is still there");
    assertEqual(await page.getByLabel("Price").getAttribute("aria-invalid"), "true", "the field is marked");
    await inspect(page, "form with errors");
}

async function list({ page }) {
    await logIn(page);
    await page.goto("/admin/");
    await page.getByRole("main").getByRole("link", { name: "Books", exact: true }).click();
    await inspect(page, "list");
    const all = await page.locator("#list-count").innerText();

    await page.getByLabel("Search books").fill("Left Hand");
    await page.getByRole("button", { name: "Search", exact: true }).click();
    await page.waitForURL(/q=Left/);
    assertEqual(await rows(page).count(), 1, "the search finds one book");
    await page.getByLabel("Search books").fill("no such book");
    await page.getByRole("button", { name: "Search", exact: true }).click();
    await page.waitForURL(/q=no/);
    assertEqual(await rows(page).count(), 0, "the search finds nothing");
    await inspect(page, "search without a result");

    await page.goto("/admin/bookshop/book/");
    await page.locator("summary", { hasText: "Filters" }).click();
    await page.getByRole("group", { name: "Status" }).getByLabel("Draft").check();
    await page.waitForURL(/status/);
    const drafts = await page.locator("#list-count").innerText();
    assert(drafts !== all, `the filter narrows the list: ${drafts}`);
    for (const text of await rows(page).allInnerTexts()) assert(text.includes("Draft"), `only drafts: ${text}`);
    await inspect(page, "filtered list");

    await page.goto("/admin/bookshop/book/");
    await page.getByRole("columnheader", { name: "Price" }).getByRole("link").click();
    await page.waitForURL(/sort=/);
    const prices = (await page.locator("table.rows tbody td[data-label=Price]").allInnerTexts()).map(Number);
    assertEqual(prices, [...prices].sort((a, b) => a - b), "sorted by price");

    const first = await rows(page).first().innerText();
    await page.getByRole("link", { name: "Next" }).click();
    await page.waitForURL(/after=/);
    assert(await rows(page).first().innerText() !== first, "the next page shows other rows");
    await page.getByRole("link", { name: "Previous" }).click();
    await page.waitForURL((url) => !url.search.includes("after="));
    assertEqual(await rows(page).first().innerText(), first, "back on the first page");
}

async function deleteWithCascade({ page }) {
    await logIn(page);
    await page.goto("/admin/bookshop/author/");
    await page.getByRole("link", { name: /Mary Shelley/ }).click();
    await page.getByRole("link", { name: /Delete/ }).click();
    const text = await page.locator("main").innerText();
    assert(/book/i.test(text), "the page says that books go too");
    await inspect(page, "delete with a cascade");
    await page.getByRole("button", { name: /^Delete/ }).click();
    await page.waitForURL(/\/author\/(\?|$)/);
    await page.goto("/admin/bookshop/book/?q=Frankenstein");
    assertEqual(await rows(page).count(), 0, "the author's books are gone");
}

async function history({ page }) {
    await logIn(page);
    await page.goto("/admin/bookshop/book/?q=Dispossessed");
    await rows(page).first().getByRole("link").first().click();
    await page.getByLabel("Price").fill("7.77");
    await page.getByRole("button", { name: "Save and continue" }).click();
    await page.getByRole("status").first().waitFor();
    await page.getByRole("link", { name: "History" }).click();
    const text = await page.locator("main").innerText();
    assert(text.includes("7.77"), `the new value: ${text}`);
    assert(text.includes("django"), "who changed it");
    await inspect(page, "history");
}

// The second person is a second tab of the same window.
async function conflict({ page }) {
    await logIn(page);
    await page.goto("/admin/bookshop/book/?q=Invisible");
    const url = await rows(page).first().getByRole("link").first().getAttribute("href");
    await page.goto(url);
    const other = await page.context().newPage();
    await other.goto(url);
    const was = await other.getByLabel("Price").inputValue();
    await other.getByLabel("Price").fill("11.11");
    await other.getByRole("button", { name: "Save book" }).click();
    await other.waitForURL(/\/book\/(\?|$)/);
    await other.close();
    await page.getByLabel("Price").fill("9.99");
    await page.getByRole("button", { name: "Save book" }).click();
    await page.getByRole("button", { name: "Save merge" }).waitFor();
    const row = await page.getByRole("row").filter({ hasText: "Price" }).innerText();
    for (const value of [was, "11.11", "9.99"]) assert(row.includes(value), `${value} in ${row}`);
    await inspect(page, "conflict");
    await page.getByRole("radio", { name: /there now/ }).check();
    await page.getByRole("button", { name: "Save merge" }).click();
    await page.getByRole("status").first().waitFor();
    assertEqual(await page.getByLabel("Price").inputValue(), "11.11", "theirs was kept");
}

async function facets({ page }) {
    await logIn(page);
    await page.goto("/admin/bookshop/book/");
    await page.locator("summary", { hasText: "Filters" }).click();
    await page.getByRole("link", { name: "Show counts" }).click();
    await page.waitForURL(/facets=1/);
    await page.locator("summary", { hasText: "Filters" }).click();
    const status = await page.getByRole("group", { name: "Status" }).innerText();
    assert(/Draft\s+\d+/.test(status), `the drafts are counted: ${status}`);
    await inspect(page, "list with counted filters");
}

async function deleteAgain({ page }) {
    await logIn(page);
    await page.goto("/admin/bookshop/author/?q=Jansson");
    if (await rows(page).count() === 0) await page.goto("/admin/bookshop/author/");
    const url = await rows(page).first().getByRole("link").first().getAttribute("href");
    const name = await rows(page).first().getByRole("link").first().innerText();
    await page.goto(`${url.split("?")[0]}delete`);
    const other = await page.context().newPage();
    await openAdd(other, "Books", "book");
    await other.getByLabel("Title").fill("Written a moment ago");
    await chooseAuthor(other, name);
    await other.getByLabel("Price").fill("1.00");
    await other.getByRole("button", { name: "Save book" }).click();
    await other.waitForURL(/\/book\/(\?|$)/);
    await other.close();
    await page.getByRole("button", { name: /^Delete/ }).click();
    await page.getByRole("alert").waitFor();
    const text = await page.locator("main").innerText();
    assert(text.includes("not what you looked at") && text.includes("Written a moment ago"), text);
    await inspect(page, "delete asks again");
}

// Presses Tab until what has the focus matches. Whatever has it on the way shows that it does.
async function tabTo(page, selector) {
    for (let turn = 0; turn < 80; turn++) {
        await page.keyboard.press("Tab");
        const [arrived, shows, what] = await page.evaluate((wanted) => {
            const element = document.activeElement;
            const { outlineStyle, outlineWidth } = getComputedStyle(element);
            const box = element.getBoundingClientRect();
            const inside = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
            const outlined = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
            return [element.matches(wanted), element === document.body || (inside && outlined), element.outerHTML.slice(0, 160)];
        }, selector);
        assert(shows, `the focus cannot be seen on ${what}`);
        if (arrived) return;
    }
    throw new Error(`Tab does not lead to ${selector}`);
}

async function focused(page, selector, text) {
    assert(await page.evaluate((wanted) => document.activeElement.matches(wanted), selector), text);
}

async function keysAlone({ page, person }) {
    const press = (...keys) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
    await page.goto("/admin/");
    await tabTo(page, "[name=username]");
    await page.keyboard.type(person.username);
    await tabTo(page, "[name=password]");
    await page.keyboard.type(person.password);
    await press("Enter");
    await page.waitForURL((url) => !url.pathname.includes("login"));
    await tabTo(page, "main a[href$='/bookshop/book/']");
    await press("Enter");
    await page.waitForURL(/\/bookshop\/book\/$/);

    await press("?");
    await page.locator("#keys[open]").waitFor();
    await press("Escape");
    assertEqual(await page.locator("#keys[open]").count(), 0, "Escape closes the list of keys");
    await tabTo(page, "details.filters > summary");
    await press("Enter");
    await page.locator("details.filters[open]").waitFor();
    await tabTo(page, "details.filters input");
    await press("Escape");
    assertEqual(await page.locator("details.filters[open]").count(), 0, "Escape closes the filters");
    await focused(page, "details.filters > summary", "and gives the focus back");
    await tabTo(page, "#results a");

    await press("/");
    await focused(page, "#search", "/ leads to the search");
    await page.keyboard.type("Left Hand");
    await press("Enter");
    await page.waitForURL(/q=Left/);
    assertEqual(await rows(page).count(), 1, "the search finds one book");
    if (await page.evaluate(() => document.activeElement.id === "search")) await press("Tab");
    await press("j");
    await focused(page, ".rows tbody th a", "j leads to the first row");
    await press("Enter");
    await page.locator("form[data-guard]").waitFor();

    await tabTo(page, "[role=combobox]");
    const author = await page.locator("[role=combobox]").first().inputValue();
    await press("ArrowDown");
    await page.locator("[role=option]").first().waitFor();
    await press("Escape");
    assertEqual(await page.locator("[role=listbox]:visible").count(), 0, "Escape closes the options");
    assertEqual(await page.locator("[role=combobox]").first().inputValue(), author, "and chooses nothing");
    await tabTo(page, "[name=price]");
    await press("ControlOrMeta+a");
    await page.keyboard.type("8.40");
    await press("Control+Enter");
    await page.waitForURL(/\/book\/(\?|$)/);
    await page.getByRole("status").first().waitFor();
    assert((await rows(page).first().innerText()).includes("8.40"), "the price was saved, and the search is still there");
    assertEqual(page.complaints, [], "complaints");
}

async function withoutScript({ page }) {
    await logIn(page);
    await page.goto("/admin/bookshop/book/");
    const before = await rows(page).count();
    assert(before > 5, "the list is there");
    await page.getByLabel("Search books").fill("Left Hand");
    await page.getByRole("button", { name: "Search", exact: true }).click();
    assertEqual(await rows(page).count(), 1, "the search works");
    await rows(page).first().getByRole("link").first().click();
    await page.locator("button[name=_lookup][value=author]").click();
    assert(/author/i.test(await heading(page).innerText()), "the relation is chosen on a page of its own");
    await page.goBack();
    await page.getByLabel("Price").fill("6.50");
    await page.getByRole("button", { name: "Save book" }).click();
    await page.goto("/admin/bookshop/book/?q=Left+Hand");
    assert((await rows(page).first().innerText()).includes("6.50"), "the form saves");
    assertEqual(page.complaints, [], "complaints");
}

async function publicSite({ page }) {
    await page.goto("/");
    await inspect(page, "the shop");
    const book = page.getByRole("link", { name: "The Left Hand of Darkness" });
    await book.click();
    assertEqual(await heading(page).innerText(), "The Left Hand of Darkness", "the book's page");
    await inspect(page, "a book");
    const response = await page.goto("/books/999999");
    assertEqual(response.status(), 404, "a book that is not there");
}

async function besideTheBooks({ page }) {
    await logIn(page);
    await page.goto("/admin/password/");
    await page.getByLabel("Current password").fill("guessed");
    await page.getByRole("button", { name: "Change password" }).click();
    await page.getByRole("alert").waitFor();
    assertEqual(await page.getByLabel("Current password").getAttribute("aria-invalid"), "true", "the field is marked");
    await inspect(page, "password refused");
    await page.goto("/admin/auth/user/");
    await inspect(page, "users");
    await rows(page).first().getByRole("link").first().click();
    await heading(page).waitFor();
    const labels = await page.locator("form[data-guard] label").allInnerTexts();
    assert(labels[0].startsWith("Username"), `the name comes first: ${labels}`);
    await inspect(page, "a user");
    await page.goto("/admin/auth/group/");
    assertEqual(await page.getByRole("link", { name: "Add group" }).count(), 1, "one button to add the first group");
    await inspect(page, "a list with nothing in it");
    for (const path of ["/admin/nowhere/", "/admin/bookshop/book/999999/"]) {
        assertEqual((await page.goto(path)).status(), 404, path);
        assertEqual(await heading(page).innerText(), "This does not exist", path);
        await inspect(page, `nothing at ${path}`);
    }
}

async function hostileText({ page }) {
    await logIn(page);
    await openAdd(page, "Authors", "author");
    const hostile = `"><script>window.bad = 1</script>{{ 7 * 7 }}' OR 1=1 --`;
    await page.getByLabel("Name").fill(hostile);
    await page.getByRole("button", { name: "Save author" }).click();
    await page.getByRole("status").first().waitFor();
    await page.goto("/admin/bookshop/author/?q=script");
    assert((await page.locator("main").innerText()).includes(hostile), "the text is shown as it was typed");
    assertEqual(await page.evaluate(() => window.bad), undefined, "nothing ran");
    await inspect(page, "hostile text in a list");
}
