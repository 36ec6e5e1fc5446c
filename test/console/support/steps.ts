/** What people do on the console's pages. */
import type { Locator, Page } from 'playwright-core';

/** Goes to a page by the navigation. */
export async function follow(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click();
}

export async function choose(control: Locator, option: string | RegExp): Promise<void> {
  await control.click();
  await control.page().getByRole('option', { name: option, exact: true }).click();
}

/** Saves the form once the model has told what it would turn, and waits for what packets say. */
export async function save(page: Page, button: string): Promise<void> {
  await page.getByRole('table', { name: 'What would change' }).getByRole('row').nth(1).waitFor();
  await page.getByRole('button', { name: button }).click();
  await page.getByText('Packets met what the model said.').waitFor();
}

/** Adds a tag to a form that creates something. */
export async function addTag(page: Page, key: string, value: string): Promise<void> {
  await page.getByRole('button', { name: 'Add new tag' }).click();
  await page.getByLabel('Key').last().fill(key);
  await page.getByLabel('Value - optional').last().fill(value);
}
