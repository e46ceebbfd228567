/** A person without a mouse: what the focus is on, whether it can be seen, and Tab until it is where they want it. */
import type { Page } from "playwright-core";
import { expect } from "vitest";

interface Focus {
  readonly name: string;
  /** An outline, or a field whose border is not the one at rest. */
  readonly isSeen: boolean;
  /** Inside the window. */
  readonly isInView: boolean;
}

export function focusOf(page: Page): Promise<Focus> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body)
      return { name: "", isSeen: false, isInView: false };
    const labelled = (element.getAttribute("aria-labelledby") ?? "")
      .split(" ")
      .map((id) => document.getElementById(id)?.textContent ?? "")
      .join(" ")
      .trim();
    const labels = "labels" in element ? [...((element as HTMLInputElement).labels ?? [])] : [];
    const name =
      element.getAttribute("aria-label") ??
      (labelled || labels.map(({ textContent }) => textContent).join(" ") || element.textContent);
    const isOutlined = (node: Element): boolean => {
      const { outlineStyle, outlineWidth } = getComputedStyle(node);
      return outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
    };
    let isDrawnAround = false;
    // An editor's ring is drawn around its frame.
    for (let node: Element | null = element, up = 0; node !== null && up < 6; node = node.parentElement, up++)
      isDrawnAround ||= isOutlined(node);
    const atRest = (): boolean => {
      const twin = element.cloneNode(false) as HTMLElement;
      element.after(twin);
      const resting = getComputedStyle(twin).borderColor;
      twin.remove();
      return resting === getComputedStyle(element).borderColor;
    };
    const { top, bottom, left, right } = element.getBoundingClientRect();
    return {
      name: name.trim(),
      isSeen: isDrawnAround || (element.matches("input, textarea") && !atRest()),
      isInView: bottom > 0 && right > 0 && top < innerHeight && left < innerWidth,
    };
  });
}

/** Presses Tab until the focus is on something of that name; where it comes by, it has to be seen. */
export async function reach(page: Page, name: RegExp, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 150; presses++) {
    // Out of an editor, in which Tab indents.
    if (passed.at(-1)?.endsWith("as JSON")) await page.keyboard.press("Escape");
    await page.keyboard.press(key);
    const focus = await focusOf(page);
    // Rings of editors come a moment later.
    if (focus.name !== "")
      await expect
        .poll(() => focusOf(page), { message: focus.name })
        .toMatchObject({ isSeen: true, isInView: true });
    if (name.test(focus.name)) return;
    passed.push(focus.name.slice(0, 40));
  }
  throw new Error(`${key} does not reach ${name}; it comes by ${passed.join(" · ")}`);
}

/** The focus is there, whoever put it there. */
export async function expectFocus(page: Page, name: RegExp): Promise<void> {
  await expect.poll(async () => (await focusOf(page)).name).toMatch(name);
}

/** A dialog takes the focus a moment after it is drawn; before that Tab walks through the page behind it. */
export async function expectFocusInDialog(page: Page): Promise<void> {
  await page.waitForFunction(() => document.activeElement?.closest("[role=dialog]") !== null);
}

/** Opens the list box that has the focus, and takes the option of that name. */
export async function pick(page: Page, option: string): Promise<void> {
  const isOpen = async () => page.getByRole("option").first().isVisible();
  if (!(await isOpen())) await page.keyboard.press("ArrowDown");
  const list = page.getByRole("option");
  await list.first().waitFor();
  const names = await list.allTextContents();
  const wanted = names.findIndex((one) => one.trim() === option);
  if (wanted < 0) throw new Error(`no ${option} among ${names.join(", ")}`);
  for (let presses = 0; presses <= names.length; presses++) {
    const active = page.locator("[role=option][data-combobox-selected]");
    if ((await active.count()) > 0 && (await active.first().textContent())?.trim() === option) break;
    await page.keyboard.press("ArrowDown");
  }
  await page.keyboard.press("Enter");
}
